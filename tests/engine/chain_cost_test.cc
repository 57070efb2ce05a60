/*
 * What reading a chain takes: reads of the sources, working memory, time with hostile images
 */

#include <gtest/gtest.h>
#include <random>

#include "libimage/compression.h"
#include "libimage/core/checksum.h"
#include "libimage/sha256.h"
#include "tests/support/engine_chain.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using Image_bytes = std::vector<std::byte>;

/* counts reads of chunks and of blocks */
class Counting_source final : public Memory_source
{
	Image const _image;

  public:
	std::uint64_t chunks = 0, blocks = 0;

	explicit Counting_source(std::span<std::byte const> bytes)
		: Memory_source(bytes), _image(open_image(bytes))
	{}

	Capimg::uint64_t stored_chunks() const
	{
		std::uint64_t count = 0;
		for (std::uint64_t i = 0; i < _image.directory().chunks(); i++)
			count += _image.directory().chunk(i).stored();
		return count;
	}

	Status read(Capimg::uint64_t offset, Bytes dst) override
	{
		bool chunk = false;
		for (std::uint64_t i = 0; i < _image.directory().chunks(); i++)
			chunk |= _image.directory().chunk(i).stored() &&
					 _image.directory().chunk(i).offset == offset;
		(chunk ? chunks : blocks)++;
		return Memory_source::read(offset, dst);
	}
};

/* 'deltas' images on a whole one of 'blocks' blocks, each with some blocks of its own */
std::vector<Image_bytes> long_chain(unsigned deltas, std::uint64_t blocks)
{
	std::mt19937 random(7);
	std::vector<unsigned> seeds(blocks);
	auto const content = [](unsigned seed) {
		std::vector<std::byte> bytes(4096);
		std::mt19937 r(seed);
		for (std::size_t i = 0; i < 64; i++) bytes[i] = std::byte(r() | 1);
		return bytes;
	};

	std::vector<Image_bytes> images;
	for (unsigned i = 0; i <= deltas; i++) {
		Small_image small;
		Pieces pieces;
		if (i) {
			Image const parent = open_image(images.front());
			auto const *const state =
				reinterpret_cast<std::byte const *>(parent.trailer().state.bytes);
			small.parent_digest = { state, state + State_digest::SIZE };
			small.head.required_features = Feature::INHERITED;
		}
		for (std::uint64_t n = 0; n < blocks; n++) {
			bool const own = !i || random() % 64 == 0;
			if (own) seeds[n] = random();
			auto const bytes = content(seeds[n]);
			if (own)
				pieces.bytes(bytes);
			else
				pieces.inherited(n, { checksum({ bytes.data(), bytes.size() }) });
		}
		small.dataspaces.push_back(std::move(pieces));
		images.insert(images.begin(), small.write());
	}
	return images;
}

}

TEST(Engine_chain_cost, chunks_of_each_image_are_read_once)
{
	auto const images = long_chain(20, 3000);
	std::deque<Counting_source> sources;
	std::vector<Engine::Source *> pointers;
	for (Image_bytes const &image : images) pointers.push_back(&sources.emplace_back(image));

	Sodium_sha256 hash;
	Opened_chain opened(pointers, nullptr, hash);
	ASSERT_FALSE(opened.status) << opened.status.field;
	for (Counting_source &source : sources) source.chunks = source.blocks = 0;

	Engine::Chain &chain = opened.chain();
	std::vector<std::uint64_t> from(images.size());
	for (std::uint64_t n = 0; n < chain.newest().blocks(); n++) {
		Exact_bytes const out(4096);
		bool zero = false;
		ASSERT_FALSE(chain.read(n, out.bytes(), zero));
		from[chain.find(n)->image]++;
	}
	std::uint64_t reads = 0;
	for (std::size_t i = 0; i < sources.size(); i++) {
		EXPECT_EQ(sources[i].chunks, sources[i].stored_chunks()) << i;
		EXPECT_EQ(sources[i].blocks, from[i]) << i;
		reads += sources[i].blocks;
	}
	EXPECT_EQ(reads, 3000u);
	EXPECT_GT(from.back(), 1000u); /* found 20 images down */
}

TEST(Engine_chain_cost, work_is_all_the_memory_that_is_written)
{
	auto const images = long_chain(2, 100);
	std::deque<Memory_source> sources;
	std::vector<Engine::Image *> pointers;
	std::deque<Opened_image> opened;
	Sodium_sha256 hash;
	for (Image_bytes const &image : images) {
		opened.emplace_back(sources.emplace_back(image), hash);
		ASSERT_FALSE(opened.back().status);
		pointers.push_back(&opened.back().image);
	}

	/* at every alignment, with bytes around that must stay */
	for (std::size_t shift = 0; shift < 9; shift++) {
		static constexpr std::size_t GUARD = 64;
		std::vector<std::byte> memory(GUARD + Engine::Chain::WORK_SIZE + GUARD + 16,
									  std::byte(0xa5));
		Bytes const work(memory.data() + GUARD + shift, Engine::Chain::WORK_SIZE);
		Engine::Chain chain(pointers.data(), unsigned(pointers.size()), nullptr, work);
		ASSERT_FALSE(chain.connect());
		EXPECT_FALSE(chain.verify());

		for (std::size_t i = 0; i < memory.size(); i++) {
			bool const inside = i >= GUARD + shift && i < GUARD + shift + work.size();
			ASSERT_TRUE(inside || memory[i] == std::byte(0xa5)) << i;
		}
	}
}

TEST(Engine_chain_cost, largest_blocks_fit)
{
	Small_image small;
	small.head.profile = { Engine::Chain::MAX_BLOCK_SIZE, Codec_id::ZSTD, 1,
						   codec_version(Codec_id::ZSTD), 0 };
	std::vector<std::byte> bytes(Engine::Chain::MAX_BLOCK_SIZE);
	std::mt19937 random(1);
	for (std::size_t i = 0; i + 64 < bytes.size(); i++) bytes[i] = std::byte(random() % 100);
	Pieces pieces;
	for (unsigned i = 0; i < 1100; i++) {
		bytes[0] = std::byte(i);
		bytes[1] = std::byte(i >> 8);
		pieces.bytes(bytes);
	}
	small.dataspaces.push_back(std::move(pieces));
	auto const image = small.write();

	Memory_source source(image);
	Sodium_sha256 hash;
	Host_codec codec;
	Opened_chain opened({ &source }, &codec, hash);
	ASSERT_FALSE(opened.status);
	EXPECT_EQ(opened.chain().verify().code, Code::OK);
	EXPECT_EQ(opened.chain().find(1)->block.kind, Block_kind::ZSTD);
	EXPECT_GT(opened.chain().find(1)->block.stored_size, 50000u);
}
