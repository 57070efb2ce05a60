/*
 * Search against one without any wit, in memory with holes, of any block size and codec
 */

#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "libimage/compression.h"
#include "libimage/image_error.h"
#include "libimage/memory_search.h"
#include "tests/support/elf_core_builder.h"
#include "tests/support/imported_image.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using Hits = std::vector<std::uint64_t>;

/* what 'Search_pattern' was made of */
struct Wanted
{
	std::vector<int> bytes {}; /* -1: any */
	bool words = false;
	unsigned width = 8;
	bool unaligned = false;
	std::uint64_t first = 0, last = 0;

	Search_pattern pattern() const
	{
		if (words) return Search_pattern::pointer(first, last, width, unaligned);
		std::string text;
		for (int const byte : bytes) {
			char digits[4];
			std::snprintf(digits, sizeof(digits), "%02x ", unsigned(byte));
			text += byte < 0 ? "?\?" : digits;
		}
		return Search_pattern::bytes(text);
	}
};

/* memory as single bytes, those that were not captured left out */
using Memory_model = std::map<std::uint64_t, unsigned>;

Hits naive(Memory_model const &memory, Wanted const &wanted)
{
	Hits hits;
	std::size_t const size = wanted.words ? wanted.width : wanted.bytes.size();
	for (auto first = memory.begin(); first != memory.end(); ++first) {
		std::uint64_t const at = first->first;
		if (wanted.words && !wanted.unaligned && at % wanted.width) continue;
		bool equal = true;
		std::uint64_t value = 0;
		auto it = first;
		for (std::size_t i = 0; i < size && equal; i++, ++it) {
			equal = it != memory.end() && it->first == at + i;
			if (!equal) break;
			if (wanted.words)
				value |= std::uint64_t(it->second) << (8 * i);
			else
				equal = wanted.bytes[i] < 0 || unsigned(wanted.bytes[i]) == it->second;
		}
		if (equal && (!wanted.words || (value >= wanted.first && value <= wanted.last)))
			hits.push_back(at);
	}
	return hits;
}

Hits found(Image const &image, Search_pattern const &pattern, std::uint64_t first = 0,
		   std::uint64_t last = ~0ull)
{
	Hits hits;
	Search_totals const totals =
		search_memory(image, Address_space(image), pattern, first, last, [&](std::uint64_t at) {
			hits.push_back(at);
			return true;
		});
	EXPECT_EQ(totals.hits, hits.size());
	EXPECT_FALSE(totals.stopped);
	return hits;
}

Code refusal(std::function<void()> const &make)
{
	try {
		make();
	} catch (Image_error const &error) {
		EXPECT_FALSE(error.info().message.empty());
		return error.info().code;
	}
	return Code::OK;
}

/* few values, so that there are hits, overlapping ones as well */
std::vector<std::byte> few_values(std::mt19937 &random, std::size_t size, unsigned values)
{
	std::vector<std::byte> bytes(size);
	for (std::byte &byte : bytes) byte = std::byte(random() % values);
	return bytes;
}

/* dataspaces of random pieces, each one with a region, all of them or many touching */
struct Random_memory
{
	Small_image small {};
	Memory_model model {};
	std::uint64_t absent = 0;

	Random_memory(std::mt19937 &random, unsigned values)
	{
		Codec_id const codecs[] { Codec_id::RAW, Codec_id::ZSTD, Codec_id::LZ4 };
		Codec_id const codec = codecs[random() % 3];
		small.head.profile = { 4096u << (random() % 3), codec,
							   std::int8_t(codec_levels(codec).usual), codec_version(codec),
							   std::uint8_t(random() % 2 * 8) };

		for (unsigned d = 0; d < 1 + random() % 3; d++) {
			Pieces pieces;
			std::uint64_t const base = Small_image::address(d);
			for (unsigned p = 0; p < 1 + random() % 6; p++) {
				std::uint64_t const at = base + pieces.size();
				std::uint64_t const size = 1 + random() % 9000;
				switch (random() % 4) {
				case 0:
					pieces.absent(size);
					absent += size;
					break;
				case 1:
					pieces.zero(size);
					for (std::uint64_t i = 0; i < size; i++) model[at + i] = 0;
					break;
				default:
					auto const bytes = few_values(random, size, values);
					for (std::uint64_t i = 0; i < size; i++) model[at + i] = unsigned(bytes[i]);
					pieces.bytes(bytes);
				}
			}
			small.dataspaces.push_back(std::move(pieces));
		}
	}
};

