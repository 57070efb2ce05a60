/*
 * Object_pools of captured memory with all their objects, as import and 'caps --scan' want them
 */

#ifndef CAPIMG__POOL_SEARCH_H
#define CAPIMG__POOL_SEARCH_H

#include <string>
#include <vector>

#include "core/object_pool.h"

namespace Capimg
{

struct Found_pool
{
	std::uint64_t tree = 0; /* address of the tree object */
	Lock_state lock = Lock_state::UNKNOWN;
	std::vector<Pool_object> nodes {}; /* ascending addresses */
};

/*
 * All pools with at least one object, by ascending address
 *
 * The map must have passed 'check_cap_map'. A pool of which an object has no badge (its entry
 * holds the invalid id) is none. Throws 'Image_error' that names 'file': a failure of the
 * memory, LIMIT if there are more objects than an image may have.
 */
std::vector<Found_pool> find_object_pools(Memory const &, Cap_map const &, std::string const &file);

}

#endif /* CAPIMG__POOL_SEARCH_H */
