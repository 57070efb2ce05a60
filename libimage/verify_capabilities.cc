/*
 * Checks of capabilities: badges in the manifest, and what captured memory says about them
 */

#include <map>

#include "json_value.h"
#include "verification.h"

namespace Capimg
{

void Verify_check::badges(Verification &v)
{
	auto const manifest = v.image->manifest();
	auto const spaces = manifest.getCapabilitySpaces();

	/* on linux identity is destination and key: keys alone may repeat, and have any value */
	if (manifest.getKernel() == Schema::Kernel::LINUX) {
		v.note = "on linux, keys need not be unique";
		return;
	}

	std::uint64_t max = ~std::uint64_t(0), invalid = 0, step = 1;
	if (spaces.size() && spaces[0].hasLayout()) {
		max = spaces[0].getLayout().getMaxBadge();
		invalid = spaces[0].getLayout().getInvalidId();
		step = std::max(1u, spaces[0].getLayout().getBadgeStep());
	}

	std::map<std::uint64_t, std::uint32_t> owner;
	for (auto const object : manifest.getObjects()) {
		std::uint64_t const badge = object.getBadge();
		if (!badge) continue;

		std::string const name = "object " + std::to_string(object.getId());
		auto const [at, fresh] = owner.emplace(badge, object.getId());
		if (!fresh)
			v.found({}, "Object.badge",
					name + " has the badge " + hex_text(badge) + " of object " +
						std::to_string(at->second));
		if (badge == invalid || badge > max)
			v.found({}, "Object.badge",
					name + " has the badge " + hex_text(badge) + ", which this kernel never gives");
		else if (badge % step && badge != 1)
			v.found({}, "Object.badge",
					name + " has the badge " + hex_text(badge) + ", which is no multiple of " +
						std::to_string(step));
	}
	v.note = std::to_string(owner.size()) + " badges";
}

/* one for each capability space, and at least one: an image may have raw badges alone */
static std::vector<Capability_view> const &views(Verification &v)
{
	if (!v.capabilities.empty()) return v.capabilities;

	auto const spaces = v.image->manifest().getCapabilitySpaces();
	for (unsigned i = 0; i < std::max(1u, spaces.size()); i++) {
		Address_space const memory(*v.image, i < spaces.size() ? spaces[i].getPd() : 0);
		v.capabilities.emplace_back(*v.image, memory, i);
	}
	return v.capabilities;
}

void Verify_check::capability_map(Verification &v)
{
	for (Capability_view const &view : views(v)) {
		v.note = std::to_string(view.entries().size()) + " entries";
		if (!view.has_layout()) v.note += ", no map in memory is declared";
		for (auto const &difference : view.differences())
			v.found({}, difference.address ? "address " + hex_text(*difference.address) : "",
					difference.text);
	}
}

void Verify_check::object_pools(Verification &v)
{
	Capability_view const &view = views(v).front();
	std::size_t objects = 0;
	for (Capability_view::Pool const &pool : view.pools()) {
		objects += pool.members.size();
		for (std::string const &difference : pool.differences)
			v.found({}, "pool " + hex_text(pool.tree), difference);
	}
	v.note =
		std::to_string(view.pools().size()) + " pools, " + std::to_string(objects) + " objects";
}

void Verify_check::raw_badges(Verification &v)
{
	for (auto const &difference : views(v).front().raw_differences())
		v.found({}, "address " + hex_text(*difference.address), difference.text);
	v.note = std::to_string(v.image->manifest().getRawBadges().size()) + " raw badges";
}

void Verify_check::locks(Verification &v)
{
	for (Capability_view const &view : views(v)) {
		if (!view.has_layout()) continue;
		auto const look = [&](char const *name, Lock_state state) {
			if (state == Lock_state::HELD)
				v.found({}, name, "the lock was held: this is no consistent point to restore from");
		};
		look("lock of the capability allocator", view.locks().allocator);
		look("lock of the capability tree", view.locks().tree);
	}
}

}
