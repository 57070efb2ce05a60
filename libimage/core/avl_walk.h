/*
 * Walking an AVL tree of Genode in captured memory
 *
 * Genode's 'Avl_node_base' (base/include/util/avl_tree.h, the same in all releases) is
 * { left, right, parent: pointers; depth: u8 }, where a leaf has depth 1 and any other node one
 * more than the deeper of its children. The tree object is such a node too: it hangs nowhere,
 * and the tree is its left child.
 *
 * Balance is not looked at: Genode's own removal leaves nodes with sides of 0 and 2.
 */

#ifndef CAPIMG__CORE__AVL_WALK_H
#define CAPIMG__CORE__AVL_WALK_H

#include "memory_view.h"

namespace Capimg
{

struct Avl_node
{
	uint64_t addr = 0;
	uint64_t left = 0, right = 0, parent = 0;
	uint8_t depth = 0;
};

/* bytes of a node without the padding at its end */
constexpr size_t avl_node_bytes(unsigned word_bytes) { return 3 * word_bytes + 1; }

/* bytes of a node as a member of other objects */
constexpr unsigned avl_node_size(unsigned word_bytes) { return 4 * word_bytes; }

/* bytes of an 'Avl_tree': the node and the pointer to its policy's functions */
constexpr unsigned avl_tree_size(unsigned word_bytes) { return 5 * word_bytes; }

/* false if the node is not captured */
bool read_avl_node(Memory_view &, uint64_t addr, unsigned word_bytes, Avl_node &);

/*
 * Walk in ascending order
 *
 * Links, parents and depths are checked on the way: every child names its parent, depths
 * are exact. So the walk ends after every node once, whatever the memory holds: depth falls
 * with every step down, and no node has two parents. Uses 6 KiB of memory of its own, which
 * is why it should not be put on the stack of a small thread.
 */
class Avl_walk : Noncopyable
{
	struct Frame
	{
		uint64_t addr = 0, right = 0;
		uint8_t depth = 0, left_depth = 0;
		bool returned = false;
	};

	Memory_view &_view;
	unsigned const _word;
	uint64_t const _tree;
	uint64_t const _limit;

	Frame _stack[Limit::MAX_TREE_DEPTH] {};
	unsigned _level = 0;
	uint64_t _nodes = 0;
	bool _started = false;

	Status _descend(uint64_t addr, uint64_t parent, unsigned parent_depth);
	Status _start();
	bool _on_stack(uint64_t addr) const;

  public:
	/* at most 'limit' nodes, then LIMIT */
	Avl_walk(Memory_view &view, unsigned word_bytes, uint64_t tree,
			 uint64_t limit = Limit::MAX_CAP_ENTRIES)
		: _view(view), _word(word_bytes), _tree(tree), _limit(limit)
	{}

	/*
	 * Next node, with its address and depth
	 *
	 * NOT_FOUND after the last. ABSENT, CYCLE or INCONSISTENT with the address of the
	 * node and the field at fault: "left", "right", "parent", "depth" or "node". Not to
	 * be called again after an error.
	 */
	struct Step
	{
		uint64_t addr = 0;
		uint8_t depth = 0;
	};
	Result<Step> next();

	/* nodes seen so far */
	uint64_t nodes() const { return _nodes; }
};

}

#endif /* CAPIMG__CORE__AVL_WALK_H */
