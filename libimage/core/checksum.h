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

}

#endif /* CAPIMG__CORE__CHECKSUM_H */
