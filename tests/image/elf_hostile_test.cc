/*
 * Hostile ELF cores: cut, flipped, extreme in every field. An error or sound contents, and
 * nothing else.
 */

#include <random>

#include <elf.h>

#include <gtest/gtest.h>

#include "tests/support/elf_core_builder.h"
#include "tests/support/elf_core_check.h"

namespace
{

using namespace Capimg::Test;

/* small, with everything in it that the reader knows */
std::string small_core(unsigned word_bytes)
{
	bool const wide = word_bytes == 8;
	Elf_core_builder builder(wide ? EM_AARCH64 : EM_386, word_bytes);
	builder.alignment(4)
		.process("hostile", "hostile --very")
		.note("CORE", NT_AUXV,
			  little_endian(AT_PAGESZ, word_bytes) + little_endian(4096, word_bytes))
		.thread(1, std::string(wide ? 34 * 8 : 17 * 4, 'r'), 'f');
	if (wide)
		builder.note("LINUX", NT_ARM_TLS, std::string(16, 't'));
	else
		builder.note("CORE", NT_FPREGSET, std::string(108, 'x'));
	builder.note("LINUX", 77, "abc");
	builder.thread(2, std::string(wide ? 34 * 8 : 17 * 4, 's'))
		.segment({ .address = 0x1000, .size = 0x40, .content = std::string(0x40, 'a') })
		.segment({ .address = 0x1040, .size = 0x100, .content = std::string(0x20, 'b') })
		.segment({ .address = 0x8000, .size = 0x1000 });
	return builder.build();
}

/* writing images takes most of the time: every 16th core is enough */
Core_outcome check(std::string const &file)
{
	/* an allocation of its own: AddressSanitizer sees every byte beyond it */
	std::vector<std::uint8_t> const bytes(file.begin(), file.end());
	static unsigned number = 0;
	return check_elf_core(bytes, number++ % 16 == 0);
}

class Hostile : public ::testing::TestWithParam<unsigned>
{};

TEST_P(Hostile, Sound_core_is_accepted)
{
	Core_outcome const outcome = check(small_core(GetParam()));
	EXPECT_TRUE(outcome.accepted) << outcome.message;
	EXPECT_EQ(outcome.broken, "");
}

TEST_P(Hostile, Truncated_at_every_byte)
{
	std::string const file = small_core(GetParam());
	for (std::size_t size = 0; size < file.size(); size++) {
		Core_outcome const outcome = check(file.substr(0, size));
		ASSERT_FALSE(outcome.accepted) << size;
		ASSERT_EQ(outcome.broken, "") << size << ": " << outcome.message;
	}
}

TEST_P(Hostile, Every_byte_changed)
{
	std::string const file = small_core(GetParam());
	for (std::size_t i = 0; i < file.size(); i++) {
		for (char const flip : { '\xff', '\x01', '\x80', '\x10' }) {
			std::string bad = file;
			bad[i] = char(bad[i] ^ flip);
			Core_outcome const outcome = check(bad);
			ASSERT_EQ(outcome.broken, "") << "byte " << i << ": " << outcome.message;
		}
	}
}

TEST_P(Hostile, Extremes_at_every_place)
{
	std::string const file = small_core(GetParam());
	std::uint64_t const values[] { 0,
								   1,
								   0x7f,
								   0xffff,
								   0x7fffffff,
								   0x80000000,
								   0xffffffff,
								   0xfffffffe,
								   0x7fffffffffffffff,
								   0x8000000000000000,
								   0xffffffffffffffff,
								   0xfffffffffffff000,
								   file.size(),
								   file.size() - 1,
								   file.size() + 1 };

	for (unsigned const width : { 2u, 4u, 8u }) {
		for (std::size_t i = 0; i + width <= file.size(); i += width == 2 ? 2 : 4) {
			for (std::uint64_t const value : values) {
				std::string bad = file;
				bad.replace(i, width, little_endian(value, width));
				Core_outcome const outcome = check(bad);
				ASSERT_EQ(outcome.broken, "") << i << ", " << value << ": " << outcome.message;
			}
		}
	}
}

TEST_P(Hostile, Random_changes_of_headers)
{
	std::mt19937 random(GetParam());
	std::string const file = small_core(GetParam());
	std::size_t const headers = 400; /* where ELF header and program headers are */
	unsigned accepted = 0;

	for (unsigned round = 0; round < 4000; round++) {
		std::string bad = file;
		for (unsigned n = 1 + random() % 4; n; n--) {
			unsigned const width = 1u << (random() % 4);
			std::size_t const at = random() % headers / width * width;
			std::uint64_t value = random();
			if (random() % 2) value = value % 3 - 1; /* 0, 1, or all bits set */
			bad.replace(at, width, little_endian(value, width));
		}
		Core_outcome const outcome = check(bad);
		accepted += outcome.accepted;
		ASSERT_EQ(outcome.broken, "") << round << ": " << outcome.message;
	}
	EXPECT_GT(accepted, 0u) << "all refused: the test does not reach the inside";
}

INSTANTIATE_TEST_SUITE_P(Classes, Hostile, ::testing::Values(8u, 4u), [](auto const &info) {
	return "word_bytes_" + std::to_string(info.param);
});

}
