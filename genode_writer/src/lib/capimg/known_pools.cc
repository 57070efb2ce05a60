#include "capimg/known_pools.h"

namespace Capimg::Engine
{

/* behind the node, and before the lock; 0 if it is not captured */
static uint64_t policy_of(Memory_view &view, unsigned word, uint64_t tree)
{
	uint64_t policy = 0;
	return view.value(tree + avl_node_size(word), word, policy) ? policy : 0;
}

static uint64_t lock_of(unsigned word, uint64_t tree) { return tree + avl_tree_size(word); }

static bool in_map(Cap_map const &map, uint64_t addr)
{
	return addr >= map.array && addr - map.array < map.size();
}

/* what is behind an entry's links may look like a capability, in 16.08 it is the next one's link */
static bool in_pool(Memory_view &view, Cap_map const &map, uint64_t node)
{
	return !in_map(map, node) &&
		   !pool_object(view, map, node, avl_node_size(map.word_bytes)).failed();
}

/*
 * 'top', the left child of 'tree', has its place there, or is on the way to or from it
 *
 * Links are stored one by one, and a compiler may swap stores to parent and child.
 */
static bool belongs_to(Memory_view &view, Cap_map const &map, Avl_node const &tree)
{
	unsigned const word = map.word_bytes;
	uint64_t const top = tree.left;
	Avl_node node, above;
	if (!in_pool(view, map, top) || !read_avl_node(view, top, word, node)) return false;
	if (node.parent == tree.addr) return true;

	/* the first one, which does not know its parent yet */
	if (!node.parent) return !node.left && !node.right && node.depth == 1 && tree.depth <= 2;

	if (!read_avl_node(view, node.parent, word, above)) return false;

	/* its place is below the one that it replaces, or that replaces it */
	if (above.parent == tree.addr) return true;

	/* has left its old place */
	return above.left != top && above.right != top && in_pool(view, map, above.addr);
}

uint64_t held_pool_lock(Memory_view &view, Cap_map const &map, uint64_t tree)
{
	unsigned const word = map.word_bytes;
	uint64_t const lock = lock_of(word, tree);
	if (mutex_state(view, lock) != Lock_state::HELD) return 0;

	/* capabilities in a row, with zeros behind them, are none */
	uint64_t const policy = policy_of(view, word, tree);
	if (!policy || in_map(map, policy)) return 0;

	Avl_node node;
	if (!read_avl_node(view, tree, word, node)) return 0;
	return belongs_to(view, map, node) ? lock : 0;
}

void Known_pools::add(Memory_view &view, Cap_map const &map, uint64_t tree)
{
	unsigned i = 0;
	while (i < _count && _pools[i].tree != tree) i++;
	if (i == _count) {
		i = _next;
		_next = _next + 1 < MAX ? _next + 1 : 0;
		_count = max(_count, i + 1);
	}
	_pools[i] = { tree, policy_of(view, map.word_bytes, tree) };
}

uint64_t Known_pools::held(Memory_view &view, Cap_map const &map) const
{
	unsigned const word = map.word_bytes;
	for (unsigned i = 0; i < _count; i++) {
		Pool const &pool = _pools[i];
		Avl_node node;
		if (!read_avl_node(view, pool.tree, word, node) || node.parent || node.right) continue;
		if (policy_of(view, word, pool.tree) != pool.policy) continue;
		if (node.left && !in_pool(view, map, node.left)) continue;

		uint64_t const lock = lock_of(word, pool.tree);
		if (mutex_state(view, lock) == Lock_state::HELD) return lock;
	}
	return 0;
}

}
