#include "badge_rules.h"

namespace Capimg
{

char const *badge_refusal_text(Badge_refusal_code code)
{
	static constexpr char const *TEXTS[] {
		"nothing is wrong",
		"0 is no badge",
		"this value marks an entry without a capability",
		"1 is the label of the main thread's gate, which no map may change",
		"the value is above what this kernel gives out",
		"on this kernel, badges are multiples of 4",
		"the map has this old badge twice",
		"two objects would get one badge",
		"no object of the image has this badge",
		"more than one object of the image has this badge",
		"only objects of other components have this key, and they are known by destination and key",
		"an object that the map leaves alone has this badge already",
	};
	unsigned const i = unsigned(code);
	return TEXTS[i < sizeof(TEXTS) / sizeof(TEXTS[0]) ? i : 0];
}

Badge_rules Badge_rules::of(Metadata::Manifest::Reader const &manifest)
{
	Badge_rules rules {};

	if (manifest.kernel() == Metadata::Kernel::FOC) {
		rules.invalid = 0xffffffff;
		rules.highest = (1u << 28) - 1;
		rules.step = 4;
		rules.main_gate = true;
	}
	rules.local_only = manifest.kernel() == Metadata::Kernel::LINUX;

	auto const spaces = manifest.capability_spaces();
	for (uint32_t i = 0; i < spaces.size(); i++) {
		auto const layout = spaces[i].layout();
		if (layout.structure() == Metadata::Map_structure::NONE) continue;

		rules.invalid = layout.invalid_id();
		rules.highest = layout.max_badge();
		rules.step = layout.badge_step() ? layout.badge_step() : 1;
		break;
	}
	return rules;
}

/* a division of 64 bit would need a library on 32-bit machines */
static uint32_t remainder(uint64_t value, uint32_t divisor)
{
	if (!(divisor & (divisor - 1))) return uint32_t(value & (divisor - 1));
	if (value <= 0xffffffff) return uint32_t(value) % divisor;

	uint64_t rest = 0;
	for (int bit = 63; bit >= 0; bit--) {
		rest = rest << 1 | (value >> bit & 1);
		if (rest >= divisor) rest -= divisor;
	}
	return uint32_t(rest);
}

Badge_refusal_code Badge_rules::check(uint64_t badge) const
{
	using enum Badge_refusal_code;

	return !badge                    ? ZERO
		   : badge == invalid        ? INVALID_ID
		   : main_gate && badge == 1 ? MAIN_GATE
		   : badge > highest         ? RANGE
		   : remainder(badge, step)  ? STEP
									 : NONE;
}

Badge_refusal Badge_rules::check(uint64_t old_badge, uint64_t new_badge) const
{
	using enum Badge_refusal_code;

	Badge_refusal_code const of_old = check(old_badge), of_new = check(new_badge);
	Badge_refusal_code const code = of_old != NONE ? of_old : of_new;
	uint64_t const bound = code == RANGE ? highest : code == STEP ? uint64_t(step) : 0;
	if (code != NONE) return { code, old_badge, new_badge, of_old == NONE, bound };
	return {};
}

}
