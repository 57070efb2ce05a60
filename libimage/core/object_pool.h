/*
 * Object_pools in captured memory
 *
 * Every entrypoint keeps its objects in an 'Object_pool' (base/include/base/object_pool.h): an
 * AVL tree in the order of badges. A node is directly followed by the object's
 * 'Native_capability', that is a pointer to an entry of the capability map, and the badge is
 * read through it: the pool itself holds no badge, only its order depends on them. The same in
 * all releases, on all kernels, with 32 and 64 bit.
 */

#ifndef CAPIMG__CORE__OBJECT_POOL_H
#define CAPIMG__CORE__OBJECT_POOL_H

#include "cap_read.h"
#include "tree_scan.h"

namespace Capimg
{

struct Object_pool
{
	uint64_t tree = 0;    /* address of the tree object */
	uint64_t objects = 0; /* nodes */
	Lock_state lock = Lock_state::UNKNOWN;
};

/* one object in a pool */
struct Pool_object
{
	uint64_t node = 0;  /* address of its AVL node; the capability follows */
	uint64_t index = 0; /* entry of the map that the capability points to */
	uint64_t badge = 0;
};

/*
 * All objects of one pool, in the order of their badges
 *
 * The map must have passed 'check_cap_map'. 'cap_offset' is the distance from a node to its
 * pointer to an entry, as a manifest declares it.
 */
class Object_pool_walk : Noncopyable
{
	Memory_view &_view;
	Cap_map const _map;
	uint32_t const _cap_offset;
	Avl_walk _avl;
	uint64_t _last_badge = 0;
	bool _seen = false;

  public:
	/* at most 'limit' nodes, then LIMIT */
	Object_pool_walk(Memory_view &view, Cap_map const &map, uint64_t tree, uint32_t cap_offset,
					 uint64_t limit)
		: _view(view), _map(map), _cap_offset(cap_offset), _avl(view, map.word_bytes, tree, limit)
	{}

	/* a pool as all releases have it: the capability follows the node */
	Object_pool_walk(Memory_view &view, Cap_map const &map, uint64_t tree)
		: Object_pool_walk(view, map, tree, avl_node_size(map.word_bytes), Limit::MAX_CAP_ENTRIES)
	{}

	/*
	 * NOT_FOUND after the last
	 *
	 * Errors of 'Avl_walk'; DANGLING "cap" if a node is not followed by a pointer to an entry
	 * in use; INCONSISTENT "badge" if badges do not ascend, with the address of the node.
	 */
	Result<Pool_object> next();
};

/*
 * Entry of the map that a node's capability points to, and the badge there
 *
 * ABSENT or DANGLING "cap".
 */
Result<Pool_object> pool_object(Memory_view &, Cap_map const &, uint64_t node, uint32_t cap_offset);

/*
 * All pools with at least one object, in one pass over memory, by ascending address
 *
 * The map must have passed 'check_cap_map'. 'buffer' is only used where 'Memory::peek' gives
 * nothing; MIN_SCAN_BUFFER is enough.
 */
class Object_pool_scan : Noncopyable
{
	Memory_view _view;
	Cap_map const _map;
	Tree_scan _scan;

  public:
	Object_pool_scan(Memory const &memory, Cap_map const &map, Bytes buffer)
		: _view(memory), _map(map), _scan(_view, memory_bounds(memory), map.word_bytes, buffer)
	{}

	/* NOT_FOUND after the last, or a failure of the memory itself */
	Result<Object_pool> next();
};

}

#endif /* CAPIMG__CORE__OBJECT_POOL_H */
