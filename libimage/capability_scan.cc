#include "capability_scan.h"

#include <algorithm>
#include <map>

#include "capability_layout.h"
#include "core/cap_descriptor.h"
#include "core/cap_read.h"
#include "foc_selectors.h"
#include "image_error.h"
#include "json_value.h"
#include "parent_word.h"
#include "scan_memory.h"

namespace Capimg
{

namespace
{

/* what a map is described by, but for the kernel: maps of some kernels have all numbers alike */
struct Map_field
{
	char const *name;
	std::uint64_t (*value)(Cap_map const &);
};

constexpr Map_field MAP_FIELDS[] {
	{ "array", [](Cap_map const &m) -> std::uint64_t { return m.array; } },
	{ "count", [](Cap_map const &m) -> std::uint64_t { return m.count; } },
	{ "stride", [](Cap_map const &m) -> std::uint64_t { return m.stride; } },
	{ "root", [](Cap_map const &m) -> std::uint64_t { return m.root; } },
	{ "structure", [](Cap_map const &m) -> std::uint64_t { return std::uint64_t(m.structure); } },
	{ "wordBytes", [](Cap_map const &m) -> std::uint64_t { return m.word_bytes; } },
	{ "nodeOffset", [](Cap_map const &m) -> std::uint64_t { return m.node_offset; } },
	{ "depthOffset", [](Cap_map const &m) -> std::uint64_t { return m.depth_offset; } },
	{ "idOffset", [](Cap_map const &m) -> std::uint64_t { return m.id_offset; } },
	{ "idWidth", [](Cap_map const &m) -> std::uint64_t { return m.id_width; } },
	{ "refOffset", [](Cap_map const &m) -> std::uint64_t { return m.ref_offset; } },
	{ "refWidth", [](Cap_map const &m) -> std::uint64_t { return m.ref_width; } },
	{ "socketOffset", [](Cap_map const &m) -> std::uint64_t { return m.socket_offset; } },
	{ "foreignOffset", [](Cap_map const &m) -> std::uint64_t { return m.foreign_offset; } },
	{ "selectorShift", [](Cap_map const &m) -> std::uint64_t { return m.selector_shift; } },
	{ "invalidId", [](Cap_map const &m) -> std::uint64_t { return m.invalid_id; } },
	{ "maxBadge", [](Cap_map const &m) -> std::uint64_t { return m.max_badge; } },
	{ "badgeStep", [](Cap_map const &m) -> std::uint64_t { return m.badge_step; } },
};

bool alike(Cap_map const &a, Cap_map const &b)
{
	return std::ranges::all_of(MAP_FIELDS,
							   [&](Map_field const &f) { return f.value(a) == f.value(b); });
}

/* the kernel is one of those whose layouts the candidate could be */
bool admits(Cap_candidate const &candidate, Cap_kernel kernel)
{
	Cap_layouts const layouts = cap_layouts();
	for (unsigned i = 0; i < layouts.count; i++)
		if ((candidate.layouts & (1u << i)) && layouts.rows[i].kernel == kernel) return true;
	return false;
}

}

struct Capability_scan::Scan
{
	Capability_scan &result;
	Image const &image;
	Address_space const &space;
	Scan_memory const memory;
	unsigned const number;
	std::uint16_t release = 0;

	Scan(Capability_scan &result, Image const &image, Address_space const &space, unsigned number)
		: result(result), image(image), space(space), memory(image, space), number(number)
	{
		auto const version = image.manifest().getGenodeVersion();
		release = cap_release(version.cStr(), version.size());
	}

	void differ(std::optional<std::uint64_t> address, std::string text)
	{
		if (result._differences.size() < MAX_DIFFERENCES)
			result._differences.push_back({ address, std::move(text) });
	}

