/*
 * Reading chains in the engine, against libimage's reader
 */

#include <algorithm>
#include <gtest/gtest.h>

#include "libimage/compression.h"
#include "libimage/core/checksum.h"
#include "libimage/image_chain.h"
#include "libimage/sha256.h"
#include "tests/support/engine_chain.h"
#include "tests/support/image_family.h"
#include "tests/support/reseal.h"
#include "tests/support/verdict.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using Image_bytes = std::vector<std::byte>;

/* both readers of one chain of images, given newest first */
struct Both
{
	std::vector<Image_bytes> const images;
	std::shared_ptr<Image> host {};
	std::deque<Memory_source> sources {};
	Sodium_sha256 hash {};
	Host_codec codec {};
	std::unique_ptr<Opened_chain> engine {};

	explicit Both(std::vector<Image_bytes> given) : images(std::move(given))
	{
		Images opened;
		std::vector<Engine::Source *> pointers;
		for (Image_bytes const &bytes : images) {
			sources.emplace_back(bytes);
			pointers.push_back(&sources.back());
			opened.push_back(std::make_shared<Image>(open_image(bytes)));
		}
		host = opened.front();
		opened.erase(opened.begin());
		connect_parents(*host, opened, Ancestors::AS_GIVEN);
		engine = std::make_unique<Opened_chain>(pointers, &codec, hash);
	}
};

/* every block: the same bytes or the same error; true if no block is missing or wrong */
bool expect_same_blocks(Both &both)
{
	Image const &host = *both.host;
	std::vector<std::byte> buffer(host.block_size());
	bool sound = true;

	for (std::uint64_t n = 0; n < host.blocks(); n++) {
		std::span<std::byte const> expected;
		Verdict const verdict = verdict_of([&] { expected = host.read_block(n, buffer); });

		Exact_bytes const out(host.size_of_block(n));
		out.bytes().zero();
		bool zero = false;
		Status const status = both.engine->chain().read(n, out.bytes(), zero);
		EXPECT_EQ(verdict_of(status), verdict) << "block " << n;
		sound =
			sound &&
			(!status || (status.code == Code::ABSENT && host.block(n).kind == Block_kind::ABSENT));
		if (status || verdict.code != Code::OK) continue;

		Const_bytes const bytes(expected.data(), expected.size());
		EXPECT_EQ(Const_bytes(out.bytes()), bytes) << "block " << n;
		EXPECT_TRUE(!zero || bytes.all_zero()) << "block " << n;
	}
	return sound;
}

std::vector<Image_bytes> newest_first(Image_family const &family)
{
	std::vector<Image_bytes> images;
	for (auto const &generation : family.generations())
		images.insert(images.begin(), generation.image);
	return images;
}

}

TEST(Engine_chain, equals_libimage_for_random_families)
{
	for (unsigned seed = 0; seed < 40; seed++) {
		SCOPED_TRACE(seed);
		Both both(newest_first(Image_family(seed, seed % 5)));
		ASSERT_FALSE(both.engine->status) << both.engine->status.field;
		EXPECT_TRUE(expect_same_blocks(both));
		EXPECT_EQ(both.engine->chain().verify().code, Code::OK);
	}
}

TEST(Engine_chain, blocks_in_any_order)
{
	Both both(newest_first(Image_family(4, 3)));
	ASSERT_FALSE(both.engine->status);
	std::mt19937 random(1);
	std::vector<std::byte> buffer(both.host->block_size());
	for (unsigned i = 0; i < 300; i++) {
		std::uint64_t const n = random() % both.host->blocks();
		Exact_bytes const out(both.host->size_of_block(n));
		bool zero = false;
		if (both.engine->chain().read(n, out.bytes(), zero)) continue;
		if (zero) out.bytes().zero();
		auto const expected = both.host->read_block(n, buffer);
		ASSERT_EQ(Const_bytes(out.bytes()), Const_bytes(expected.data(), expected.size())) << n;
	}
}

class Engine_chain_profile : public testing::TestWithParam<std::tuple<Codec_id, std::uint32_t, int>>
{};

