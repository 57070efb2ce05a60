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
 * 'scratch' holds 'count' items too. Both arrays belong to the caller, and are plain data. The
 * lowest 'ignored' bits of keys do not count.
 */
template <typename T, typename KEY>
void sort_by(T *items, T *scratch, uint32_t count, KEY const &key, unsigned ignored = 0)
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
	for (unsigned shift = ignored; shift < 64; shift += 8) {
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

/*
 * Sort items that only 'less(i, j)' and 'swap(i, j)' can get at, without memory of its own
 *
 * Heap sort: O(n log n) whatever the items are, not stable.
 */
template <typename LESS, typename SWAP>
void sort_in_place(uint32_t count, LESS const &less, SWAP const &swap)
{
	auto const sink = [&](uint32_t i, uint32_t end) {
		for (;;) {
			uint64_t child = 2 * uint64_t(i) + 1;
			if (child >= end) return;
			if (child + 1 < end && less(uint32_t(child), uint32_t(child + 1))) child++;
			if (!less(i, uint32_t(child))) return;
			swap(i, uint32_t(child));
			i = uint32_t(child);
		}
	};
	for (uint32_t i = count / 2; i--;) sink(i, count);
	for (uint32_t end = count; end > 1; end--) {
		swap(0, end - 1);
		sink(0, end - 1);
	}
}

}

#endif /* CAPIMG__CORE__SORT_H */
