/*
 * A small ELF core, and what becomes of it when it lies
 */

#ifndef CAPIMG__TESTS__SUPPORT__ELF_CORE_SAMPLE_H
#define CAPIMG__TESTS__SUPPORT__ELF_CORE_SAMPLE_H

#include <string>

#include <elf.h>

#include <gtest/gtest.h>

#include "libimage/elf_core.h"
#include "libimage/image_error.h"
#include "tests/support/elf_core_builder.h"

namespace Capimg::Test
{

inline Const_bytes bytes_of(std::string const &file) { return { file.data(), file.size() }; }

/* what parsing says of a core, which must be refused */
inline Image_error::Info refused(std::string const &file)
{
	try {
		Elf_core const core("bad.core", bytes_of(file));
	} catch (Image_error const &e) {
		EXPECT_EQ(e.info().file, "bad.core");
		EXPECT_TRUE(e.info().offset.has_value()) << e.what();
		EXPECT_FALSE(e.info().field.empty()) << e.what();
		return e.info();
	}
	ADD_FAILURE() << "accepted";
	return {};
}

#define EXPECT_REFUSED(file, expected_code, expected_field, expected_offset)                       \
	do {                                                                                           \
		Image_error::Info const info = refused(file);                                              \
		EXPECT_EQ(info.code, expected_code) << info.message;                                       \
		EXPECT_EQ(info.field, expected_field) << info.message;                                     \
		EXPECT_EQ(info.offset.value_or(~0ull), std::uint64_t(expected_offset)) << info.message;    \
	} while (false)

inline void patch(std::string &file, std::size_t offset, std::uint64_t value, unsigned width)
{
	ASSERT_LE(offset + width, file.size());
	file.replace(offset, width, little_endian(value, width));
}

inline std::string text(Const_bytes bytes)
{
	return { reinterpret_cast<char const *>(bytes.base()), bytes.size() };
}

/* 27 words of registers, as x86_64 has them */
inline std::string const REGISTERS(27 * 8, 'r');

inline Elf_core_builder small_core()
{
	Elf_core_builder builder(EM_X86_64);
	builder.alignment(64)
		.process("counter", "counter --fast")
		.thread(4711, REGISTERS)
		.note("LINUX", 0x1234, "own")
		.segment({ .address = 0x20000, .size = 0x2000, .content = std::string(64, 'b') })
		.segment({ .address = 0x10000, .size = 0x1000, .content = "abc", .flags = "rx" })
		.segment({ .address = 0x30000, .size = 0x4000, .content = "", .flags = "" });
	return builder;
}

}

#endif /* CAPIMG__TESTS__SUPPORT__ELF_CORE_SAMPLE_H */
