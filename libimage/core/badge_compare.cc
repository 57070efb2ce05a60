#include "badge_compare.h"

#include "cap_descriptor.h"
#include "manifest_check.h"
#include "object_pool.h"
#include "raw_badge.h"

namespace Capimg
{

using namespace Metadata;

using Difference = Badge_difference;

size_t Badge_comparison::work_size(Manifest::Reader const &manifest)
{
	/* a bit for each entry of a map, then one for each node of a tree */
	uint64_t most = 0;
	auto const spaces = manifest.capability_spaces();
	for (uint32_t i = 0; i < spaces.size(); i++)
		most = max(most, uint64_t(spaces[i].layout().count()));

	auto const trees = manifest.badge_trees();
	for (uint32_t i = 0; i < trees.size(); i++) most = max(most, uint64_t(trees[i].nodes().size()));
	return size_t((most + 7) / 8);
}

bool Badge_comparison::_report(Difference const &difference)
{
	if (!_stopped) _stopped = !_sink.difference(difference);
	return !_stopped;
}

uint64_t Badge_comparison::_badge(uint32_t id) const
{
	return _objects[find_object(_objects, id)].badge();
}

bool Badge_comparison::_report_value(Difference::Kind kind, Cap_entry const &memory, uint64_t ours,
									 uint64_t theirs)
{
	if (ours == theirs) return true;
	return _report({ kind, memory.slot, memory.index, 0, ours, theirs, {} });
}

void Badge_comparison::_compare_entry(Capability_entry::Reader const &ours, Cap_entry const &memory,
									  Cap_reader &reader)
{
	uint64_t const badge = ours.object() ? _badge(ours.object()) : ours.raw_id();
	bool const stale = ours.state() == Entry_state::STALE;

	_report_value(Difference::BADGE, memory, badge, memory.badge);
	_report_value(Difference::REF_COUNT, memory, ours.ref_count(), memory.ref_count);
	_report_value(Difference::IN_TREE, memory, ours.in_tree(), memory.in_tree);
	_report_value(Difference::STALE, memory, stale, memory.stale);

	if (memory.has_socket) {
		_report_value(Difference::SOCKET, memory, uint32_t(ours.socket()), uint32_t(memory.socket));
		_report_value(Difference::FOREIGN, memory, ours.foreign(), memory.foreign);
	}

	/* a list is searched from end to end: its walk is the same as looking up all of it */
	if (_lookups && memory.in_tree && _map.root && _map.structure == Cap_structure::TREE) {
		Result<uint64_t> const found = reader.find(badge);
		_report_value(Difference::LOOKUP, memory, memory.index,
					  found.failed() ? ~uint64_t(0) : *found);
	}
}

void Badge_comparison::_compare_entries(Cap_reader &reader)
{
	auto const entries = _manifest.capability_spaces()[_space].entries();
	uint32_t ours = 0;

	auto const free_below = [&](uint64_t index) {
		for (; ours < entries.size() && entries[ours].index() < index && !_stopped; ours++)
			_report({ Difference::FREE, _map.slot(entries[ours].index()), entries[ours].index() });
	};

	for (uint64_t from = 0; from < _map.count && !_stopped;) {
		Result<Cap_entry> const memory = reader.next_used(from);
		if (memory.failed() && memory.error().code == Code::ABSENT) {
			uint64_t const index = memory.error().value;
			free_below(index);
			bool const declared = ours < entries.size() && entries[ours].index() == index;
			if (declared) ours++;
			_report({ Difference::NOT_CAPTURED, memory.error().offset, index });
			from = index + 1;
			continue;
		}
		if (memory.failed()) break;

		free_below(memory->index);
		if (ours < entries.size() && entries[ours].index() == memory->index)
			_compare_entry(entries[ours++], *memory, reader);
		else
			_report({ Difference::UNDECLARED, memory->slot, memory->index, 0, 0, memory->badge });
		from = memory->index + 1;
	}
	free_below(_map.count);
}

/* go down from the tree object as Genode's 'Object_pool' does */
void Badge_comparison::_look_up(Badge_tree::Reader const &tree, uint64_t node, uint64_t badge)
{
	unsigned const word = _map.word_bytes;
	uint64_t at = 0;
	(void)_view.value(tree.root(), word, at);

	for (unsigned level = 0; at && at != node && level <= Limit::MAX_TREE_DEPTH; level++) {
		Result<Pool_object> const object = pool_object(_view, _map, at, tree.capability_offset());
		if (object.failed() || !_view.value(at + (badge > object->badge ? word : 0u), word, at))
			break;
	}
	if (at != node) _report({ Difference::NODE_LOOKUP, node, 0, tree.root(), badge, at });
}

static bool set_bit(Bytes bits, uint32_t i)
{
	uint8_t const old = Const_bytes(bits).u8(i / 8), bit = uint8_t(1u << (i % 8));
	bits.u8(i / 8, old | bit);
	return !(old & bit);
}

void Badge_comparison::_compare_tree(Badge_tree::Reader const &tree)
{
	auto const nodes = tree.nodes();
	Bytes const seen(_work.base(), (size_t(nodes.size()) + 7) / 8);
	seen.zero();

	/* many declarations may name one large tree: what goes beyond each one is not followed far */
	Object_pool_walk walk(_view, _map, tree.root(), tree.capability_offset(),
						  uint64_t(nodes.size()) + 16);
	for (;;) {
		Result<Pool_object> const object = walk.next();
		if (object.failed()) {
			if (object.error().code != Code::NOT_FOUND)
				_report({ Difference::TREE, object.error().offset, 0, tree.root(), 0, 0,
						  object.error() });
			break;
		}

		uint32_t low = 0, high = nodes.size();
		while (low < high) {
			uint32_t const middle = low + (high - low) / 2;
			if (nodes[middle].address() < object->node)
				low = middle + 1;
			else
				high = middle;
		}
		if (low == nodes.size() || nodes[low].address() != object->node) {
			if (!_report({ Difference::NODE_UNDECLARED, object->node, 0, tree.root(), 0,
						   object->badge }))
				return;
			continue;
		}
		set_bit(seen, low);

		uint64_t const badge = _badge(nodes[low].object());
		if (badge != object->badge)
			_report(
				{ Difference::NODE_OBJECT, object->node, 0, tree.root(), badge, object->badge });
		if (_lookups) _look_up(tree, object->node, badge);
		if (_stopped) return;
	}
	for (uint32_t i = 0; i < nodes.size() && !_stopped; i++)
		if (set_bit(seen, i))
			_report({ Difference::NODE_MISSING, nodes[i].address(), 0, tree.root() });
}

void Badge_comparison::_compare_raw(Raw_badge::Reader const &raw, uint32_t number)
{
	Difference difference { Difference::RAW_PLACE, raw.address(), number };
	difference.manifest = _badge(raw.object());

	Result<Raw_badge_location> const location = locate_raw_badge(_manifest, raw);
	if (location.failed()) {
		difference.error = location.error();
		_report(difference);
		return;
	}

	difference.address = location->at;
	if (location->in_message) {
		Const_bytes const words = _manifest.wire().segment().bytes();
		difference.memory =
			Memory_view::load(words, size_t(location->at - Wire::FRAMING), location->width);
	} else if (!_view.value(location->at, location->width, difference.memory)) {
		difference.error = { Code::ABSENT, location->at, "RawBadge.address" };
		_report(difference);
		return;
	}
	if (difference.memory == difference.manifest) return;
	difference.kind = Difference::RAW_BADGE;
	_report(difference);
}

Status Badge_comparison::run()
{
	auto const space = _manifest.capability_spaces()[_space];
	if (_work.size() < work_size(_manifest))
		return { Code::NO_SPACE, 0, "work", _work.size(), work_size(_manifest) };

	if (has_cap_map(space)) {
		_map = cap_map_of(space.layout(), _manifest.kernel());
		if (Status const s = check_cap_map(_map)) return s;

		Cap_reader reader(_view.memory(), _map, _work);
		if (Error const error = reader.open())
			_report({ Difference::MAP_TREE, error.offset, 0, 0, 0, 0, error });
		_compare_entries(reader);

		auto const trees = _manifest.badge_trees();
		for (uint32_t i = 0; i < trees.size() && !_space && !_stopped; i++) _compare_tree(trees[i]);
	}

	auto const raw = _manifest.raw_badges();
	for (uint32_t i = 0; i < raw.size() && !_space && !_stopped; i++) _compare_raw(raw[i], i);
	return ok;
}

}
