/*
 * What an image may cost its reader
 *
 * core/limits.h says what an image may be at most. This is what a user puts up with: the defaults
 * are the format's limits, and what an honest image never comes near. An image carries the limits
 * that it was opened with, for all that look at it. What goes beyond one is 'Image_error' with
 * LIMIT.
 */

#ifndef CAPIMG__READING_LIMITS_H
#define CAPIMG__READING_LIMITS_H

#include <cstdint>

#include "core/limits.h"

namespace Capimg
{

struct Reading_limits
{
	std::uint64_t blocks = Limit::MAX_BLOCKS;
	std::uint64_t objects = Limit::MAX_OBJECTS;
	std::uint64_t manifest = Limit::MAX_MANIFEST_SIZE; /* bytes */

	/* ranges of addresses, after all nesting: maps within maps multiply what a file says */
	std::uint64_t regions = Limit::MAX_REGIONS;

	/*
	 * Memory that a command goes through byte by byte although no file has these bytes: zero or
	 * absent ones, and what regions show again. So many bytes, and 16 times what is stored.
	 */
	std::uint64_t shown = 1ull << 30;

	static constexpr std::uint64_t SHOWN_FACTOR = 16;

	bool operator==(Reading_limits const &) const = default;
};

}

#endif /* CAPIMG__READING_LIMITS_H */
