/*
 * Object_pools that were seen before, and whether one is being changed
 *
 * While its lock is held, the links and depths of a pool's tree may be in any state that Genode's
 * insertion, removal and rotation pass through. The tree object itself always has no parent, no
 * right child, and either no child or a node of the pool.
 */

#ifndef CAPIMG__ENGINE__KNOWN_POOLS_H
#define CAPIMG__ENGINE__KNOWN_POOLS_H

#include "libimage/core/object_pool.h"

namespace Capimg::Engine
{

/*
 * Address of the lock of a pool that is being changed, else 0
 *
 * tree  an address that 'Tree_scan' yields, LOOSE. What only points to a node of a pool is
 *       no tree object, whatever stands behind it: that node is at home elsewhere.
 */
uint64_t held_pool_lock(Memory_view &, Cap_map const &, uint64_t tree);

class Known_pools : Noncopyable
{
  public:
	/* a component has one per entrypoint; of more, those that were seen last are known */
	static constexpr unsigned MAX = 64;

  private:
	struct Pool
	{
		uint64_t tree = 0;
		uint64_t policy = 0; /* the word behind the node: functions of the tree's type */
	};

	Pool _pools[MAX] {};
	unsigned _count = 0, _next = 0;

  public:
	/* nothing if it is known */
	void add(Memory_view &, Cap_map const &, uint64_t tree);

	/*
	 * Address of the lock of a pool that is held, else 0; also of an empty one
	 *
	 * A pool may be gone, and its memory be used for something else: that is no pool any more.
	 */
	uint64_t held(Memory_view &, Cap_map const &) const;
};

}

#endif /* CAPIMG__ENGINE__KNOWN_POOLS_H */
