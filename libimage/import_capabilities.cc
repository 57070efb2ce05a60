#include "import_capabilities.h"

#include <algorithm>
#include <tuple>

#include "capability_layout.h"
#include "core/cap_find.h"
#include "core/cap_read.h"
#include "foc_selectors.h"
#include "image_error.h"
#include "parent_word.h"
#include "pool_search.h"

namespace Capimg
{

namespace
{

using Findings = Capability_findings;
using Entry = Findings::Entry;

/* what an object is known by */
using Identity = std::tuple<std::uint64_t, std::int32_t, bool>;

Identity identity(Entry const &entry) { return { entry.id, entry.socket, entry.foreign }; }

/* kernels whose components have nothing to find in their memory */
bool without_map(Schema::Kernel kernel)
{
	return kernel != Schema::Kernel::UNKNOWN && core_kernel(kernel) == Cap_kernel::NONE;
}

Cap_hints hints(Elf_core const &core, Import_options const &options)
{
	Cap_hints hints {};
	hints.kernel = core_kernel(options.kernel);
	hints.word_bytes = std::uint8_t(core.word_bytes());
	hints.release = cap_release(options.genode_version.data(), options.genode_version.size());
	hints.has_addr = options.capability_map.has_value();
	hints.addr = options.capability_map.value_or(0);

	if (!options.genode_version.empty() && !hints.release)
		throw Image_error({ core.name(),
							Code::BAD_ARGUMENT,
							{},
							"genodeVersion",
							"'" + options.genode_version + "' is no release of Genode",
							"give it as '26.02'" });
	return hints;
}

/* nothing if there is no map */
std::optional<Cap_candidate> find_map(Elf_core const &core, Memory const &memory,
									  Cap_hints const &hints, bool &exhausted)
{
	std::vector<std::byte> work(CAP_FIND_WORK);
	Cap_find_result result {};
	Status const status = find_cap_maps(memory, hints, Bytes(work.data(), work.size()), result);
	if (status) throw Image_error::from(status, core.name());
	exhausted = result.exhausted;

	Result<Cap_map> const best = result.best();
	if (!best.failed()) return result.candidates[0];

	if (best.error().code == Code::AMBIGUOUS)
		throw Image_error({ core.name(),
							Code::AMBIGUOUS,
							{},
							"capability map",
							"several places in memory could be the capability map: " +
								candidate_addresses(result),
							"narrow the search by kernel or release, or name the place" });
	if (hints.has_addr)
		throw Image_error({ core.name(),
							Code::NOT_FOUND,
							{},
							"capability map",
							"there is no capability map at the address given",
							"leave the address out to search all memory" });
	return {};
}

Schema::EntryState state_of(Cap_map const &map, Cap_entry const &entry)
{
	if (entry.badge == map.invalid_id || entry.badge == 0) return Schema::EntryState::EMPTY;
	return entry.stale ? Schema::EntryState::STALE : Schema::EntryState::LIVE;
}

void read_entries(Elf_core const &core, Memory const &memory, Findings &found)
{
	Cap_map const &map = *found.map;
	if (Status const status = check_cap_map(map)) throw Image_error::from(status, core.name());

	/*
	 * At an address that was given, the tree may be damaged: what the entries say is taken all
	 * the same, and whoever looks at the image is told that manifest and memory disagree.
	 */
	std::vector<std::byte> work(Cap_reader::work_size(map));
	Cap_reader reader(memory, map, Bytes(work.data(), work.size()));
	(void)reader.open();

	for (std::uint64_t index = 0;;) {
		Result<Cap_entry> const entry = reader.next_used(index);
		if (entry.failed()) {
			if (entry.error().code != Code::ABSENT) return;
			index = entry.error().value + 1;
			continue;
		}
		found.entries.push_back({ .kcap = entry->kcap,
								  .index = std::uint32_t(entry->index),
								  .id = entry->badge,
								  .ref_count = std::uint32_t(entry->ref_count),
								  .socket = entry->socket,
								  .foreign = entry->foreign,
								  .in_tree = entry->in_tree,
								  .state = state_of(map, *entry) });
		index = entry->index + 1;
	}
}

void identify_objects(Findings &found)
{
	std::vector<Identity> identities;
	for (Entry const &entry : found.entries)
		if (entry.state != Schema::EntryState::EMPTY) identities.push_back(identity(entry));

	std::sort(identities.begin(), identities.end());
	identities.erase(std::unique(identities.begin(), identities.end()), identities.end());

	for (Identity const &i : identities) found.objects.push_back({ .badge = std::get<0>(i) });

	for (Entry &entry : found.entries) {
		if (entry.state == Schema::EntryState::EMPTY) continue;
		auto const it = std::lower_bound(identities.begin(), identities.end(), identity(entry));
		entry.object = std::size_t(it - identities.begin());
	}
}

/* gates of threads and the parent have fixed selectors on foc */
void identify_fixed_selectors(Cap_layout const &layout, std::uint16_t release, Findings &found)
{
	if (layout.kernel != Cap_kernel::FOC) return;

	std::vector<std::uint64_t> live;
	for (Entry const &entry : found.entries)
		if (entry.state == Schema::EntryState::LIVE) live.push_back(entry.index);

	Foc_selectors const *const scheme = foc_selectors(
		release ? release : layout.first_release, release ? release : layout.last_release, live);
	if (!scheme) return;

	for (Entry &entry : found.entries) {
		if (entry.state != Schema::EntryState::LIVE) continue;
		if (scheme->thread_gate(entry.index)) entry.kind = Schema::EntryKind::THREAD_GATE;
		if (entry.index != scheme->parent) continue;
		entry.kind = Schema::EntryKind::PARENT;
		found.parent_object = entry.object;
		found.objects[entry.object].parent = true;
	}
}

Entry const *entry_at(Findings const &found, std::uint64_t index)
{
	auto const it = std::lower_bound(
		found.entries.begin(), found.entries.end(), index,
		[](Entry const &entry, std::uint64_t wanted) { return entry.index < wanted; });
	return it != found.entries.end() && it->index == index ? &*it : nullptr;
}

void find_pools(Elf_core const &core, Memory const &memory, Findings &found)
{
	for (Found_pool const &pool : find_object_pools(memory, *found.map, core.name())) {
		found.pools.push_back({ .tree = pool.tree });
		for (Pool_object const &node : pool.nodes) {
			Entry const *const entry = entry_at(found, node.index);
			std::size_t const object = entry ? entry->object : Findings::NONE;
			if (object == Findings::NONE) continue;
			found.pools.back().nodes.push_back({ node.node, object });
			found.objects[object].native = true;
		}
	}
}

void look_for_parent_word(Elf_core const &core, Memory const &memory, Findings &found)
{
	if (found.parent_object == Findings::NONE) return;

	std::vector<Attached_range> ranges;
	for (Elf_core::Segment const &segment : core.segments())
		ranges.push_back({ segment.address, segment.size, segment.writeable });
	found.parent_word =
		find_parent_word(memory, *found.map, found.objects[found.parent_object].badge, ranges);
}

}

Capability_findings find_capabilities(Elf_core const &core, Memory const &memory,
									  Import_options const &options, Import_plan::Report &report)
{
	using Clock = std::chrono::steady_clock;
	auto const start = Clock::now();

	Findings found {};
	Cap_hints const hint = hints(core, options);
	bool const wanted = options.search || options.capability_map;
	bool exhausted = false;

	std::optional<Cap_candidate> candidate;
	if (wanted && !without_map(options.kernel)) candidate = find_map(core, memory, hint, exhausted);

	if (candidate) {
		Cap_layout const &layout = candidate->layout();
		found.map = candidate->map;
		found.kernel = schema_kernel(candidate->map.kernel);
		found.release = layouts_text(*candidate);

		read_entries(core, memory, found);
		identify_objects(found);
		identify_fixed_selectors(layout, hint.release, found);
		if (options.search) find_pools(core, memory, found);
		if (options.search) look_for_parent_word(core, memory, found);
	}

	report.searched = options.search && !exhausted;
	report.layout = found.release;
	report.map_address = found.map ? found.map->array : 0;
	report.entries = found.entries.size();
	report.objects = found.objects.size();
	report.pools = found.pools.size();
	report.search_time = Clock::now() - start;
	return found;
}

/* ---- the manifest's tables ---- */

namespace
{

void build_entry(Entry const &entry, std::uint32_t first_object,
				 Schema::CapabilityEntry::Builder builder)
{
	builder.setKcap(entry.kcap);
	builder.setIndex(entry.index);
	builder.setRefCount(entry.ref_count);
	builder.setState(entry.state);
	builder.setInTree(entry.in_tree);
	builder.setKind(entry.kind);
	builder.setForeign(entry.foreign);
	builder.setSocket(entry.socket);

	if (entry.object == Findings::NONE)
		builder.setRawId(entry.id);
	else
		builder.setObject(first_object + std::uint32_t(entry.object));
}

void build_object(Findings::Object const &object, Schema::Object::Builder builder)
{
	builder.setBadge(object.badge);
	if (object.parent)
		builder.setParentCapability();
	else if (object.native)
		builder.initNativeCapability();
	else
		builder.setCapability();
}

void build_pool(Findings::Pool const &pool, Cap_map const &map, std::uint32_t first_object,
				Schema::BadgeTree::Builder tree)
{
	tree.setRole(Schema::TreeRole::OBJECT_POOL);
	tree.setRoot(pool.tree);
	tree.setCapabilityOffset(avl_node_size(map.word_bytes));

	auto nodes = tree.initNodes(unsigned(pool.nodes.size()));
	for (unsigned i = 0; i < pool.nodes.size(); i++) {
		Findings::Node const &node = pool.nodes[i];
		nodes[i].setAddress(node.address);
		nodes[i].setObject(first_object + std::uint32_t(node.object));
	}
}

}

void build_capabilities(Findings const &found, std::uint32_t pd, std::uint32_t first_object,
						Schema::Manifest::Builder manifest)
{
	if (!found.map) return;

	auto objects = manifest.getObjects();
	for (std::size_t i = 0; i < found.objects.size(); i++)
		build_object(found.objects[i], objects[unsigned(first_object - 1 + i)]);

	auto space = manifest.initCapabilitySpaces(1)[0];
	space.setPd(pd);
	auto layout = space.initLayout();
	build_layout(*found.map, layout);
	layout.setRelease(found.release);

	auto entries = space.initEntries(unsigned(found.entries.size()));
	for (unsigned i = 0; i < found.entries.size(); i++)
		build_entry(found.entries[i], first_object, entries[i]);

	auto trees = manifest.initBadgeTrees(unsigned(found.pools.size()));
	for (unsigned i = 0; i < found.pools.size(); i++)
		build_pool(found.pools[i], *found.map, first_object, trees[i]);

	if (!found.parent_word) return;
	auto raw = manifest.initRawBadges(1)[0];
	raw.setPlace(Schema::RawBadgePlace::PARENT_CAPABILITY);
	raw.setAddress(found.parent_word);
	raw.setWidth(found.map->word_bytes);
	raw.setObject(first_object + std::uint32_t(found.parent_object));
}

}
