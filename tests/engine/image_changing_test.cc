/*
 * A source that gives other bytes at each read: noticed or harmless
 */

#include <gtest/gtest.h>
#include <random>

#include "libimage/compression.h"
#include "libimage/sha256.h"
#include "tests/support/engine_chain.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

/* from read number 'from' on, a byte of most reads is another one */
class Changing_source final : public Memory_source
{
	std::mt19937 _random;
	std::uint64_t const _from;
	std::uint64_t const _size;

  public:
	Changing_source(std::span<std::byte const> bytes, unsigned seed, std::uint64_t from,
					std::uint64_t size)
		: Memory_source(bytes), _random(seed), _from(from), _size(size)
	{}

	Capimg::uint64_t size() const override { return _size; }

	Status read(Capimg::uint64_t offset, Bytes dst) override
	{
		if (Status const status = Memory_source::read(offset, dst)) return status;
		if (reads > _from && dst.size() && _random() % 4)
			dst.base()[_random() % dst.size()] ^= Capimg::uint8_t(1 << _random() % 8);
		return ok;
	}
};

std::vector<std::byte> sample()
{
	Small_image small;
	small.head.profile = { 4096, Codec_id::ZSTD, 1, codec_version(Codec_id::ZSTD), 0 };
	small.dataspaces.push_back(Pieces().random(30000, 1).zero(5000));
	small.dataspaces.push_back(Pieces().text(std::string(5000, 'y')));
	return small.write();
}

}

TEST(Engine_image_changing, opened_is_the_original_or_not_at_all)
{
	auto const bytes = sample();
	Sodium_sha256 hash;
	Memory_source source(bytes);
	Opened_image const original(source, hash);
	ASSERT_FALSE(original.status);
	unsigned const reads = unsigned(source.reads);
	ASSERT_GE(reads, 5u);

	unsigned opened = 0;
	for (unsigned seed = 0; seed < 2000; seed++) {
		Changing_source changing(bytes, seed, seed % (reads + 1), bytes.size());
		Opened_image const image(changing, hash);
		if (image.status) continue;
		opened++;
		EXPECT_EQ(Const_bytes(image.image.message()), Const_bytes(original.image.message()));
		EXPECT_EQ(image.image.trailer().state, original.image.trailer().state);
		EXPECT_EQ(image.image.blocks(), original.image.blocks());
		for (std::uint64_t i = 0; i < image.image.directory().chunks(); i++)
			EXPECT_EQ(image.image.directory().chunk(i), original.image.directory().chunk(i));
	}
	EXPECT_GT(opened, 0u);
	EXPECT_LT(opened, 2000u);
}

TEST(Engine_image_changing, chunks_are_the_original_or_damaged)
{
	auto const bytes = sample();
	Sodium_sha256 hash;
	Memory_source source(bytes);
	Opened_image const original(source, hash);
	Exact_bytes const expected(original.image.blocks() * Block::ENTRY_SIZE);
	ASSERT_FALSE(original.image.read_chunk(0, expected.bytes()).failed());

	for (unsigned seed = 0; seed < 200; seed++) {
		Changing_source changing(bytes, seed, source.reads - 1, bytes.size());
		Opened_image const image(changing, hash);
		ASSERT_FALSE(image.status);
		Exact_bytes const out(expected.bytes().size());
		auto const entries = image.image.read_chunk(0, out.bytes());
		if (entries.failed())
			EXPECT_EQ(entries.error().code, Code::DAMAGED);
		else
			EXPECT_EQ(*entries, Const_bytes(expected.bytes()));
	}
}

TEST(Engine_image_changing, size_that_is_not_that_of_the_source)
{
	auto const bytes = sample();
	Sodium_sha256 hash;
	for (std::uint64_t size :
		 { std::uint64_t(0), std::uint64_t(100), std::uint64_t(256), std::uint64_t(383),
		   bytes.size() - 1, bytes.size() + 1, std::uint64_t(1) << 40, ~std::uint64_t(0) })
	{
		Changing_source source(bytes, 1, ~0ull, size);
		EXPECT_NE(Opened_image(source, hash).status.code, Code::OK) << size;
	}
}

TEST(Engine_image_changing, blocks_are_the_original_or_an_error)
{
	auto const bytes = sample();
	Sodium_sha256 hash;
	Host_codec codec;
	Memory_source source(bytes);
	Opened_chain original({ &source }, &codec, hash);
	ASSERT_FALSE(original.status);
	std::uint64_t const reads = source.reads;

	unsigned same = 0, failed = 0;
	for (unsigned seed = 0; seed < 100; seed++) {
		Changing_source changing(bytes, seed, reads + seed % 2, bytes.size());
		Opened_chain chain({ &changing }, &codec, hash);
		ASSERT_FALSE(chain.status);
		for (std::uint64_t n = 0; n < original.chain().newest().blocks(); n++) {
			std::uint32_t const size = original.chain().newest().block_size(n).value();
			Exact_bytes const out(size), expected(size);
			bool zero = false, expected_zero = false;
			ASSERT_FALSE(original.chain().read(n, expected.bytes(), expected_zero));
			Status const status = chain.chain().read(n, out.bytes(), zero);
			failed += bool(status);
			if (status) continue;
			same++;
			ASSERT_EQ(zero, expected_zero);
			ASSERT_TRUE(zero || Const_bytes(out.bytes()) == Const_bytes(expected.bytes()));
		}
	}
	EXPECT_GT(same, 0u);
	EXPECT_GT(failed, 0u);
}
