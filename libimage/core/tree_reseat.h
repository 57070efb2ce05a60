/*
 * Putting the nodes of an AVL tree in order again after their keys have changed
 *
 * The node with the k-th smallest key takes the k-th place of the tree as it is, with that place's
 * links and depth. The tree keeps its shape, also one that Genode's own removal left unbalanced,
 * so that doing the same with the former keys gives the former bytes back. Linear in the number
 * of nodes, up to the sort.
 *
 * A walk in order with the depth of each node is all that is needed to know the shape: a node is
 * deeper than all below it, and the one node of a range that is deeper than all others is the
 * root of that range.
 */

#ifndef CAPIMG__CORE__TREE_RESEAT_H
#define CAPIMG__CORE__TREE_RESEAT_H

#include "arena.h"
#include "avl_walk.h"

namespace Capimg
{

class Tree_reseat : Noncopyable
{
	Writable_memory &_memory;
	Memory_view _view;
	unsigned const _word;
	uint64_t const _tree;
	Arena _arena;

	/* of places in order; places are numbered from 1, 0 is none */
	uint32_t _count = 0;
	uint32_t _moved = 0;
	uint64_t *_nodes = nullptr; /* that was there before */
	uint8_t *_depth = nullptr;  /* of the place */
	uint64_t *_keys = nullptr;  /* of nodes; their memory serves for the links later */
	uint64_t *_scratch = nullptr;
	uint32_t *_order = nullptr;  /* number (from 0) of the node that comes here */
	uint32_t *_parent = nullptr; /* place above, 0: the tree object */
	uint32_t *_left = nullptr, *_right = nullptr;

	static constexpr unsigned NUMBER_BITS = 20;

	Status _collect(uint32_t limit);
	Status _sort();
	Status _sort_numbers();
	Status _duplicate(uint32_t k, uint64_t key) const;
	void _take_scratch();
	uint32_t _shape();
	uint64_t _comes_to(uint32_t place) const { return place ? _nodes[_order[place - 1]] : 0; }
	Status _write(uint64_t addr, Const_bytes);
	Status _relink();

  public:
	/* bytes of working memory for a tree of so many nodes */
	static constexpr size_t work_size(size_t nodes)
	{
		return Arena::size_of<uint64_t>(3 * nodes) + nodes;
	}

	/* 'work' holds 'work_size' bytes and lives as long as this object */
	Tree_reseat(Writable_memory &memory, unsigned word_bytes, uint64_t tree, Bytes work)
		: _memory(memory), _view(memory), _word(word_bytes), _tree(tree), _arena(work)
	{}

	/*
	 * Walk the tree as it is: 'limit' nodes or fewer
	 *
	 * An error of 'Avl_walk', or NO_SPACE. Nothing is written.
	 */
	Status open(uint32_t limit) { return _collect(limit); }

	uint32_t count() const { return _count; }

	/* address of node 'i' in the order of the former keys */
	uint64_t node(uint32_t i) const { return _nodes[i]; }

	/* its key from now on */
	void key(uint32_t i, uint64_t key) { _keys[i] = key; }

	/*
	 * Seat the nodes by their keys, all of which have been set
	 *
	 * DUPLICATE "key" with the address of a node whose key another one has as well, before
	 * anything was written; ABSENT if the memory cannot be written. To be called once.
	 */
	Status reseat();

	/* nodes that took another place */
	uint32_t moved() const { return _moved; }
};

}

#endif /* CAPIMG__CORE__TREE_RESEAT_H */
