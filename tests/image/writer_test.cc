/*
 * What the writer writes, the reader reads: contents, kinds of blocks, determinism
 */

#include <gtest/gtest.h>

#include "libimage/address_space.h"
#include "libimage/compression.h"
#include "libimage/core/checksum.h"
#include "libimage/image_error.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

std::vector<std::byte> read_all(Image const &image, std::uint32_t id)
{
	Dataspace_reader const reader(image, id);
	std::vector<std::byte> bytes(reader.size());
	reader.read(0, bytes);
	return bytes;
}

std::vector<std::byte> content_of(Pieces pieces)
{
	std::vector<std::byte> bytes(pieces.size());
	for (std::uint64_t at = 0; at < bytes.size();) {
		auto const extent = pieces.extent(at);
		if (extent.kind == Content::Extent::Kind::BYTES)
			pieces.read(at, std::span(bytes).subspan(at, extent.size));
		at += extent.size;
	}
	return bytes;
}

Small_image varied(Codec_id codec, std::uint32_t block_size, std::uint8_t dedup)
{
	Small_image image;
	image.head.profile = { block_size, codec, std::int8_t(codec_levels(codec).usual),
						   codec_version(codec), dedup };
	image.dataspaces.push_back(Pieces().random(3 * 4096, 1).zero(5 * 4096).random(100, 2));
	image.dataspaces.push_back(Pieces().text(std::string(20000, 'x')).absent(9 * 4096).zero(10));
	image.dataspaces.push_back(Pieces().random(3 * 4096, 1)); /* the first one's bytes again */
	image.dataspaces.push_back(Pieces().absent(40 * 1024, Absent_reason::REDACTED));
	image.dataspaces.push_back(Pieces().random(2 * 1024 * 1024 + 17, 3));
	return image;
}

struct Profile_case
{
	Codec_id codec;
	std::uint32_t block_size;
	std::uint8_t dedup;
};

class Writer_profiles : public testing::TestWithParam<Profile_case>
{};

}

TEST_P(Writer_profiles, contents_survive)
{
	auto const [codec, block_size, dedup] = GetParam();
	Small_image const small = varied(codec, block_size, dedup);
	Image const image = open_image(small.write());

	for (std::size_t i = 0; i < small.dataspaces.size(); i++)
		EXPECT_EQ(read_all(image, unsigned(3 + i)), content_of(small.dataspaces[i])) << i;

	/* what is absent is known to be, also in blocks that are partly known */
	Dataspace_reader const second(image, 4);
	EXPECT_TRUE(second.run(19999).known());
	EXPECT_EQ(second.run(20000).absent, Absent_reason::NOT_CAPTURED);
	EXPECT_EQ(second.run(20000 + 9 * 4096 - 1).absent, Absent_reason::NOT_CAPTURED);
	EXPECT_TRUE(second.run(20000 + 9 * 4096).known());
	EXPECT_EQ(Dataspace_reader(image, 6).run(0).absent, Absent_reason::REDACTED);
}

TEST_P(Writer_profiles, same_bytes_whatever_the_thread_count)
{
	auto const [codec, block_size, dedup] = GetParam();
	Small_image small = varied(codec, block_size, dedup);
	auto const one = small.write();
	for (unsigned threads : { 2, 3, 8 }) {
		small.threads = threads;
		EXPECT_EQ(small.write(), one) << threads;
	}
}

TEST_P(Writer_profiles, state_digest_does_not_depend_on_how_blocks_are_stored)
{
	auto const [codec, block_size, dedup] = GetParam();
	EXPECT_EQ(open_image(varied(codec, block_size, dedup).write()).trailer().state,
			  open_image(varied(Codec_id::RAW, block_size, 0).write()).trailer().state);
}

INSTANTIATE_TEST_SUITE_P(all, Writer_profiles,
						 testing::Values(Profile_case { Codec_id::RAW, 4096, 0 },
										 Profile_case { Codec_id::RAW, 4096, 10 },
										 Profile_case { Codec_id::RAW, 65536, 4 },
										 Profile_case { Codec_id::ZSTD, 4096, 10 },
										 Profile_case { Codec_id::ZSTD, 1048576, 10 },
										 Profile_case { Codec_id::LZ4, 4096, 0 },
										 Profile_case { Codec_id::LZ4, 16384, 8 }));

TEST(Writer, kinds_of_blocks)
{
	Image const image = open_image(varied(Codec_id::RAW, 4096, 10).write());

	EXPECT_EQ(image.block(0).kind, Block_kind::RAW);
	EXPECT_EQ(image.block(3).kind, Block_kind::ZERO);
	EXPECT_EQ(image.block(8).kind, Block_kind::RAW);
	EXPECT_EQ(image.size_of_block(8), 100u);

	auto const ranges = image.ranges();
	ASSERT_EQ(ranges.size(), 5u);

	/* the third dataspace repeats the first one's three blocks */
	for (unsigned i = 0; i < 3; i++) {
		Block const block = image.block(ranges[2].first_block + i);
		EXPECT_EQ(block.kind, Block_kind::SAME_AS);
		EXPECT_EQ(block.where, i);
		EXPECT_EQ(block.digest, image.block(i).digest);
	}

	/* absent as a whole */
	EXPECT_EQ(image.block(ranges[3].first_block).kind, Block_kind::ABSENT);
	EXPECT_EQ(image.block(ranges[3].first_block).absence, Block_absence::REDACTED);

	Storage const &storage = image.storage()[1];
	EXPECT_EQ(storage.blocks(), image.ranges()[2].first_block - ranges[1].first_block);
	EXPECT_EQ(storage.absent, 8u);
}

