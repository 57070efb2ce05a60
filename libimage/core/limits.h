/*
 * Limits of the format, each with its reason
 *
 * An image above one of them is refused by every reader and never written by any writer.
 */

#ifndef CAPIMG__CORE__LIMITS_H
#define CAPIMG__CORE__LIMITS_H

#include "types.h"

namespace Capimg::Limit
{

/* one page of the smallest page size, so that a block never spans more than whole pages */
inline constexpr uint32_t MIN_BLOCK_SIZE = 4096;

/* a reader holds one decoded block: 1 MiB is where zstd gains nothing more on memory */
inline constexpr uint32_t MAX_BLOCK_SIZE = 1024 * 1024;

/* a whole chunk of the default block size describes 4 MiB, and is 32 KiB: one read */
inline constexpr uint32_t CHUNK_BLOCKS = 1024;

/* 4 TiB of the smallest blocks; an image of 1 TiB must be describable. Directory: 32 MiB */
inline constexpr uint64_t MAX_BLOCKS = 1ull << 30;

/* sections are few; a table of 1024 is 40 KiB */
inline constexpr uint32_t MAX_SECTIONS = 1024;

/*
 * 1 Mi capabilities, each with an object and a place in a pool, need about 110 MiB; the
 * manifest is held in memory
 */
inline constexpr uint64_t MAX_MANIFEST_SIZE = 256 * 1024 * 1024;

/* an unknown section is copied through memory by tools that rewrite an image */
inline constexpr uint64_t MAX_SECTION_SIZE = 256 * 1024 * 1024;

/* 1 Mi capabilities and as many other objects */
inline constexpr uint32_t MAX_OBJECTS = 2 * 1024 * 1024;
inline constexpr uint32_t MAX_CAPABILITIES = 1024 * 1024;

/* the component's own, and those of PDs that it made; entries of their maps count together */
inline constexpr uint32_t MAX_CAPABILITY_SPACES = 256;

/* Genode nests two (stack area in address space); managed dataspaces add a few */
inline constexpr unsigned MAX_REGION_MAP_DEPTH = 16;

/* resolving an address costs at most this many steps per level; 64 Ki mappings on Linux */
inline constexpr uint32_t MAX_REGIONS = 1024 * 1024;

/* direct-mapped table of 16 bytes a slot: 256 MiB, on machines that have it */
inline constexpr uint8_t MAX_DEDUP_LOG2 = 24;

}

#endif /* CAPIMG__CORE__LIMITS_H */
