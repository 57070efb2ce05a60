#include "capimg/component_manifest.h"
#include "libimage/core/sort.h"

namespace Capimg::Engine
{

using namespace Metadata;

static Entry_state state_of(Cap_map const &map, Cap_entry const &entry)
{
	if (entry.badge == map.invalid_id || entry.badge == 0) return Entry_state::EMPTY;
	return entry.stale ? Entry_state::STALE : Entry_state::LIVE;
}

/* entries in use, but for those whose memory was not captured */
template <typename FN>
Status Component_manifest::_for_each_entry(FN const &fn) const
{
	if (!_place.found()) return ok;

	size_t const need = Cap_reader::work_size(_place.map());
	if (need > _work.size()) return { Code::NO_SPACE, 0, "work", _work.size(), need };

	/* what entries of a damaged tree say is taken all the same */
	Cap_reader reader(_memory, _place.map(), Bytes(_work.base(), need));
	(void)reader.open();

	for (uint64_t index = 0;;) {
		Result<Cap_entry> const entry = reader.next_used(index);
		if (entry.failed()) {
			if (entry.error().code != Code::ABSENT)
				return entry.error().code == Code::NOT_FOUND ? ok : entry.error();
			index = entry.error().value + 1;
			continue;
		}
		if (Status const status = fn(*entry)) return status;
		index = entry->index + 1;
	}
}

Status Component_manifest::collect(Badge_table &table)
{
	_table = &table;

	uint32_t const count = _origin.objects();
	for (uint32_t i = 0; i < count; i++) {
		Object_head const head = _origin.object(i);
		if (!head.badge) continue;
		if (Status const status = table.known(head.badge, head.id)) return status;
	}

	Status const entries = _for_each_entry([&](Cap_entry const &entry) -> Status {
		if (state_of(_place.map(), entry) == Entry_state::EMPTY) return ok;
		return table.seen(entry.badge, Badge_table::detail(entry.socket, entry.foreign));
	});
	if (entries) return entries;

	/* badges that are held by the map as well are in the table by now */
	(void)table.unknown();
	for (uint32_t i = 0; i < _origin.raw_badges(); i++) {
		Raw_badge_spot const spot = _origin.raw_badge(i);
		if (!_badge(spot) || table.find(spot.badge)) continue;
		if (Status const status = table.seen(spot.badge, Badge_table::detail(0, false)))
			return status;
	}
	_unknown = table.unknown();
	_rows = uint32_t(table.size() / Badge_table::ROW_SIZE);
	return ok;
}

Status Component_manifest::bound()
{
	_unknown = _origin.raw_badges();
	Status const entries = _for_each_entry([&](Cap_entry const &) -> Status {
		_unknown++;
		return ok;
	});
	_rows = _origin.objects() + _unknown;
	return entries;
}

Status Component_manifest::_space()
{
	auto const space = _root.init_capability_spaces(1)[0];
	space.pd(_origin.pd());
	_place.describe(space);
	return _place.found() ? _entries(space) : ok;
}

Status Component_manifest::_entries(Capability_space::Writer const &space)
{
	Cap_map const &map = _place.map();

	uint32_t count = 0;
	Status const counted = _for_each_entry([&](Cap_entry const &) -> Status {
		count++;
		return ok;
	});
	if (counted) return counted;

	auto const list = space.init_entries(count);
	if (_counting()) return ok;

	uint32_t i = 0;
	return _for_each_entry([&](Cap_entry const &entry) -> Status {
		Capability_entry::Writer const e = list[i++];
		Cap_note const note = _origin.note(entry.kcap);
		Entry_state const state = state_of(map, entry);
		e.kcap(entry.kcap);
		e.index(uint32_t(entry.index));
		e.ref_count(uint32_t(entry.ref_count));
		e.state(state);
		e.in_tree(entry.in_tree);
		e.kind(note.kind);
		e.origin(note.origin);
		e.foreign(entry.foreign);
		e.socket(entry.socket);

		if (state == Entry_state::EMPTY) {
			e.raw_id(entry.badge);
			return ok;
		}
		uint32_t const object =
			_table->find(entry.badge, Badge_table::detail(entry.socket, entry.foreign));
		if (!object)
			return { Code::INCONSISTENT, entry.slot, "CapabilityEntry.object", entry.badge };
		e.object(object);
		return ok;
	});
}

/*
 * Nodes of a tree if it is a pool, else 0
 *
 * A tree with an object that has no badge is none. Not inlined: a walk takes 6 KiB of stack.
 */
[[gnu::noinline]] uint32_t Component_manifest::_pool_nodes(uint64_t tree) const
{
	Cap_map const &map = _place.map();
	Memory_view view(_memory);
	Object_pool_walk walk(view, map, tree);

	for (uint32_t nodes = 0;; nodes++) {
		Result<Pool_object> const object = walk.next();
		if (object.failed()) return object.error().code == Code::NOT_FOUND ? nodes : 0;
		if (object->badge == map.invalid_id || object->badge == 0) return 0;
	}
}

/*
 * Address of the lock of a pool that is being changed, else 0
 *
 * Its tree may be in any state then. A pool is told by its topmost object's capability. The map's
 * own tree is none, though in 16.08 the next entry's link stands where a pool has the capability.
 */
uint64_t Component_manifest::_held_lock(uint64_t tree) const
{
	Cap_map const &map = _place.map();
	if (tree == map.root) return 0;

	Memory_view view(_memory);
	uint64_t const lock = tree + avl_tree_size(map.word_bytes);
	if (mutex_state(view, lock) != Lock_state::HELD) return 0;

	uint64_t top = 0;
	if (!view.value(tree, map.word_bytes, top)) return 0;
	return pool_object(view, map, top, avl_node_size(map.word_bytes)).failed() ? 0 : lock;
}

uint32_t Component_manifest::_object_of(Pool_object const &object, Memory_view &view) const
{
	Cap_map const &map = _place.map();
	Const_bytes const entry = view.at(map.slot(object.index), map.stride);
	if (entry.empty()) return 0;

	Cap_fields const f = cap_fields(map, entry);
	return _table->find(f.id, Badge_table::detail(f.socket, f.foreign));
}

/* nodes of the message from byte 'at' on, by ascending addresses */
void Component_manifest::_sort_nodes(size_t at, uint32_t count) const
{
	static constexpr size_t SIZE = 8 * (Badge_node::DATA_WORDS + Badge_node::POINTERS);
	static_assert(SIZE == 16);

	Const_bytes const bytes = _message;
	auto const address = [&](uint32_t i) { return bytes.u64(at + i * SIZE); };
	sort_in_place(
		count, [&](uint32_t a, uint32_t b) { return address(a) < address(b); },
		[&](uint32_t a, uint32_t b) {
			for (size_t word = 0; word < SIZE; word += 8) {
				size_t const i = at + a * SIZE + word, k = at + b * SIZE + word;
				uint64_t const value = bytes.u64(i);
				_message.u64(i, bytes.u64(k));
				_message.u64(k, value);
			}
		});
}

[[gnu::noinline]] Status Component_manifest::_nodes(uint64_t tree, Badge_tree::Writer const &out,
													uint32_t count)
{
	auto const list = out.init_nodes(count);
	if (_counting() || _builder->status()) return ok;
	size_t const end = _builder->used();

	Memory_view view(_memory);
	Object_pool_walk walk(view, _place.map(), tree);
	for (uint32_t i = 0; i < count; i++) {
		Result<Pool_object> const object = walk.next();
		uint32_t const id = object.failed() ? 0 : _object_of(*object, view);
		if (!id) return { Code::INCONSISTENT, tree, "BadgeNode.object", i };
		list[i].address(object->node);
		list[i].object(id);
	}
	_sort_nodes(end - size_t(count) * 16, count);
	return ok;
}

Status Component_manifest::_pools(uint64_t &held)
{
	if (!_place.found()) return ok;

	Cap_map const &map = _place.map();
	Bytes const buffer(_work.base(), SCAN_WORK);

	auto const for_each_tree = [&](auto const &fn) -> Status {
		Memory_view view(_memory);
		Tree_scan scan(view, memory_bounds(_memory), map.word_bytes, buffer);
		for (;;) {
			Result<uint64_t> const tree = scan.next();
			if (tree.failed()) return tree.error().code == Code::NOT_FOUND ? ok : tree.error();
			if (Status const status = fn(*tree)) return status;
		}
	};

	uint32_t count = 0;
	Status const counted = for_each_tree([&](uint64_t tree) -> Status {
		held = _counting() ? 0 : _held_lock(tree);
		if (held) return { Code::BUSY, held, "pool lock" };
		count += _pool_nodes(tree) != 0;
		return ok;
	});
	if (counted || !count) return counted;

	auto const list = _root.init_badge_trees(count);
	uint32_t i = 0;
	return for_each_tree([&](uint64_t root) -> Status {
		uint32_t const nodes = i < count ? _pool_nodes(root) : 0;
		if (!nodes) return ok;
		Badge_tree::Writer const tree = list[i++];
		tree.role(Tree_role::OBJECT_POOL);
		tree.root(root);
		tree.capability_offset(avl_node_size(map.word_bytes));
		return _nodes(root, tree, nodes);
	});
}

}
