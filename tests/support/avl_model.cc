#include "avl_model.h"

namespace Capimg::Test
{

void Avl_model::construct(uint64_t node)
{
	for (unsigned i = 0; i < 3; i++) _memory.store(node + i * _word, 0, _word);
	_memory.store(node + 3 * _word, 1, 1);
}

/* a change of depth is passed upwards as far as it matters */
void Avl_model::_update_depth(uint64_t node)
{
	while (node) {
		unsigned const now = 1 + std::max(_depth_below(node, LEFT), _depth_below(node, RIGHT));
		if (now == depth(node)) return;
		_memory.store(node + 3 * _word, now, 1);
		node = parent(node);
	}
}

void Avl_model::_adopt(uint64_t parent, uint64_t node, Side side)
{
	_memory.store(parent + side * _word, node, _word);
	if (node) _memory.store(node + 2 * _word, parent, _word);
	_update_depth(parent);
}

/* one rotation at most, at 'node', if its sides differ by 2 or more */
void Avl_model::_rebalance(uint64_t node)
{
	unsigned const l = _depth_below(node, LEFT), r = _depth_below(node, RIGHT);
	if (std::max(l, r) - std::min(l, r) < 2) return;

	Side const deep = r > l ? RIGHT : LEFT;
	Side const flat = _other(deep);
	uint64_t const above = parent(node);
	Side const at = _side_of(node);

	uint64_t const heir = _child(node, deep);
	uint64_t const inner = _child(heir, flat);

	/* of two equally deep sides, the left one counts as the deeper */
	Side const bias = _depth_below(heir, RIGHT) > _depth_below(heir, LEFT) ? RIGHT : LEFT;

	if (bias == deep) {
		_adopt(node, inner, deep);
		_adopt(heir, node, flat);
		_adopt(above, heir, at);
	} else if (inner) {
		uint64_t const near = _child(inner, flat), far = _child(inner, deep);
		_adopt(node, near, deep);
		_adopt(heir, far, flat);
		_adopt(inner, node, flat);
		_adopt(inner, heir, deep);
		_adopt(above, inner, at);
	}
}

void Avl_model::insert(uint64_t tree, uint64_t node)
{
	uint64_t const key = _key(node);
	std::vector<uint64_t> path;

	/* the tree object has no key: everything hangs at its left */
	Side side = LEFT;
	for (uint64_t n = tree; n; n = _child(n, side)) {
		if (n != tree) side = key > _key(n) ? RIGHT : LEFT;
		path.push_back(n);
	}
	_adopt(path.back(), node, side);

	for (; !path.empty(); path.pop_back()) {
		_update_depth(path.back());
		if (parent(path.back())) _rebalance(path.back());
	}
}

void Avl_model::remove(uint64_t node)
{
	uint64_t const above = parent(node);
	Side const at = _side_of(node);
	uint64_t from = 0;

	if (uint64_t heir = left(node)) {

		/* the highest node below takes the place */
		while (right(heir)) heir = right(heir);

		uint64_t const heir_parent = parent(heir);
		_adopt(heir_parent, left(heir), heir_parent == node ? LEFT : RIGHT);
		if (heir_parent != node) from = heir_parent;

		_adopt(above, heir, at);
		_adopt(heir, left(node), LEFT);
		_adopt(heir, right(node), RIGHT);
	} else {
		_adopt(above, right(node), at);
	}

	/* only where a deeper node moved up does Genode look at the balance again */
	while (from && parent(from)) {
		uint64_t const next = parent(from);
		_rebalance(from);
		from = next;
	}

	for (unsigned i = 0; i < 3; i++) _memory.store(node + i * _word, 0, _word);
}

unsigned Avl_model::worst_balance(uint64_t tree) const
{
	unsigned worst = 0;
	std::vector<uint64_t> todo { left(tree) };
	while (!todo.empty()) {
		uint64_t const node = todo.back();
		todo.pop_back();
		if (!node) continue;
		unsigned const l = _depth_below(node, LEFT), r = _depth_below(node, RIGHT);
		worst = std::max(worst, std::max(l, r) - std::min(l, r));
		todo.push_back(left(node));
		todo.push_back(right(node));
	}
	return worst;
}

}
