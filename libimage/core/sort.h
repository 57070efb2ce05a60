/*
 * Sorting by a number
 *
 * Radix sort, least significant byte first: linear, stable, no recursion, 1 KiB of stack. Bytes
 * in which all keys are equal cost one look: badges of core have 28 bit.
 */

#ifndef CAPIMG__CORE__SORT_H
#define CAPIMG__CORE__SORT_H

#include "types.h"

namespace Capimg
{

/*
 * Sort 'count' items by ascending 'key(item)', a uint64_t
 *
 * 'scratch' holds 'count' items too. Both arrays belong to the caller, and are plain data.
 */
template <typename T, typename KEY>
void sort_by(T *items, T *scratch, uint32_t count, KEY const &key)
{
	/* bits in which keys differ, and whether there is anything to do at all */
	uint64_t differ = 0;
	bool sorted = true;
	for (uint32_t i = 1; i < count; i++) {
		uint64_t const previous = key(items[i - 1]), current = key(items[i]);
		differ |= previous ^ current;
		sorted = sorted && previous <= current;
	}
	if (sorted) return;

	T *from = items, *to = scratch;
	for (unsigned shift = 0; shift < 64; shift += 8) {
		if (!((differ >> shift) & 0xff)) continue;

		uint32_t begin[256] {};
		for (uint32_t i = 0; i < count; i++) begin[(key(from[i]) >> shift) & 0xff]++;

		uint32_t sum = 0;
		for (uint32_t &b : begin) {
			uint32_t const here = b;
			b = sum;
			sum += here;
		}
		for (uint32_t i = 0; i < count; i++) to[begin[(key(from[i]) >> shift) & 0xff]++] = from[i];

		T *const swap = from;
		from = to;
		to = swap;
	}
	if (from != items) copy_memory(items, from, count * sizeof(T));
}

}

#endif /* CAPIMG__CORE__SORT_H */
