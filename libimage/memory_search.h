/*
 * Searching captured memory
 *
 * Memory is looked at block by block where it is mapped or decoded, and never copied but for
 * the bytes around borders: hits that span blocks, and regions that touch, are found. Working
 * memory is a few patterns' sizes. Bytes that were not captured match nothing. Every place
 * is reported at which the pattern begins, also where hits overlap.
 */

#ifndef CAPIMG__MEMORY_SEARCH_H
#define CAPIMG__MEMORY_SEARCH_H

#include <functional>

#include "address_space.h"
#include "search_pattern.h"

namespace Capimg
{

struct Search_totals
{
	std::uint64_t hits = 0;
	std::uint64_t searched = 0; /* bytes */
	std::uint64_t absent = 0;   /* bytes in the range that were not captured */
	bool stopped = false;       /* before the end, as 'Search_visit' wanted */
};

/* where the pattern begins: an address, or an offset of the dataspace; 'false' ends the search */
using Search_visit = std::function<bool(std::uint64_t position)>;

/*
 * Search what regions show between two addresses, both of them included
 *
 * Hits come in ascending order. Visitors must not use the same address space object: its bytes
 * are valid until the next call only. Throws 'Image_error': LIMIT if regions show the same
 * memory over and over (scan_memory.h); damaged blocks, a missing parent.
 */
Search_totals search_memory(Image const &, Address_space const &, Search_pattern const &,
							std::uint64_t first, std::uint64_t last, Search_visit const &);

/* the same in 'size' bytes of a dataspace, which it must have from 'offset' on */
Search_totals search_memory(Dataspace_reader const &, Search_pattern const &, std::uint64_t offset,
							std::uint64_t size, Search_visit const &);

}

#endif /* CAPIMG__MEMORY_SEARCH_H */
