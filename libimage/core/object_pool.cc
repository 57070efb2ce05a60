#include "object_pool.h"

namespace Capimg
{

Result<Pool_object> pool_object(Memory_view &view, Cap_map const &map, uint64_t node,
								uint32_t cap_offset)
{
	uint64_t slot = 0;
	if (!view.value(node + cap_offset, map.word_bytes, slot))
		return Error { Code::ABSENT, node, "cap" };

	Result<uint64_t> const index = cap_index(map, slot);
	if (index.failed()) return Error { Code::DANGLING, node, "cap", slot, map.array };

	Const_bytes const entry = view.at(slot, map.stride);
	if (entry.empty()) return Error { Code::ABSENT, slot, "entry" };

	Cap_fields const f = cap_fields(map, entry);
	if (!cap_used(map, f.id, f.ref_count)) return Error { Code::DANGLING, node, "cap", slot };
	return Pool_object { node, *index, f.id };
}

Result<Pool_object> Object_pool_walk::next()
{
	Result<Avl_walk::Step> const step = _avl.next();
	if (step.failed()) return step.error();

	Result<Pool_object> const object = pool_object(_view, _map, step->addr, _cap_offset);
	if (object.failed()) return object.error();

	if (_seen && object->badge <= _last_badge)
		return Error { Code::INCONSISTENT, step->addr, "badge", object->badge, _last_badge };

	_seen = true;
	_last_badge = object->badge;
	return object;
}

Result<Object_pool> Object_pool_scan::next()
{
	for (;;) {
		Result<uint64_t> const tree = _scan.next();
		if (tree.failed()) return tree.error();

		Object_pool pool { *tree, 0, Lock_state::UNKNOWN };
		Object_pool_walk walk(_view, _map, *tree);
		Result<Pool_object> object = walk.next();
		for (; !object.failed(); object = walk.next()) pool.objects++;

		if (object.error().code != Code::NOT_FOUND || !pool.objects) continue;

		pool.lock = mutex_state(_view, *tree + avl_tree_size(_map.word_bytes));
		return pool;
	}
}

}
