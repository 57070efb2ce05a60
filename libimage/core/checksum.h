/*
 * Checksum of blocks, chunks and sections: XXH3, 64 bit, seed 0, default secret
 *
 * Specified in xxHash's doc/xxhash_spec.md (0.2.0, "XXH3"). It finds damage; it does not
 * resist somebody who wants a collision. One portable implementation for ECU and host; tests
 * compare it with libxxhash. Thread-safe.
 */

#ifndef CAPIMG__CORE__CHECKSUM_H
#define CAPIMG__CORE__CHECKSUM_H

#include "bytes.h"

namespace Capimg
{

uint64_t checksum(Const_bytes);

/*
 * CACHED    as any copy
 * STREAMED  past the caches, for much more than they hold: a store to memory that is not cached
 *           reads it first, otherwise. 'finish_streamed' must be called by the same thread before
 *           another one is told that the bytes are there
 */
enum class Copy : uint8_t { CACHED, STREAMED };

/*
 * Copy 'src' to 'dst', which is at least as long, and return the checksum of the bytes copied
 *
 * Holds as well if 'src' changes meanwhile: what is checked is what 'dst' has.
 */
uint64_t checksum_copy(Bytes dst, Const_bytes src, Copy = Copy::CACHED);

void finish_streamed();

}

#endif /* CAPIMG__CORE__CHECKSUM_H */
