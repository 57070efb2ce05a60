#include "capability_view.h"

#include <algorithm>
#include <map>

#include "capability_layout.h"
#include "core/object_pool.h"
#include "json_value.h"

namespace Capimg
{

static constexpr std::size_t MAX_DIFFERENCES = 1000; /* nobody reads more of them */

void Capability_view::_differ(std::uint64_t address, std::string text)
{
	if (_differences.size() < MAX_DIFFERENCES) _differences.push_back({ address, std::move(text) });
}

void Capability_view::_read_manifest(Image const &image, Schema::CapabilitySpace::Reader space)
{
	auto const layout = space.getLayout();
	_has_layout = space.hasLayout() && layout.getStructure() != Schema::MapStructure::NONE;
	if (_has_layout) {
		_map = read_layout(layout, image.manifest().getKernel());
		_release = layout.getRelease();
		_has_sockets = _map.socket_offset != CAP_NO_OFFSET;
	}

	for (auto const entry : space.getEntries()) {
		Entry row;
		if (!_has_layout || layout.getHasSelectors()) row.kcap = entry.getKcap();
		row.index = entry.getIndex();
		if (_has_layout) row.slot = _map.slot(row.index);
		row.ref_count = entry.getRefCount();
		row.in_tree = entry.getInTree();
		row.foreign = entry.getForeign();
		row.state = entry.getState();
		row.kind = entry.getKind();
		row.socket = entry.getSocket();
		row.object = entry.getObject();
		row.badge = row.object ? image.object(row.object)->getBadge() : entry.getRawId();
		_entries.push_back(row);
	}
}

void Capability_view::_compare_entry(Entry const &ours, Cap_entry const &memory)
{
	std::string const name = "entry " + std::to_string(ours.index);
	auto const compare = [&](char const *what, std::uint64_t manifest, std::uint64_t in_memory) {
		if (manifest != in_memory)
			_differ(memory.slot, name + ": " + what + " is " + hex_text(manifest) +
									 " in the manifest and " + hex_text(in_memory) + " in memory");
	};
	compare("badge", ours.badge, memory.badge);
	compare("reference count", ours.ref_count, memory.ref_count);
	compare("membership in the tree", ours.in_tree, memory.in_tree);
	compare("staleness", ours.stale(), memory.stale);
	if (!_has_sockets) return;
	compare("socket", std::uint32_t(ours.socket), std::uint32_t(memory.socket));
	compare("foreignness", ours.foreign, memory.foreign);
}

void Capability_view::_compare(Cap_reader &reader)
{
	if (Error const error = reader.open())
		_differ(error.offset,
				std::string("capability map, ") + error.field + ": " + error_text(error.code));

	auto ours = _entries.begin();
	for (std::uint64_t from = 0; from < _map.count;) {
		Result<Cap_entry> const memory = reader.next_used(from);
		if (memory.failed() && memory.error().code == Code::ABSENT) {
			_differ(memory.error().offset,
					"entry " + std::to_string(memory.error().value) + " was not captured");
			from = memory.error().value + 1;
			continue;
		}
		if (memory.failed()) break;

		for (; ours != _entries.end() && ours->index < memory->index; ++ours)
			_differ(*ours->slot, "entry " + std::to_string(ours->index) + " is free in memory");

		if (ours != _entries.end() && ours->index == memory->index) {
			_compare_entry(*ours, *memory);
			++ours;
		} else {
			_differ(memory->slot, "entry " + std::to_string(memory->index) +
									  " is in use in memory, but not in the manifest");
		}
		from = memory->index + 1;
	}
	for (; ours != _entries.end(); ++ours)
		_differ(*ours->slot, "entry " + std::to_string(ours->index) + " is free in memory");
}

void Capability_view::_compare_pool(Image const &image, Memory const &memory, Pool &pool)
{
	std::map<std::uint64_t, std::uint32_t> expected;
	for (Member const &member : pool.members) expected.emplace(member.address, member.object);

	Memory_view view(memory);
	auto const walk = std::make_unique<Object_pool_walk>(view, _map, pool.tree);

	for (;;) {
		Result<Pool_object> const object = walk->next();
		if (object.failed()) {
			if (object.error().code != Code::NOT_FOUND)
				pool.differences.push_back("at " + hex_text(object.error().offset) + ", " +
										   object.error().field + ": " +
										   error_text(object.error().code));
			break;
		}
		auto const found = expected.find(object->node);
		if (found == expected.end()) {
			pool.differences.push_back("node " + hex_text(object->node) +
									   " is in memory, but not in the manifest");
			continue;
		}
		std::uint64_t const badge = image.object(found->second)->getBadge();
		if (badge != object->badge)
			pool.differences.push_back("node " + hex_text(object->node) + " has badge " +
									   hex_text(badge) + " in the manifest and " +
									   hex_text(object->badge) + " in memory");
		expected.erase(found);
	}
	for (auto const &[address, id] : expected)
		pool.differences.push_back("node " + hex_text(address) + " is not in the tree in memory");
}

Capability_view::Capability_view(Image const &image, Address_space const &memory, unsigned space)
{
	auto const spaces = image.manifest().getCapabilitySpaces();
	if (space >= spaces.size()) return;

	_read_manifest(image, spaces[space]);
	if (!_has_layout) return;

	std::vector<std::byte> work(Cap_reader::work_size(_map));
	Cap_reader reader(memory, _map, { work.data(), work.size() });
	_compare(reader);
	_locks = reader.locks();

	for (auto const tree : image.manifest().getBadgeTrees()) {
		if (tree.getRole() != Schema::TreeRole::OBJECT_POOL) continue;

		Pool pool { tree.getRoot(), {}, {} };
		for (auto const node : tree.getNodes())
			pool.members.push_back({ node.getAddress(), node.getObject() });
		_compare_pool(image, memory, pool);
		_pools.push_back(std::move(pool));
	}
}

bool Capability_view::agree() const
{
	return _has_layout && _differences.empty() &&
		   std::ranges::all_of(_pools, [](Pool const &p) { return p.differences.empty(); });
}

}