	void read_declared();
	Cap_find_result find(std::optional<std::uint64_t> place) const;
	void find_map();
	bool confirm_place();
	void name_differences(Cap_candidate const &);
	void find_pools();
	void compare_nodes(Pool &, Schema::BadgeTree::Reader);
	void compare_parent();
	std::optional<std::uint64_t> parent_badge() const;
};

void Capability_scan::Scan::read_declared()
{
	auto const manifest = image.core_manifest();
	auto const spaces = manifest.capability_spaces();
	if (number >= spaces.size() || !has_cap_map(spaces[number])) return;

	Cap_map const map = cap_map_of(spaces[number].layout(), manifest.kernel());
	throw_if(check_cap_map(map), image.path());
	result._declared = map;
}

Cap_find_result Capability_scan::Scan::find(std::optional<std::uint64_t> place) const
{
	Cap_hints hints {};
	hints.release = release;
	hints.word_bytes = std::uint8_t(image.head().machine.word_bits / 8);
	hints.has_addr = place.has_value();
	hints.addr = place.value_or(0);

	std::vector<std::byte> work(CAP_FIND_WORK);
	Cap_find_result found {};
	throw_if(find_cap_maps(memory, hints, Bytes(work.data(), work.size()), found), image.path());
	return found;
}

/* a map whose tree has less than two entries is only found at its address */
bool Capability_scan::Scan::confirm_place()
{
	Cap_find_result const there = find(result._declared->array);
	for (unsigned i = 0; i < there.count; i++) {
		Cap_candidate const &c = there.candidates[i];
		if (c.nodes >= 2 || c.tree || !alike(c.map, *result._declared) ||
			!admits(c, result._declared->kernel))
			continue;
		result._found = result._declared;
		result._layouts = layouts_text(c);
		return true;
	}
	return false;
}

void Capability_scan::Scan::name_differences(Cap_candidate const &candidate)
{
	Cap_map const &ours = *result._declared, &found = candidate.map;
	for (Map_field const &field : MAP_FIELDS) {
		std::uint64_t const a = field.value(ours), b = field.value(found);
		if (a != b)
			differ(found.array, std::string("capability map: ") + field.name + " is " +
									hex_text(a) + " in the manifest, and " + hex_text(b) +
									" as found");
	}
	if (!admits(candidate, ours.kernel))
		differ(found.array, std::string("capability map: the kernel is ") +
								cap_kernel_name(ours.kernel) +
								" in the manifest, found was one of " + result._layouts);
}

void Capability_scan::Scan::find_map()
{
	Cap_find_result const found = find({});
	result._exhausted = found.exhausted;

	if (!found.count) {
		if (!result._declared) return;
		bool const there = confirm_place();
		result._result = there ? Map_result::PLACE_ONLY : Map_result::LOST;
		if (!there)
			differ(result._declared->array, "capability map: declared, and not found in memory");
		return;
	}

	Cap_candidate const &best = found.candidates[0];
	result._found = best.map;
	result._layouts = layouts_text(best);

	if (found.best().failed()) {
		result._result = Map_result::AMBIGUOUS;
		differ(best.map.array, "capability map: several places in memory could be it: " +
								   candidate_addresses(found));
		return;
	}
	if (!result._declared) {
		result._result = Map_result::UNDECLARED;
		differ(best.map.array, "capability map: found (" + result._layouts + "), and not declared");
		return;
	}
	if (alike(best.map, *result._declared) && admits(best, result._declared->kernel)) {
		result._result = Map_result::SAME;
		result._found = result._declared; /* okl4 or pistachio: memory cannot tell */
		return;
	}
	result._result = Map_result::OTHER;
	name_differences(best);
}

void Capability_scan::Scan::compare_nodes(Pool &pool, Schema::BadgeTree::Reader tree)
{
	std::string const name = "Object_pool " + hex_text(pool.tree) + ": ";
	auto const declared = tree.getNodes();

	/* both are in ascending order of addresses */
	unsigned d = 0;
	std::size_t f = 0;
	while (d < declared.size() || f < pool.nodes.size()) {
		bool const ours = d < declared.size() && (f == pool.nodes.size() ||
												  declared[d].getAddress() <= pool.nodes[f].node);
		bool const theirs =
			f < pool.nodes.size() &&
			(d == declared.size() || pool.nodes[f].node <= declared[d].getAddress());
		std::uint64_t const address = ours ? declared[d].getAddress() : pool.nodes[f].node;
		if (!theirs) {
			differ(address, name + "node " + hex_text(address) + " is declared, and not found");
		} else if (!ours) {
			differ(address, name + "node " + hex_text(address) + " is found, and not declared");
		} else {
			std::uint64_t const badge = image.object(declared[d].getObject())->getBadge();
			if (badge != pool.nodes[f].badge)
				differ(address, name + "node " + hex_text(address) + " has badge " +
									hex_text(badge) + " in the manifest, and " +
									hex_text(pool.nodes[f].badge) + " as found");
		}
		d += ours;
		f += theirs;
	}

	std::uint32_t const offset = avl_node_size(result._declared->word_bytes);
	if (tree.getCapabilityOffset() != offset)
		differ(pool.tree, name + "the capability is at " + hex_text(tree.getCapabilityOffset()) +
							  " of a node in the manifest, and at " + hex_text(offset) +
							  " as found");
}

void Capability_scan::Scan::find_pools()
{
	bool const with_found = result._result == Map_result::SAME ||
							result._result == Map_result::PLACE_ONLY || !result._declared;
	auto const &map = with_found ? result._found : result._declared;

	std::map<std::uint64_t, Pool> pools;
	if (map)
		for (Found_pool &found : find_object_pools(memory, *map, image.path()))
			pools[found.tree] = { found.tree, false, true, std::move(found.nodes) };

	/* pools of an image belong to its first capability space */
	if (result._declared && !number)
		for (auto const tree : image.manifest().getBadgeTrees()) {
			if (tree.getRole() != Schema::TreeRole::OBJECT_POOL) continue;
			Pool &pool = pools[tree.getRoot()];
			pool.tree = tree.getRoot();
			pool.declared = true;
			if (pool.found)
				compare_nodes(pool, tree);
			else if (tree.getNodes().size())
				differ(pool.tree, "Object_pool " + hex_text(pool.tree) +
									  ": declared, and not found in memory");
		}

	for (auto &[address, pool] : pools) {
		if (!pool.declared)
			differ(address, "Object_pool " + hex_text(address) + " with " +
								std::to_string(pool.nodes.size()) +
								" objects: found, and not declared");
		result._pools.push_back(std::move(pool));
	}
}

/* what stands at the parent's selector of foc */
std::optional<std::uint64_t> Capability_scan::Scan::parent_badge() const
{
	auto const &map = result._found ? result._found : result._declared;
	if (!map || map->kernel != Cap_kernel::FOC) return {};

	std::vector<std::byte> work(Cap_reader::work_size(*map));
	Cap_reader reader(memory, *map, Bytes(work.data(), work.size()));
	(void)reader.open(); /* entries can be read whatever the tree is like */

	std::map<std::uint64_t, std::uint64_t> badges;
	std::vector<std::uint64_t> live;
	for (std::uint64_t index = 0;;) {
		Result<Cap_entry> const entry = reader.next_used(index);
		if (entry.failed()) {
			if (entry.error().code != Code::ABSENT) break;
			index = entry.error().value + 1;
			continue;
		}
		index = entry->index + 1;
		if (entry->stale || entry->badge == map->invalid_id || entry->badge == 0) continue;
		badges[entry->index] = entry->badge;
		live.push_back(entry->index);
	}

	std::uint16_t first = release, last = release;
	if (!release) {
		first = 9999;
		for (Cap_layout const &layout : cap_layouts())
			if (static_cast<Cap_form const &>(layout) == static_cast<Cap_form const &>(*map)) {
				first = std::min(first, layout.first_release);
				last = std::max(last, layout.last_release);
			}
	}
	Foc_selectors const *const scheme = foc_selectors(first, last, live);
	if (!scheme) return {};
	auto const at = badges.find(scheme->parent);
	return at == badges.end() ? std::nullopt : std::optional(at->second);
}

void Capability_scan::Scan::compare_parent()
{
	for (auto const raw : image.manifest().getRawBadges())
		if (raw.getPlace() == Schema::RawBadgePlace::PARENT_CAPABILITY && !number)
			result._parent_declared = raw.getAddress();

	auto const &map = result._found ? result._found : result._declared;
	if (auto const badge = parent_badge()) {
		std::uint64_t const address =
			find_parent_word(memory, *map, *badge, attached_ranges(space));
		if (address) result._parent_found = address;
	}

	auto const &ours = result._parent_declared, &found = result._parent_found;
	if (ours == found) return;
	if (!found)
		differ(*ours, "raw badge of the parent: declared, and not found");
	else if (!ours)
		differ(*found, "raw badge of the parent: found, and not declared");
	else
		differ(*found, "raw badge of the parent: declared at " + hex_text(*ours) +
						   ", and found at " + hex_text(*found));
}

Capability_scan::Capability_scan(Image const &image, Address_space const &space, unsigned number)
{
	Scan scan(*this, image, space, number);
	scan.read_declared();
	scan.find_map();
	scan.find_pools();
	scan.compare_parent();
}

char const *map_result_name(Capability_scan::Map_result result)
{
	using R = Capability_scan::Map_result;
	switch (result) {
	case R::NONE: break;
	case R::SAME: return "same";
	case R::PLACE_ONLY: return "placeOnly";
	case R::LOST: return "lost";
	case R::OTHER: return "other";
	case R::UNDECLARED: return "undeclared";
	case R::AMBIGUOUS: return "ambiguous";
	}
	return "none";
}

}
