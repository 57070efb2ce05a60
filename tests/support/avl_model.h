/*
 * Genode's AVL trees, built in memory the way Genode's code builds them
 *
 * Removal does not rebalance everywhere, as Genode's does not, so a tree with a history has
 * nodes that are out of balance. Links and depths are always exact.
 */

#ifndef CAPIMG__TESTS__SUPPORT__AVL_MODEL_H
#define CAPIMG__TESTS__SUPPORT__AVL_MODEL_H

#include <algorithm>
#include <functional>
#include <vector>

#include "segment_memory.h"

namespace Capimg::Test
{

/* MEMORY has load(addr, width) and store(addr, value, width) */
template <typename MEMORY>
class Basic_avl_model
{
  public:
	using Key = std::function<uint64_t(uint64_t node)>;

	Basic_avl_model(MEMORY &memory, unsigned word_bytes, Key key)
		: _memory(memory), _word(word_bytes), _key(std::move(key))
	{}

	/* a node, or tree object, that is linked nowhere */
	void construct(uint64_t node);

	void insert(uint64_t tree, uint64_t node);
	void remove(uint64_t node);

	uint64_t left(uint64_t node) const { return _child(node, LEFT); }
	uint64_t right(uint64_t node) const { return _child(node, RIGHT); }
	uint64_t parent(uint64_t node) const { return _memory.load(node + 2 * _word, _word); }
	unsigned depth(uint64_t node) const { return unsigned(_memory.load(node + 3 * _word, 1)); }

	/* largest difference in depth of the two sides of any node of the tree */
	unsigned worst_balance(uint64_t tree) const;

  private:
	enum Side { LEFT, RIGHT };

	static Side _other(Side side) { return side == LEFT ? RIGHT : LEFT; }

	MEMORY &_memory;
	unsigned const _word;
	Key const _key;

	uint64_t _child(uint64_t node, Side side) const
	{
		return _memory.load(node + side * _word, _word);
	}
	unsigned _depth_below(uint64_t node, Side side) const
	{
		uint64_t const child = _child(node, side);
		return child ? depth(child) : 0;
	}
	Side _side_of(uint64_t node) const { return _child(parent(node), LEFT) == node ? LEFT : RIGHT; }
	void _update_depth(uint64_t node);
	void _adopt(uint64_t parent, uint64_t node, Side);
	void _rebalance(uint64_t node);
};

template <typename MEMORY>
void Basic_avl_model<MEMORY>::construct(uint64_t node)
{
	for (unsigned i = 0; i < 3; i++) _memory.store(node + i * _word, 0, _word);
	_memory.store(node + 3 * _word, 1, 1);
}

/* a change of depth is passed upwards as far as it matters */
template <typename MEMORY>
void Basic_avl_model<MEMORY>::_update_depth(uint64_t node)
{
	while (node) {
		unsigned const now = 1 + std::max(_depth_below(node, LEFT), _depth_below(node, RIGHT));
		if (now == depth(node)) return;
		_memory.store(node + 3 * _word, now, 1);
		node = parent(node);
	}
}

template <typename MEMORY>
void Basic_avl_model<MEMORY>::_adopt(uint64_t parent, uint64_t node, Side side)
{
	_memory.store(parent + side * _word, node, _word);
	if (node) _memory.store(node + 2 * _word, parent, _word);
	_update_depth(parent);
}

/* one rotation at most, at 'node', if its sides differ by 2 or more */
template <typename MEMORY>
void Basic_avl_model<MEMORY>::_rebalance(uint64_t node)
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

template <typename MEMORY>
void Basic_avl_model<MEMORY>::insert(uint64_t tree, uint64_t node)
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

template <typename MEMORY>
void Basic_avl_model<MEMORY>::remove(uint64_t node)
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

template <typename MEMORY>
unsigned Basic_avl_model<MEMORY>::worst_balance(uint64_t tree) const
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

using Avl_model = Basic_avl_model<Segment_memory>;

}

#endif /* CAPIMG__TESTS__SUPPORT__AVL_MODEL_H */
