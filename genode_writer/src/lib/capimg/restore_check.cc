#include "capimg/object_check.h"
#include "libimage/core/badge_rules.h"

namespace Capimg::Engine
{

using namespace Metadata;

static void check_machine(Manifest::Reader const &manifest, Machine const &image,
						  Environment const &target, Refusal_sink &sink)
{
	using enum Refusal_code;

	Machine const here = target.machine();
	auto const compare = [&](Refusal_code code, uint64_t ours, uint64_t theirs) {
		if (ours != theirs) sink.refusal({ code, 0, {}, ours, theirs });
	};
	compare(ARCHITECTURE, uint64_t(image.architecture), uint64_t(here.architecture));
	compare(WORD_SIZE, image.word_bits, here.word_bits);
	compare(PAGE_SIZE, image.page_size, here.page_size);
	compare(KERNEL, uint64_t(manifest.kernel()), uint64_t(target.kernel()));

	Wire::Text const release = target.genode_version();
	if (!release.empty() && !(release == manifest.genode_version()))
		sink.refusal({ RELEASE, 0, manifest.genode_version() });

	uint64_t const highest = Badge_rules::of(manifest).highest;
	if (target.highest_badge() > highest)
		sink.refusal({ BADGE_RANGE, 0, {}, highest, target.highest_badge() });

	auto const features = manifest.cpu_features();
	for (uint32_t i = 0; i < features.size(); i++)
		if (!target.has_cpu_feature(features[i])) sink.refusal({ CPU_FEATURE, 0, features[i] });

	if (target.fpu_size() && manifest.fpu_size() > target.fpu_size())
		sink.refusal({ FPU, 0, {}, manifest.fpu_size(), target.fpu_size() });
}

/* all that is said of badges outside of objects belongs to the PD's one space */
static void check_spaces(Manifest::Reader const &manifest, uint32_t pd, Refusal_sink &sink)
{
	auto const spaces = manifest.capability_spaces();
	for (uint32_t i = 0; i < spaces.size(); i++)
		if (i || spaces[i].pd() != pd)
			sink.refusal({ Refusal_code::UNBOUND, spaces[i].pd(), "capability space" });

	uint32_t const places = manifest.badge_trees().size() + manifest.raw_badges().size();
	if (!spaces.size() && places)
		sink.refusal({ Refusal_code::UNBOUND, pd, "badges without capability space" });
}

void Restore_plan::check(Head const &head, Environment const &target, Policy const &policy,
						 Refusal_sink &sink) const
{
	using enum Refusal_code;

	check_machine(_manifest, head.machine, target, sink);
	if (!policy.label.empty() && !(policy.label == _manifest.label()))
		sink.refusal({ LABEL, 0, _manifest.label() });

	if (_roles.pd() == Restore_role::NONE) return sink.refusal({ NO_PD });

	auto const objects = _manifest.objects();
	Object_check const objects_check { *this, head.machine.architecture, target, policy, sink };
	for (uint32_t i = 0; i < objects.size(); i++) objects_check.run(i);

	/* they come by slots */
	for (uint32_t n = _begin[unsigned(Phase::THREADS)], last = 0; n < steps(); n++) {
		Object::Reader const object = objects[_steps[n]];
		if (step(n).phase != Phase::THREADS) break;
		if (object.which() != Object::Which::THREAD) continue;
		if (last && objects[last - 1].thread().slot() == object.thread().slot())
			sink.refusal({ UNBOUND, object.id(), "slot", object.thread().slot() });
		last = _steps[n] + 1;
	}

	_calls.check(sink);
	check_spaces(_manifest, objects[_roles.pd()].id(), sink);

	Need const need = this->need();
	uint64_t const ram = min(target.ram_quota(), policy.ram_limit);
	uint64_t const caps = min(target.cap_quota(), policy.cap_limit);
	if (need.ram > ram) sink.refusal({ RAM_QUOTA, 0, {}, need.ram, ram });
	if (need.caps > caps) sink.refusal({ CAP_QUOTA, 0, {}, need.caps, caps });
}

}
