#include "object_pool.h"

namespace Capimg
{

Result<Pool_object> Object_pool_walk::next()
{
	Result<Avl_walk::Step> const step = _avl.next();
	if (step.failed()) return step.error();

	uint64_t const node = step->addr;
	uint64_t const cap = node + avl_node_size(_map.word_bytes);

	uint64_t slot = 0;
	if (!_view.value(cap, _map.word_bytes, slot)) return Error { Code::ABSENT, node, "cap" };

	Result<uint64_t> const index = cap_index(_map, slot);
	if (index.failed()) return Error { Code::DANGLING, node, "cap", slot, _map.array };

	Const_bytes const entry = _view.at(slot, _map.stride);
	if (entry.empty()) return Error { Code::ABSENT, slot, "entry" };

	Cap_fields const f = cap_fields(_map, entry);
	if (!cap_used(_map, f.id, f.ref_count)) return Error { Code::DANGLING, node, "cap", slot };
	if (_seen && f.id <= _last_badge)
		return Error { Code::INCONSISTENT, node, "badge", f.id, _last_badge };

	_seen = true;
	_last_badge = f.id;
	return Pool_object { node, *index, f.id };
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