Wanted random_pattern(std::mt19937 &random, unsigned values)
{
	Wanted wanted;
	wanted.words = random() % 2;
	if (wanted.words) {
		wanted.width = random() % 2 ? 8 : 4;
		wanted.unaligned = random() % 2;
		wanted.first = random() % 3 ? 0x0001000100010001 * (random() % 3) : random();
		if (wanted.width == 4) wanted.first &= 0xffffffff;
		wanted.last = wanted.first + random() % 0x1000;
		if (wanted.width == 4 && wanted.last > 0xffffffff) wanted.last = 0xffffffff;
		return wanted;
	}
	std::size_t const size = random() % 8 ? 1 + random() % 6 : 1 + random() % 1000;
	for (std::size_t i = 0; i < size; i++)
		wanted.bytes.push_back(random() % 5 ? int(random() % values) : -1);
	wanted.bytes[random() % size] = int(random() % values);
	if (size > 100) std::ranges::fill(wanted.bytes, int(random() % 2) * -1); /* zeros */
	wanted.bytes[0] = 0;
	return wanted;
}

}

RC_GTEST_PROP(Memory_search, As_one_without_wit, (unsigned seed))
{
	std::mt19937 random(seed);
	unsigned const values = 1 + random() % 3;
	Random_memory const memory(random, values);
	Image const image = open_image(memory.small.write());

	for (unsigned i = 0; i < 4; i++) {
		Wanted const wanted = random_pattern(random, values);
		RC_ASSERT(found(image, wanted.pattern()) == naive(memory.model, wanted));
	}

	Search_totals const totals =
		search_memory(image, Address_space(image), Search_pattern::text("x"), 0, ~0ull,
					  [](std::uint64_t) { return true; });
	RC_ASSERT(totals.absent == memory.absent);
	RC_ASSERT(totals.searched == memory.model.size());
}

RC_GTEST_PROP(Memory_search, Parts_of_the_address_space_and_of_dataspaces, (unsigned seed))
{
	std::mt19937 random(seed);
	Random_memory const memory(random, 2);
	Image const image = open_image(memory.small.write());
	Wanted const wanted = random_pattern(random, 2);
	std::size_t const size = wanted.pattern().size();

	std::uint64_t const base = Small_image::address(0);
	std::uint64_t const whole = memory.small.dataspaces[0].size();
	std::uint64_t const first = random() % whole, last = first + random() % (whole - first);

	Hits inside;
	for (std::uint64_t const at : naive(memory.model, wanted))
		if (at >= base + first && at + size - 1 <= base + last) inside.push_back(at);
	RC_ASSERT(found(image, wanted.pattern(), base + first, base + last) == inside);

	/* bases are multiples of all widths, so that offsets are as aligned as addresses */
	Hits offsets;
	Dataspace_reader const reader(image, 3);
	search_memory(reader, wanted.pattern(), first, last - first + 1, [&](std::uint64_t at) {
		offsets.push_back(base + at);
		return true;
	});
	RC_ASSERT(offsets == inside);
}

TEST(Memory_search, Across_blocks)
{
	Small_image small;
	std::string text(4096 * 2, '.');
	text.replace(4090, 12, "hello, world");
	small.dataspaces.push_back(Pieces().text(text));
	for (std::uint32_t block : { 4096u, 8192u }) {
		small.head.profile.block_size = block;
		Image const image = open_image(small.write());
		EXPECT_EQ(found(image, Search_pattern::text("hello, world")),
				  Hits { Small_image::address(0) + 4090 });
		EXPECT_EQ(found(image, Search_pattern::bytes("6f2c ?? 776f")),
				  Hits { Small_image::address(0) + 4094 });
	}
}

