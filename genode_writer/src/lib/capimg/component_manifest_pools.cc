#include "capimg/component_manifest.h"
#include "libimage/core/arena.h"
#include "libimage/core/sort.h"

namespace Capimg::Engine
{

using namespace Metadata;

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

/* all that may be a pool, in one pass over memory */
template <typename FN>
Status Component_manifest::_for_each_tree(FN const &fn) const
{
	Memory_view view(_memory);
	Tree_scan scan(view, memory_bounds(_memory), _place.map().word_bytes,
				   Bytes(_work.base(), SCAN_WORK), Tree_scan::LOOSE);
	for (;;) {
		Result<uint64_t> const tree = scan.next();
		if (tree.failed()) return tree.error().code == Code::NOT_FOUND ? ok : tree.error();
		if (Status const status = fn(*tree)) return status;
	}
}

/* the first ones into 'room', and how many there are */
Status Component_manifest::_find_pools(Pool *room, uint32_t size, uint32_t &count, uint64_t &held)
{
	Cap_map const &map = _place.map();
	Memory_view view(_memory);
	return _for_each_tree([&](uint64_t tree) -> Status {
		if (uint64_t const lock = _counting() ? 0 : held_pool_lock(view, map, tree)) {
			_known.add(view, map, tree);
			held = lock;
			return { Code::BUSY, lock, "pool lock" };
		}
		uint32_t const nodes = _pool_nodes(tree);
		if (!nodes) return ok;

		_known.add(view, map, tree);
		if (count < size) room[count] = { tree, nodes };
		count++;
		return ok;
	});
}

Status Component_manifest::_pools(uint64_t &held)
{
	if (!_place.found()) return ok;

	Arena arena(Bytes(_work.base() + SCAN_WORK, _work.size() - SCAN_WORK));
	if (!_counting()) (void)arena.take<Raw_badge_spot>(_raw_count);
	uint32_t const size = uint32_t(arena.most<Pool>());
	Pool *const room = arena.take<Pool>(size);

	uint32_t count = 0;
	if (Status const status = _find_pools(room, size, count, held)) return status;
	if (!count) return ok;

	auto const list = _root.init_badge_trees(count);
	uint32_t i = 0;
	auto const write = [&](uint64_t root, uint32_t nodes) -> Status {
		Badge_tree::Writer const tree = list[i++];
		tree.role(Tree_role::OBJECT_POOL);
		tree.root(root);
		tree.capability_offset(avl_node_size(_place.map().word_bytes));
		return _nodes(root, tree, nodes);
	};

	if (count <= size) {
		Status status = ok;
		while (!status && i < count) status = write(room[i].tree, room[i].nodes);
		return status;
	}
	return _for_each_tree([&](uint64_t root) -> Status {
		uint32_t const nodes = i < count ? _pool_nodes(root) : 0;
		return nodes ? write(root, nodes) : ok;
	});
}

}
