/*
 * The address space as scans see it, and what keeps them from endless work and memory
 */

#include <gtest/gtest.h>

#include "libimage/compression.h"
#include "libimage/image_error.h"
#include "libimage/memory_search.h"
#include "libimage/scan_memory.h"
#include "tests/support/elf_core_builder.h"
#include "tests/support/imported_image.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

TEST(Scan_memory, Zeros_are_left_out_and_can_be_read)
{
	Small_image small;
	small.dataspaces.push_back(
		Pieces().zero(3 * 4096).random(4096, 1).zero(2 * 4096).absent(4096).random(100, 2));
	small.dataspaces.push_back(Pieces().zero(4096ull * 5000));
	Image const image = open_image(small.write());
	Address_space const space(image);
	Scan_memory const memory(image, space);

	std::uint64_t const base = Small_image::address(0);
	auto const first = memory.extent_from(0);
	ASSERT_FALSE(first.failed());
	EXPECT_EQ(first->addr, base + 3 * 4096);
	EXPECT_EQ(first->size, 4096u);
	EXPECT_EQ(memory.extent_from(base + 3 * 4096 + 5)->addr, base + 3 * 4096 + 5);
	EXPECT_EQ(memory.extent_from(base + 4 * 4096)->addr, base + 7 * 4096);
	EXPECT_EQ(memory.extent_from(base + 7 * 4096 + 4)->size, 96u);
	EXPECT_EQ(memory.extent_from(base + 8 * 4096).error().code, Code::NOT_FOUND);
	EXPECT_EQ(memory.extent_from(~0ull).error().code, Code::NOT_FOUND);

	std::byte byte { 1 };
	EXPECT_FALSE(memory.read(base, Bytes(&byte, 1)));
	EXPECT_EQ(byte, std::byte(0));
}

/* 64 MiB of zeros that 'regions' regions show */
static Image shown_often(unsigned regions)
{
	std::string const file = Elf_core_builder(62)
								 .segment({ .address = 0x1000, .size = 64 << 20, .content = "x" })
								 .build();
	Elf_core const core("zeros.core", { file.data(), file.size() });
	return import_core(core, { .fill_zero = true }, {}, [&](Schema::Manifest::Builder manifest) {
		for (auto object : manifest.getObjects()) {
			if (!object.isRegionMap()) continue;
			auto list = object.getRegionMap().initRegions(regions);
			for (unsigned i = 0; i < regions; i++) {
				list[i].setAddress((i + 1ull) << 32);
				list[i].setSize(64 << 20);
				list[i].setDataspace(3);
			}
		}
	});
}

TEST(Scan_memory, Regions_that_show_the_same_memory_over_and_over)
{
	auto const scan = [](Image const &image) {
		Scan_memory(image, Address_space(image));
		return search_memory(image, Address_space(image), Search_pattern::text("x"), 0, ~0ull,
							 [](std::uint64_t) { return true; })
			.hits;
	};
	EXPECT_EQ(scan(shown_often(32)), 32u);
	try {
		scan(shown_often(33));
		FAIL();
	} catch (Image_error const &error) {
		EXPECT_EQ(error.info().code, Code::LIMIT);
		EXPECT_EQ(error.info().offset, 33ull << 32);
	}
}

TEST(Scan_memory, More_dataspaces_than_decoded_blocks_are_kept)
{
	constexpr unsigned COUNT = 200;
	Small_image small;
	small.head.profile = { 1u << 20, Codec_id::ZSTD, 1, codec_version(Codec_id::ZSTD), 0 };
	for (unsigned i = 0; i < COUNT; i++)
		small.dataspaces.push_back(Pieces().text(std::string(100, char(i))).text("tail"));
	Image const image = open_image(small.write());
	Address_space const space(image);

	for (unsigned round = 0; round < 3; round++)
		for (unsigned i = 0; i < COUNT; i++) {
			unsigned const at = i * 37 % COUNT;
			Const_bytes const bytes = space.peek(Small_image::address(at) + round, 10);
			ASSERT_EQ(bytes.size(), 10u);
			EXPECT_EQ(bytes.u8(9), std::uint8_t(at));

			/* the one that was read before, which is kept */
			std::uint64_t value = 0;
			ASSERT_FALSE(
				space.read(Small_image::address((at + 13) % COUNT) + 99, Bytes(&value, 5)));
			EXPECT_EQ(value & 0xff, (at + 13) % COUNT);
			EXPECT_EQ(value >> 8, 0x6c696174u);
		}
}
