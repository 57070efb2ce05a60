#include "tree_reseat.h"

#include "sort.h"

namespace Capimg
{

Status Tree_reseat::_collect(uint32_t limit)
{
	_nodes = _arena.take<uint64_t>(limit);
	_keys = _arena.take<uint64_t>(limit);
	_scratch = _arena.take<uint64_t>(limit);
	_depth = _arena.take<uint8_t>(limit);
	if (!_nodes || !_keys || !_scratch || !_depth) return _arena.no_space();

	for (Avl_walk walk(_view, _word, _tree, limit);; _count++) {
		Result<Avl_walk::Step> const step = walk.next();
		if (step.failed()) return step.error().code == Code::NOT_FOUND ? ok : step.error();

		_nodes[_count] = step->addr;
		_depth[_count] = step->depth;
	}
}

Status Tree_reseat::_duplicate(uint32_t k, uint64_t key) const
{
	return { Code::DUPLICATE, _nodes[_order[k]], "key", key, _nodes[_order[k - 1]] };
}

/*
 * Keys are sorted together with their numbers where both fit into 64 bits, as badges do: what is
 * looked up by its number costs a cache miss each time
 */
Status Tree_reseat::_sort()
{
	static_assert(Limit::MAX_CAP_ENTRIES <= 1u << NUMBER_BITS);
	uint64_t highest = 0;
	for (uint32_t i = 0; i < _count; i++) highest |= _keys[i];

	if (highest >> (64 - NUMBER_BITS) || _count > 1u << NUMBER_BITS) return _sort_numbers();

	for (uint32_t i = 0; i < _count; i++) _keys[i] = _keys[i] << NUMBER_BITS | i;
	sort_by(
		_keys, _scratch, _count, [](uint64_t key) { return key; }, NUMBER_BITS);

	_take_scratch();
	for (uint32_t k = 0; k < _count; k++) {
		_order[k] = uint32_t(_keys[k] & ((1u << NUMBER_BITS) - 1));
		_moved += _order[k] != k;
	}
	for (uint32_t k = 1; k < _count; k++)
		if (_keys[k] >> NUMBER_BITS == _keys[k - 1] >> NUMBER_BITS)
			return _duplicate(k, _keys[k] >> NUMBER_BITS);
	return ok;
}

Status Tree_reseat::_sort_numbers()
{
	_take_scratch();
	for (uint32_t i = 0; i < _count; i++) _order[i] = i;

	/* '_parent' is not needed yet */
	sort_by(_order, _parent, _count, [&](uint32_t i) { return _keys[i]; });

	for (uint32_t k = 0; k < _count; k++) {
		_moved += _order[k] != k;
		if (k && _keys[_order[k]] == _keys[_order[k - 1]]) return _duplicate(k, _keys[_order[k]]);
	}
	return ok;
}

/* from now on its memory is that of two lists */
void Tree_reseat::_take_scratch()
{
	_order = reinterpret_cast<uint32_t *>(_scratch);
	_parent = _order + _count;
}

/*
 * Links of all places from their depths, and the place of the root
 *
 * The places whose right side is still open form a stack, from the root down; each one's
 * parent is the one before it.
 */
uint32_t Tree_reseat::_shape()
{
	/* keys are sorted and done with */
	_left = reinterpret_cast<uint32_t *>(_keys);
	_right = _left + _count;
	fill_memory(_left, 0, 2 * size_t(_count) * sizeof(uint32_t));

	uint32_t top = 0, root = 0;
	for (uint32_t place = 1; place <= _count; place++) {
		uint32_t below = 0;
		while (top && _depth[top - 1] < _depth[place - 1]) {
			below = top;
			top = _parent[top - 1];
		}
		_left[place - 1] = below;
		if (below) _parent[below - 1] = place;

		_parent[place - 1] = top;
		if (top)
			_right[top - 1] = place;
		else
			root = place;
		top = place;
	}
	return root;
}

Status Tree_reseat::_write(uint64_t addr, Const_bytes bytes)
{
	/* what stays as it is need not become a changed block */
	if (_view.at(addr, bytes.size()) == bytes) return ok;
	return _memory.write(addr, bytes);
}

Status Tree_reseat::_relink()
{
	uint32_t const root = _shape();
	uint8_t buffer[avl_node_bytes(8)];

	for (uint32_t place = 1; place <= _count; place++) {
		uint32_t const above = _parent[place - 1];
		uint64_t const parent = above ? _comes_to(above) : _tree;

		Bytes const node(buffer, avl_node_bytes(_word));
		Memory_view::store(node, 0, _word, _comes_to(_left[place - 1]));
		Memory_view::store(node, _word, _word, _comes_to(_right[place - 1]));
		Memory_view::store(node, 2 * _word, _word, parent);
		node.u8(3 * _word, _depth[place - 1]);

		if (Status const s = _write(_comes_to(place), node)) return s;
	}

	Bytes const link(buffer, _word);
	Memory_view::store(link, 0, _word, _comes_to(root));
	return _write(_tree, link);
}

Status Tree_reseat::reseat()
{
	if (Status const s = _sort()) return s;
	return _moved ? _relink() : ok;
}

}