TEST(Memory_search, Across_regions_that_touch_but_no_others)
{
	auto const segment = [](std::uint64_t address, std::string content, std::uint64_t size = 0) {
		return Elf_core_builder::Segment { .address = address,
										   .size = std::max<std::uint64_t>(size, content.size()),
										   .content = content };
	};
	std::string const file = Elf_core_builder(62)
								 .segment(segment(0x1000, "....hello"))
								 .segment(segment(0x1009, ", "))
								 .segment(segment(0x100b, "world, hel"))
								 .segment(segment(0x1016, "lo, world"))  /* a byte is missing */
								 .segment(segment(0x2000, "hello, ", 8)) /* one is not captured */
								 .segment(segment(0x2008, "world"))
								 .build();
	Elf_core const core("touching.core", { file.data(), file.size() });
	Image const image = import_core(core);
	EXPECT_EQ(found(image, Search_pattern::text("hello, world")), Hits { 0x1004 });
	EXPECT_EQ(found(image, Search_pattern::text("world")), (Hits { 0x100b, 0x101a, 0x2008 }));
	EXPECT_EQ(found(image, Search_pattern::text("hello, world"), 0x1005), Hits {});
	EXPECT_EQ(found(image, Search_pattern::text("hello, world"), 0, 0x100e), Hits {});
	EXPECT_EQ(found(image, Search_pattern::text("hello, world"), 0x1004, 0x100f), Hits { 0x1004 });
}

TEST(Memory_search, Ends_when_the_visitor_wants)
{
	Small_image small;
	small.dataspaces.push_back(Pieces().text(std::string(10000, 'a')));
	Image const image = open_image(small.write());

	unsigned seen = 0;
	Search_totals const totals =
		search_memory(image, Address_space(image), Search_pattern::text("aa"), 0, ~0ull,
					  [&](std::uint64_t) { return ++seen < 5; });
	EXPECT_EQ(seen, 5u);
	EXPECT_EQ(totals.hits, 5u);
	EXPECT_TRUE(totals.stopped);
	EXPECT_EQ(found(image, Search_pattern::text("aa")).size(), 9999u);
}

TEST(Memory_search, Large_zeros_cost_nothing)
{
	Small_image small;
	small.dataspaces.push_back(Pieces().zero(1ull << 37).text("end"));
	Image const image = open_image(small.write());
	std::uint64_t const end = Small_image::address(0) + (1ull << 37);
	EXPECT_EQ(found(image, Search_pattern::bytes("00 00 65")), Hits { end - 2 });
	EXPECT_EQ(found(image, Search_pattern::value(0x646e65, 4, true)), Hits {});
	EXPECT_EQ(found(image, Search_pattern::value(0x6e65, 2)), Hits { end });
}

TEST(Memory_search, Patterns_that_make_no_sense)
{
	using P = Search_pattern;
	EXPECT_EQ(refusal([] { P::text(""); }), Code::BAD_ARGUMENT);
	EXPECT_EQ(refusal([] { P::text(std::string(P::MAX_SIZE + 1, 'x')); }), Code::LIMIT);
	EXPECT_EQ(refusal([] { P::text(std::string(P::MAX_SIZE, 'x')); }), Code::OK);
	for (char const *bytes :
		 { "", " ", "1", "12 3", "1 2", "0x12", "g0", "12 ?", "?1", "??", "?? ??", "12\t34", "é" })
		EXPECT_EQ(refusal([&] { P::bytes(bytes); }), Code::BAD_ARGUMENT) << bytes;
	std::string long_one;
	for (std::size_t i = 0; i <= P::MAX_SIZE; i++) long_one += "ab ";
	EXPECT_EQ(refusal([&] { P::bytes(long_one); }), Code::LIMIT);
	for (unsigned width : { 0u, 3u, 5u, 16u, ~0u })
		EXPECT_EQ(refusal([&] { P::value(1, width); }), Code::BAD_ARGUMENT) << width;
	EXPECT_EQ(refusal([] { P::value(256, 1); }), Code::BAD_ARGUMENT);
	EXPECT_EQ(refusal([] { P::value(255, 1); }), Code::OK);
	EXPECT_EQ(refusal([] { P::value(1ull << 32, 4); }), Code::BAD_ARGUMENT);
	EXPECT_EQ(refusal([] { P::value(~0ull, 8); }), Code::OK);
	EXPECT_EQ(refusal([] { P::pointer(2, 1, 8); }), Code::BAD_ARGUMENT);
	EXPECT_EQ(refusal([] { P::pointer(1, 1ull << 32, 4); }), Code::BAD_ARGUMENT);
	EXPECT_EQ(refusal([] { P::pointer(0, ~0ull, 8); }), Code::OK);
}
