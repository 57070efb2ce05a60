/*
 * Core's own checksum against libxxhash
 */

#include <gtest/gtest.h>
#include <random>
#include <vector>
#include <xxhash.h>

#include "libimage/core/checksum.h"
#include "libimage/core/checksum_loop.h"

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

namespace
{

std::vector<unsigned char> random_bytes(std::size_t size)
{
	std::mt19937_64 random(2);
	std::vector<unsigned char> bytes(size);
	for (unsigned char &b : bytes) b = static_cast<unsigned char>(random());
	return bytes;
}

}

TEST(Checksum, of_a_copy_is_that_of_its_bytes)
{
	std::vector<unsigned char> const bytes = random_bytes(70000);
	std::vector<unsigned char> copy(bytes.size() + 192);
	auto *const aligned = copy.data() + (64 - reinterpret_cast<std::uintptr_t>(copy.data()) % 64);

	for (Copy const how : { Copy::CACHED, Copy::STREAMED })
		for (std::size_t size = 0; size < 70000; size += size < 1100 ? 1 : 64 - size % 64)
			for (std::size_t const shift : { 0, 1, 32 }) {
				std::fill_n(aligned, size + shift + 1, 0xa5);
				unsigned char const *const from = bytes.data() + size % 3;
				std::size_t const part = std::min(size, bytes.size() - 3);
				ASSERT_EQ(checksum_copy({ aligned + shift, part }, { from, part }, how),
						  XXH3_64bits(from, part))
					<< size;
				finish_streamed();
				ASSERT_TRUE(std::equal(from, from + part, aligned + shift)) << size;
				ASSERT_EQ(aligned[shift + part], 0xa5) << size;
			}
	EXPECT_EQ(checksum_copy({ copy.data(), 1 }, { bytes.data(), 2 }), 0u);
}

/* that of this CPU is what all other tests use */
TEST(Checksum, loops_for_all_cpus_agree)
{
	std::vector<unsigned char> const bytes = random_bytes(9000);
	alignas(64) unsigned char copy[9024];

	for (Xxh3::Loops const *loops : { Xxh3::portable_loops(), Xxh3::avx2_loops() }) {
		if (!loops) continue;
		for (std::size_t size = 241; size < 9000; size++) {
			std::uint64_t ours[Xxh3::LANES] { 1, 2, 3, 4, 5, 6, 7, 8 }, theirs[Xxh3::LANES];
			std::copy(ours, ours + Xxh3::LANES, theirs);
			Xxh3::portable_loops()->check(theirs, bytes.data(), size, nullptr);
			loops->check(ours, bytes.data(), size, nullptr);
			ASSERT_TRUE(std::equal(ours, ours + Xxh3::LANES, theirs)) << size;

			if (size % Xxh3::STRIPE) continue;
			for (Xxh3::Loop const loop : { loops->copy, loops->stream }) {
				std::uint64_t copied[Xxh3::LANES] { 1, 2, 3, 4, 5, 6, 7, 8 };
				std::fill_n(copy, sizeof(copy), 0xa5);
				loop(copied, bytes.data(), size, copy);
				loops->finish_streamed();
				ASSERT_TRUE(std::equal(copied, copied + Xxh3::LANES, theirs)) << size;
				ASSERT_TRUE(std::equal(copy, copy + size, bytes.data())) << size;
				ASSERT_EQ(copy[size], 0xa5) << size;
			}
		}
	}
}
