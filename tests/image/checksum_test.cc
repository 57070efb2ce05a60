/*
 * Core's own checksum against libxxhash
 */

#include <gtest/gtest.h>
#include <random>
#include <vector>
#include <xxhash.h>

#include "libimage/core/checksum.h"

using namespace Capimg;

TEST(Checksum, is_that_of_libxxhash_for_every_size)
{
	std::mt19937_64 random(1);
	std::vector<unsigned char> bytes(70000);
	for (unsigned char &b : bytes) b = static_cast<unsigned char>(random());

	/* all branches: 0, 1-3, 4-8, 9-16, 17-128, 129-240, several stripes and blocks; unaligned */
	for (std::size_t size = 0; size <= 4200; size++)
		ASSERT_EQ(checksum({ bytes.data() + size % 9, size }),
				  XXH3_64bits(bytes.data() + size % 9, size))
			<< size;
	for (std::size_t size : { 8191, 8192, 8193, 65535, 65536, 65537, 69999 })
		ASSERT_EQ(checksum({ bytes.data(), size }), XXH3_64bits(bytes.data(), size)) << size;
}

TEST(Checksum, depends_on_every_bit)
{
	std::vector<unsigned char> bytes(4096, 7);
	std::uint64_t const before = checksum({ bytes.data(), bytes.size() });
	for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += 61) {
		bytes[bit / 8] ^= static_cast<unsigned char>(1 << (bit % 8));
		ASSERT_NE(checksum({ bytes.data(), bytes.size() }), before) << bit;
		bytes[bit / 8] ^= static_cast<unsigned char>(1 << (bit % 8));
	}
}