TEST(Writer, raw_blocks_are_page_aligned_and_compressed_ones_packed)
{
	Image const raw = open_image(varied(Codec_id::RAW, 4096, 0).write());
	EXPECT_EQ(raw.block(0).where % 4096, 0u);

	Image const packed = open_image(varied(Codec_id::ZSTD, 4096, 0).write());
	EXPECT_EQ(packed.block(0).where, Head::SIZE);
	EXPECT_EQ(packed.block(1).where, packed.block(0).where + packed.block(0).stored_size);
}

TEST(Writer, chunk_of_zeros_is_not_stored)
{
	Small_image small;
	small.dataspaces.push_back(Pieces().zero(64ull << 20));
	small.dataspaces.push_back(Pieces().absent(64ull << 20));
	auto const bytes = small.write();

	EXPECT_LT(bytes.size(), 4096u + 32 * 32 + 1024);
	Image const image = open_image(bytes);
	EXPECT_EQ(image.blocks(), 32768u);
	EXPECT_EQ(image.directory().chunk(0).uniform, Block_kind::ZERO);
	EXPECT_EQ(image.directory().chunk(31).uniform, Block_kind::ABSENT);
	EXPECT_EQ(read_all(image, 3), std::vector<std::byte>(64ull << 20));
}

TEST(Writer, inherited_blocks_come_from_the_parent)
{
	Small_image parent;
	parent.dataspaces.push_back(Pieces().random(8 * 4096, 7));
	auto const image = std::make_shared<Image const>(open_image(parent.write()));

	std::vector<std::uint64_t> digests;
	for (unsigned i = 2; i < 6; i++) digests.push_back(image->block(i).digest);

	Small_image child;
	child.head.required_features = Feature::INHERITED;
	auto const &state = image->trailer().state;
	child.parent_digest = { reinterpret_cast<std::byte const *>(state.bytes),
							reinterpret_cast<std::byte const *>(state.bytes) + 32 };
	child.dataspaces.push_back(Pieces().random(4096, 9).inherited(2, digests));

	Image delta = open_image(child.write());
	std::vector<std::byte> buffer(4096);
	EXPECT_EQ(delta.block(1).kind, Block_kind::INHERITED);
	EXPECT_THROW(delta.read_block(1, buffer), Image_error);

	auto const other = std::make_shared<Image const>(open_image(child.write()));
	EXPECT_THROW(delta.set_parent(other), Image_error);

	delta.set_parent(image);
	auto const bytes = delta.read_block(4, buffer);
	std::vector<std::byte> expected(4096);
	auto const theirs = image->read_block(5, expected);
	EXPECT_TRUE(std::ranges::equal(bytes, theirs));

	/* a digest that is not the parent block's own */
	digests[1]++;
	child.dataspaces = { Pieces().random(4096, 9).inherited(2, digests) };
	Image wrong = open_image(child.write());
	wrong.set_parent(image);
	EXPECT_NO_THROW(wrong.read_block(1, buffer));
	EXPECT_THROW(wrong.read_block(2, buffer), Image_error);
}

TEST(Writer, calls_in_the_wrong_order)
{
	Memory_sink sink;
	Head head;
	Writer writer(sink, head, {});
	capnp::MallocMessageBuilder message;
	message.initRoot<Schema::Manifest>();
	Pieces content = Pieces().zero(4096);

	EXPECT_THROW(writer.add_dataspace(1, 0, content), Image_error);
	std::vector<std::byte> const empty_manifest { 24 };
	Writer ended(sink, head, {});
	ended.finish(empty_manifest);
	EXPECT_THROW(ended.finish(empty_manifest), Image_error);
	EXPECT_THROW(ended.add_dataspace(1, 4096, content), Image_error);
}

TEST(Writer, checksum_collision_is_no_duplicate)
{
	/* two blocks that share a slot of a table with two slots, and another digest */
	Small_image small;
	small.head.profile.dedup_log2 = 1;
	small.dataspaces.push_back(Pieces().random(64 * 4096, 5));
	Image const image = open_image(small.write());
	for (unsigned i = 0; i < 64; i++) EXPECT_EQ(image.block(i).kind, Block_kind::RAW);
}

TEST(Address_space, regions_and_gaps)
{
	Small_image small;
	small.dataspaces.push_back(Pieces().text("first").zero(4096 - 5));
	small.dataspaces.push_back(Pieces().absent(4096).text("second").zero(4090));
	Image const image = open_image(small.write());
	Address_space const space(image);

	ASSERT_EQ(space.pieces().size(), 2u);
	std::vector<std::byte> bytes(6);
	EXPECT_EQ(space.copy(0x10000000, bytes), 0u);
	EXPECT_EQ(std::string(reinterpret_cast<char const *>(bytes.data()), 5), "first");
	EXPECT_EQ(space.copy(0x20000000 + 4093, bytes), 3u);
	EXPECT_EQ(char(bytes[3]), 's');
	EXPECT_THROW(space.copy(0x10001000, bytes), Image_error);

	EXPECT_EQ(space.read(0x20000ffd, { bytes.data(), 6 }).code, Code::ABSENT);
	EXPECT_EQ(space.read(0x20000ffd, { bytes.data(), 6 }).offset, 0x20000ffdu);
	EXPECT_EQ(space.extent_from(0)->addr, 0x10000000u);
	EXPECT_EQ(space.extent_from(0)->size, 4096u);
	EXPECT_EQ(space.extent_from(0x10000800)->size, 2048u);
	EXPECT_EQ(space.extent_from(0x10001000)->addr, 0x20001000u);
	EXPECT_TRUE(space.extent_from(0x20002000).failed());
}
