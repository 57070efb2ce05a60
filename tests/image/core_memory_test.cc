/*
 * Memory of an ELF core: against a plain map from address to byte
 */

#include <map>
#include <random>

#include <elf.h>

#include <gtest/gtest.h>

#include "libimage/core_memory.h"
#include "tests/support/elf_core_builder.h"

namespace
{

using namespace Capimg;
using Test::Elf_core_builder;

struct Loaded
{
	std::string file;
	Elf_core core;
	Core_memory memory;

	explicit Loaded(Elf_core_builder const &builder)
		: file(builder.build()), core("c", { file.data(), file.size() }), memory(core)
	{}
};

TEST(Core_memory, Extents_are_what_the_file_has)
{
	Loaded const l(Elf_core_builder(EM_X86_64)
					   .segment({ .address = 0x1000, .size = 0x2000, .content = "abc" })
					   .segment({ .address = 0x4000, .size = 0x1000 })
					   .segment({ .address = 0x8000, .size = 4, .content = "wxyz" }));

	auto extent = l.memory.extent_from(0);
	ASSERT_TRUE(extent);
	EXPECT_EQ(extent->addr, 0x1000u);
	EXPECT_EQ(extent->size, 3u);

	extent = l.memory.extent_from(0x1002);
	ASSERT_TRUE(extent);
	EXPECT_EQ(extent->addr, 0x1002u);
	EXPECT_EQ(extent->size, 1u);

	extent = l.memory.extent_from(0x1003);
	ASSERT_TRUE(extent);
	EXPECT_EQ(extent->addr, 0x8000u);

	EXPECT_EQ(l.memory.extent_from(0x8004).error().code, Code::NOT_FOUND);
	EXPECT_EQ(l.memory.extent_from(~0ull).error().code, Code::NOT_FOUND);
}

TEST(Core_memory, Reads_across_segments_that_touch)
{
	Loaded const l(Elf_core_builder(EM_X86_64)
					   .segment({ .address = 0x1000, .size = 4, .content = "abcd" })
					   .segment({ .address = 0x1004, .size = 8, .content = "efgh" }));
	char out[8] {};
	EXPECT_FALSE(l.memory.read(0x1001, Bytes(out, 6)));
	EXPECT_EQ(std::string(out, 6), "bcdefg");

	Status const status = l.memory.read(0x1002, Bytes(out, 8));
	EXPECT_EQ(status.code, Code::ABSENT);
	EXPECT_EQ(status.offset, 0x1008u);

	EXPECT_FALSE(l.memory.read(0x99, Bytes(out, 0)));
	EXPECT_EQ(l.memory.peek(0x1002, 100).size(), 2u);
	EXPECT_EQ(l.memory.peek(0x0fff, 100).size(), 0u);
}

TEST(Core_memory, End_of_the_address_space)
{
	Loaded const l(Elf_core_builder(EM_X86_64)
					   .segment({ .address = 0, .size = 2, .content = "00" })
					   .segment({ .address = ~0ull - 3, .size = 4, .content = "last" }));
	char out[6] {};
	EXPECT_FALSE(l.memory.read(~0ull - 3, Bytes(out, 4)));
	EXPECT_EQ(std::string(out, 4), "last");

	/* what follows is not address 0 */
	Status const status = l.memory.read(~0ull - 1, Bytes(out, 4));
	EXPECT_EQ(status.code, Code::ABSENT);

	auto const extent = l.memory.extent_from(~0ull);
	ASSERT_TRUE(extent);
	EXPECT_EQ(extent->size, 1u);
	EXPECT_EQ(extent->last(), ~0ull);
}

TEST(Core_memory, Agrees_with_a_map_of_bytes)
{
	std::mt19937 random(42);
	auto below = [&](std::uint64_t n) { return std::uint64_t(random()) % n; };

	for (unsigned round = 0; round < 50; round++) {
		Elf_core_builder builder(EM_X86_64);
		builder.alignment(1);
		std::map<std::uint64_t, char> truth;

		std::uint64_t address = 0x100;
		for (unsigned i = 0; i < 12; i++) {
			address += below(3) * below(20); /* often touching */
			std::string content;
			for (std::uint64_t n = below(30); n; n--) content += char(random());
			std::uint64_t const size = content.size() + 1 + below(2) * below(10) - below(2);
			if (size < content.size() || !size) continue;
			for (std::size_t j = 0; j < content.size(); j++) truth[address + j] = content[j];
			builder.segment({ .address = address, .size = size, .content = content });
			address += size;
		}
		Loaded const l(builder);

		for (unsigned i = 0; i < 2000; i++) {
			std::uint64_t const at = below(0x300);
			std::size_t const size = below(24);
			std::string out(size, '\0');
			Status const status = l.memory.read(at, Bytes(out.data(), size));

			std::uint64_t good = at;
			while (good < at + size && truth.count(good)) good++;
			ASSERT_EQ(status.code, good == at + size ? Code::OK : Code::ABSENT);
			if (status) {
				ASSERT_EQ(status.offset, good);
			} else {
				for (std::size_t j = 0; j < size; j++) ASSERT_EQ(out[j], truth[at + j]);
			}

			Const_bytes const peeked = l.memory.peek(at, size + 1);
			ASSERT_EQ(peeked.empty(), !truth.count(at));
			ASSERT_LE(peeked.size(), size + 1);
			for (std::size_t j = 0; j < peeked.size(); j++)
				ASSERT_EQ(char(peeked.u8(j)), truth[at + j]);

			auto const next = truth.lower_bound(at);
			auto const extent = l.memory.extent_from(at);
			ASSERT_EQ(bool(extent), next != truth.end());
			if (extent) {
				ASSERT_EQ(extent->addr, next->first);
			}
		}
	}
}

}
