/*
 * Searching, hinting and reading of capability maps, as several tests do it
 */

#ifndef CAPIMG__TESTS__SUPPORT__CAP_SEARCH_H
#define CAPIMG__TESTS__SUPPORT__CAP_SEARCH_H

#include <gtest/gtest.h>

#include <vector>

#include "libimage/core/cap_find.h"
#include "libimage/core/cap_read.h"
#include "libimage/core/cap_refs.h"
#include "libimage/core/object_pool.h"

namespace Capimg::Test
{

inline Cap_find_result find(Memory const &memory, Cap_hints const &hints = {})
{
	std::vector<uint8_t> work(CAP_FIND_WORK);
	Cap_find_result result {};
	EXPECT_FALSE(find_cap_maps(memory, hints, Bytes(work.data(), work.size()), result));
	return result;
}

inline Cap_hints place_of(Cap_map const &map)
{
	Cap_hints hints {};
	hints.has_addr = true;
	hints.addr = map.array;
	hints.kernel = map.kernel;
	hints.word_bytes = map.word_bytes;
	return hints;
}

/* read all there is, and look up every badge; returns the number of used slots */
inline uint64_t read_everything(Memory const &memory, Cap_map const &map, Status &status)
{
	std::vector<uint8_t> work(Cap_ref_scan::work_size(map));
	Cap_reader reader(memory, map, Bytes(work.data(), work.size()));
	status = reader.open();

	uint64_t used = 0;
	for (uint64_t i = 0; i < map.count;) {
		Result<Cap_entry> const e = reader.next_used(i);
		if (e.failed() && e.error().code == Code::ABSENT) {
			i = e.error().value + 1;
			continue;
		}
		if (e.failed()) break;
		(void)reader.find(e->badge).failed();
		used++;
		i = e->index + 1;
	}
	(void)reader.locks();

	std::vector<uint8_t> buffer(Limit::MIN_SCAN_BUFFER);
	Object_pool_scan pools(memory, map, Bytes(buffer.data(), buffer.size()));
	while (!pools.next().failed()) {
	}
	Cap_ref_scan refs(memory, map, Bytes(work.data(), work.size()));
	while (!refs.next().failed()) {
	}
	return used;
}

}

#endif /* CAPIMG__TESTS__SUPPORT__CAP_SEARCH_H */
