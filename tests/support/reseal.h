/*
 * Making an image's checksums match again after it was changed: what an attacker would do
 */

#ifndef CAPIMG__TESTS__SUPPORT__RESEAL_H
#define CAPIMG__TESTS__SUPPORT__RESEAL_H

#include <cstddef>
#include <cstdint>
#include <span>

namespace Capimg::Test
{

/*
 * Recompute the digests of chunks, sections, section table, head and trailer, bottom up
 *
 * Pieces that lie outside of the bytes are left alone. Does nothing to bytes that are too
 * short for head and trailer.
 */
void reseal(std::span<std::byte> image);

/* little-endian values anywhere in the image; out of range is ignored */
std::uint64_t get(std::span<std::byte const>, std::size_t at, unsigned width);
void put(std::span<std::byte>, std::size_t at, unsigned width, std::uint64_t value);

}

#endif /* CAPIMG__TESTS__SUPPORT__RESEAL_H */