/* blocks that are the same as others, in both images of a chain */
TEST_P(Engine_chain_profile, same_blocks_inherited)
{
	auto const [codec, block, dedup] = GetParam();
	Small_image small;
	small.head.profile = { block, codec, std::int8_t(codec_levels(codec).usual),
						   codec_version(codec), std::uint8_t(dedup) };
	std::uint64_t const half = block / 2;
	small.dataspaces.push_back(
		Pieces().random(half, 1).zero(half).random(block, 2).random(half, 1).zero(half + block));
	small.dataspaces.push_back(
		Pieces().absent(block).random(block, 2).random(half, 1).zero(half).random(17, 3));
	Image_bytes const parent = small.write();
	Image const opened = open_image(parent);

	auto const digests = [&](std::uint64_t first, std::uint64_t count) {
		std::vector<std::uint64_t> result;
		for (std::uint64_t n = first; n < first + count; n++)
			result.push_back(opened.block(n).digest);
		return result;
	};
	auto const *const state = reinterpret_cast<std::byte const *>(opened.trailer().state.bytes);
	small.parent_digest = { state, state + State_digest::SIZE };
	small.head.required_features = Feature::INHERITED;
	small.dataspaces[0] = Pieces()
							  .inherited(5, digests(5, 2), block)
							  .inherited(0, digests(0, 3), block)
							  .random(block, 7);
	small.dataspaces[1] = Pieces().random(block, 7).inherited(7, digests(7, 1), 17);

	Both both({ small.write(), parent });
	ASSERT_FALSE(both.engine->status) << both.engine->status.field;
	EXPECT_TRUE(expect_same_blocks(both));
	EXPECT_EQ(both.engine->chain().verify().code, Code::OK);
}

INSTANTIATE_TEST_SUITE_P(
	all, Engine_chain_profile,
	testing::Combine(testing::Values(Codec_id::RAW, Codec_id::ZSTD, Codec_id::LZ4),
					 testing::Values(4096u, 16384u, Engine::Chain::MAX_BLOCK_SIZE),
					 testing::Values(0, 6)));

TEST(Engine_chain, contents_that_are_not_those_of_the_state_digest)
{
	/* a block is another one, in bytes, index and all checksums */
	Small_image small;
	small.dataspaces.push_back(Pieces().random(3 * 4096, 1));
	Image_bytes bytes = small.write();
	Image const image = open_image(bytes);
	std::uint64_t const entry = image.directory().chunk(0).offset + Block::ENTRY_SIZE;
	std::uint64_t const where = image.block(1).where;
	bytes[where] ^= std::byte(1);
	std::uint64_t const digest = checksum({ bytes.data() + where, 4096 });
	put(bytes, entry + 16, 8, digest);
	put(bytes, entry + 24, 8, digest);
	reseal(bytes);

	Both both({ bytes });
	ASSERT_FALSE(both.engine->status);
	EXPECT_TRUE(expect_same_blocks(both));
	Error const error = both.engine->chain().verify();
	EXPECT_EQ(error.code, Code::DAMAGED);
	EXPECT_STREQ(error.field, "chunk.contentDigest");
}

/* entries of the first chunk of each image, with matching checksums; images that are then wrong */
static unsigned attack_entries(std::vector<Image_bytes> const &original, unsigned seed)
{
	static constexpr std::uint64_t EXTREMES[] { 0,    1,       2,          5,          6,
												7,    0xff,    0x1000,     0x7fffffff, 0xffffffff,
												1000, 1 << 20, 1ull << 40, 1ull << 63, ~0ull };
	std::mt19937 random(seed);
	auto const extreme = [&] { return EXTREMES[random() % std::size(EXTREMES)]; };
	unsigned unsound = 0;

	for (std::size_t i = 0; i < original.size(); i++) {
		Image const image = open_image(original[i]);
		Chunk const chunk = image.directory().chunk(0);
		if (!chunk.stored()) continue;

		auto const attack = [&](std::size_t at, unsigned width, std::uint64_t value) {
			auto images = original;
			put(images[i], at, width, value);
			reseal(images[i]);
			SCOPED_TRACE(std::to_string(i) + " " + std::to_string(at - chunk.offset) + " " +
						 std::to_string(value));
			Both both(std::move(images));
			ASSERT_FALSE(both.engine->status) << both.engine->status.field;
			bool const sound = expect_same_blocks(both);
			unsound += !sound;
			EXPECT_TRUE(sound || bool(both.engine->chain().verify()));
		};
		for (std::uint64_t n = 0; n < image.blocks(); n++) {
			std::size_t const at = chunk.offset + n * Block::ENTRY_SIZE;
			for (unsigned field = 0; field < 32; field += 8) attack(at + field, 8, extreme());
			attack(at, 1, random() % 9);
			attack(at + 8, 8, random() % image.blocks());
			attack(at + 4, 4, extreme());
		}
	}
	return unsound;
}

TEST(Engine_chain, hostile_values_in_entries_of_any_image)
{
	unsigned unsound = 0, families = 0;
	for (unsigned seed = 0; families < 8; seed++) {
		auto const images = newest_first(Image_family(seed, 1 + seed % 3));
		auto const large = [](auto const &image) { return open_image(image).blocks() > 50; };
		if (std::ranges::any_of(images, large)) continue;
		families++;
		SCOPED_TRACE(seed);
		unsound += attack_entries(images, seed);
	}
	EXPECT_GT(unsound, 500u);
}
