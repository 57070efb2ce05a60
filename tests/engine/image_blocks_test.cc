/*
 * Ranges, chunks and block entries of an opened image, against libimage's
 */

#include <gtest/gtest.h>

#include "libimage/image.h"
#include "libimage/sha256.h"
#include "tests/support/edited_image.h"
#include "tests/support/engine_source.h"
#include "tests/support/image_family.h"
#include "tests/support/reseal.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

struct Both
{
	std::vector<std::byte> const own;
	Image host;
	Memory_source source;
	Sodium_sha256 hash {};
	Source_image engine;

	explicit Both(std::span<std::byte const> bytes)
		: own(bytes.begin(), bytes.end()), host(open_image(own)), source(own), engine(source, hash)
	{
		EXPECT_EQ(engine.status.code, Code::OK) << engine.status.field;
	}
};

void expect_same_index(Both const &both)
{
	Engine::Image const &image = both.engine.image;
	ASSERT_EQ(image.blocks(), both.host.blocks());

	for (Storage_range const &range : both.host.ranges()) {
		auto const found = image.range_of(range.object);
		ASSERT_FALSE(found.failed());
		EXPECT_EQ(found->dataspace, range.object);
		EXPECT_EQ(found->first, range.first_block);
		EXPECT_EQ(found->size, range.size);
	}

	Exact_bytes const buffer(Limit::CHUNK_BLOCKS * Block::ENTRY_SIZE);
	Const_bytes entries;
	for (std::uint64_t n = 0; n < image.blocks(); n++) {
		ASSERT_EQ(image.block_size(n).value(), both.host.size_of_block(n)) << n;
		if (n % Limit::CHUNK_BLOCKS == 0) {
			auto const chunk = image.read_chunk(n / Limit::CHUNK_BLOCKS, buffer.bytes());
			ASSERT_FALSE(chunk.failed());
			entries = *chunk;
		}
		auto const block = image.block(n, entries);
		ASSERT_FALSE(block.failed());
		ASSERT_EQ(*block, both.host.block(n)) << n;
	}
	EXPECT_EQ(image.block_size(image.blocks()).error().code, Code::BAD_ARGUMENT);
	EXPECT_EQ(image.range(~0ull).error().code, Code::BAD_ARGUMENT);
	EXPECT_EQ(image.block(image.blocks(), entries, 1).error().code, Code::BAD_ARGUMENT);
	EXPECT_EQ(image.read_chunk(image.directory().chunks(), buffer.bytes()).error().code,
			  Code::BAD_ARGUMENT);
}

}

TEST(Engine_image_blocks, equal_libimage_for_random_families)
{
	for (unsigned seed = 0; seed < 12; seed++) {
		Image_family const family(seed, 2);
		for (auto const &generation : family.generations())
			expect_same_index(Both(generation.image));
	}
}

TEST(Engine_image_blocks, many_objects_between_dataspaces)
{
	Small_image small;
	for (unsigned i = 0; i < 5; i++) small.dataspaces.push_back(Pieces().random(3000 * i + 1, i));
	Image const plain = open_image(small.write());

	/* dataspaces 3 to 7 become 1003, 2003, …, with other objects and unknown dataspaces between */
	Image_edit edit;
	edit.origin = [](std::uint32_t id) { return id / 1000 + 2; };
	edit.manifest = [](Schema::Manifest::Builder manifest) {
		auto orphan = manifest.disownObjects();
		auto const old = orphan.getReader();
		auto objects = manifest.initObjects(7 + 5 * 300);
		unsigned at = 0;
		for (unsigned i = 0; i < old.size(); i++) {
			objects.setWithCaveats(at, old[i]);
			if (i >= 2) {
				objects[at].setId((i - 1) * 1000 + 3);
				for (unsigned k = 1; k <= 300; k++) {
					objects[at + k].setId((i - 1) * 1000 + 3 + k);
					if (k % 2)
						objects[at + k].initDataspace().setSize(1);
					else
						objects[at + k].setCapability();
				}
				at += 300;
			}
			at++;
		}
		auto regions = objects[1].getRegionMap().getRegions();
		for (unsigned i = 0; i < regions.size(); i++) regions[i].setDataspace((i + 1) * 1000 + 3);
	};
	Both const both(edited(plain, edit));
	EXPECT_EQ(both.engine.image.range_of(1004).error().code, Code::NOT_FOUND);
	EXPECT_EQ(both.engine.image.range_of(1005).error().code, Code::NOT_FOUND);
	EXPECT_EQ(both.engine.image.range_of(9999).error().code, Code::NOT_FOUND);
	expect_same_index(both);
}

TEST(Engine_image_blocks, damaged_chunk)
{
	Small_image small;
	small.dataspaces.push_back(Pieces().random(30000, 1));
	auto bytes = small.write();
	std::uint64_t const chunk = open_image(bytes).directory().chunk(0).offset;
	bytes[chunk + 40] ^= std::byte(1);

	Both const both(bytes);
	Exact_bytes const buffer(Limit::CHUNK_BLOCKS * Block::ENTRY_SIZE), small_buffer(100);
	auto const result = both.engine.image.read_chunk(0, buffer.bytes());
	EXPECT_EQ(result.error().code, Code::DAMAGED);
	EXPECT_EQ(result.error().offset, chunk);
	EXPECT_STREQ(result.error().field, "chunk.digest");
	EXPECT_EQ(both.engine.image.read_chunk(0, small_buffer.bytes()).error().code, Code::NO_SPACE);
}

TEST(Engine_image_blocks, errors_of_entries_have_their_place_in_the_image)
{
	Small_image small;
	small.dataspaces.push_back(Pieces().random(30000, 1));
	auto bytes = small.write();
	std::uint64_t const chunk = open_image(bytes).directory().chunk(0).offset;
	put(bytes, chunk + 2 * Block::ENTRY_SIZE, 1, 9);
	reseal(bytes);

	Both const both(bytes);
	Exact_bytes const buffer(Limit::CHUNK_BLOCKS * Block::ENTRY_SIZE);
	auto const entries = both.engine.image.read_chunk(0, buffer.bytes());
	ASSERT_FALSE(entries.failed());
	EXPECT_FALSE(both.engine.image.block(1, *entries).failed());
	Error const error = both.engine.image.block(2, *entries).error();
	EXPECT_EQ(error.code, Code::INVALID);
	EXPECT_EQ(error.offset, chunk + 2 * Block::ENTRY_SIZE);
	EXPECT_STREQ(error.field, "block.kind");
}
