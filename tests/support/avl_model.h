/*
 * Genode's AVL trees, built in memory the way Genode's code builds them
 *
 * Removal does not rebalance everywhere, as Genode's does not, so a tree with a history has
 * nodes that are out of balance. Links and depths are always exact.
 */

#ifndef CAPIMG__TESTS__SUPPORT__AVL_MODEL_H
#define CAPIMG__TESTS__SUPPORT__AVL_MODEL_H

#include <functional>

#include "segment_memory.h"

namespace Capimg::Test
{

class Avl_model
{
  public:
	using Key = std::function<uint64_t(uint64_t node)>;

	Avl_model(Segment_memory &memory, unsigned word_bytes, Key key)
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

	Segment_memory &_memory;
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

}

#endif /* CAPIMG__TESTS__SUPPORT__AVL_MODEL_H */
