/*
 * Parsing of ELF cores: what is right, and every way a header can lie
 */

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>

#include <elf.h>

#include <gtest/gtest.h>

#include "libimage/elf_core.h"
#include "libimage/image_error.h"
#include "tests/support/elf_core_builder.h"

namespace
{

using namespace Capimg;
using Test::Elf_core_builder;
using Test::little_endian;

Const_bytes bytes_of(std::string const &file) { return { file.data(), file.size() }; }

/* what parsing says of a core, which must be refused */
Image_error::Info refused(std::string const &file)
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

void patch(std::string &file, std::size_t offset, std::uint64_t value, unsigned width)
{
	ASSERT_LE(offset + width, file.size());
	file.replace(offset, width, little_endian(value, width));
}

std::string text(Const_bytes bytes)
{
	return { reinterpret_cast<char const *>(bytes.base()), bytes.size() };
}

/* 27 words of registers, as x86_64 has them */
std::string const REGISTERS(27 * 8, 'r');

Elf_core_builder small_core()
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

TEST(Elf_core, Segments_ascend_and_keep_flags_and_bytes)
{
	std::string const file = small_core().build();
	Elf_core const core("c", bytes_of(file));

	ASSERT_EQ(core.segments().size(), 3u);
	Elf_core::Segment const &code = core.segments()[0], &data = core.segments()[1],
							&rest = core.segments()[2];

	EXPECT_EQ(code.address, 0x10000u);
	EXPECT_EQ(code.size, 0x1000u);
	EXPECT_EQ(text(core.bytes(code)), "abc");
	EXPECT_TRUE(code.readable && !code.writeable && code.executable);

	EXPECT_EQ(data.address, 0x20000u);
	EXPECT_EQ(text(core.bytes(data)), std::string(64, 'b'));
	EXPECT_TRUE(data.readable && data.writeable && !data.executable);

	EXPECT_EQ(rest.size, 0x4000u);
	EXPECT_EQ(rest.file_size, 0u);
	EXPECT_TRUE(core.bytes(rest).empty());
	EXPECT_FALSE(rest.readable || rest.writeable || rest.executable);
}

TEST(Elf_core, Threads_own_the_notes_behind_them)
{
	std::string const file = Elf_core_builder(EM_X86_64)
								 .note("CORE", NT_FILE, "files")
								 .note("LINUX", 1, "nobody's")
								 .thread(1, REGISTERS)
								 .note("CORE", NT_FPREGSET, std::string(512, 'f'))
								 .process("late")
								 .note("XYZ", 5, "mine")
								 .thread(2, REGISTERS)
								 .note("CORE", NT_AUXV, std::string(32, '\0'))
								 .note("GDB", 0xff000000, "<target/>")
								 .build();
	Elf_core const core("c", bytes_of(file));

	ASSERT_EQ(core.threads().size(), 2u);
	EXPECT_EQ(core.threads()[0].id, 1u);
	EXPECT_EQ(core.threads()[1].id, 2u);

	auto const &own = core.threads()[0].notes;
	ASSERT_EQ(own.size(), 2u);
	EXPECT_TRUE(own[0].is("CORE", NT_FPREGSET));
	EXPECT_TRUE(own[1].is("XYZ", 5));
	EXPECT_EQ(text(own[1].content), "mine");
	EXPECT_EQ(file.substr(own[1].offset, 4), "mine");
	EXPECT_TRUE(core.threads()[1].notes.empty());

	ASSERT_EQ(core.notes().size(), 5u);
	EXPECT_TRUE(core.notes()[0].is("CORE", NT_FILE));
	EXPECT_TRUE(core.notes()[1].is("LINUX", 1));
	EXPECT_TRUE(core.notes()[2].is("CORE", NT_PRPSINFO));
	EXPECT_TRUE(core.notes()[3].is("CORE", NT_AUXV));
	EXPECT_TRUE(core.notes()[4].is("GDB", 0xff000000));
}

TEST(Elf_core, Process_name_and_arguments_in_every_layout_of_prpsinfo)
{
	/* 32 bit with 16 and 32 bit uids; 64 bit; 64 bit without padding before pr_flag */
	for (std::size_t const before : { 28u, 32u, 36u, 40u }) {
		std::string content(before, '\1');
		content += std::string("sixteen letters!") + "arg" + std::string(77, '\0');
		std::string const file =
			Elf_core_builder(EM_X86_64).note("CORE", NT_PRPSINFO, content).build();
		Elf_core const core("c", bytes_of(file));
		EXPECT_EQ(core.process_name(), "sixteen letters!") << before;
		EXPECT_EQ(core.process_arguments(), "arg") << before;
	}

	std::string const strange =
		Elf_core_builder(EM_X86_64).note("CORE", NT_PRPSINFO, std::string(96, 'x')).build();
	Elf_core const core("c", bytes_of(strange));
	EXPECT_EQ(core.process_name(), "");
	EXPECT_EQ(core.notes().size(), 1u);
}

TEST(Elf_core, Page_size_from_the_auxiliary_vector)
{
	auto page_size = [](unsigned word_bytes, std::uint16_t machine, std::uint64_t value) {
		std::string const auxv = little_endian(3, word_bytes) + little_endian(9, word_bytes) +
								 little_endian(AT_PAGESZ, word_bytes) +
								 little_endian(value, word_bytes);
		std::string const file =
			Elf_core_builder(machine, word_bytes).note("CORE", NT_AUXV, auxv).build();
		return Elf_core("c", bytes_of(file)).machine_of_head().page_size;
	};
	EXPECT_EQ(page_size(8, EM_AARCH64, 65536), 65536u);
	EXPECT_EQ(page_size(4, EM_ARM, 16384), 16384u);
	EXPECT_EQ(page_size(8, EM_X86_64, 12345), 4096u); /* nonsense is not believed */
	EXPECT_EQ(page_size(8, EM_X86_64, 1ull << 40), 4096u);
}

TEST(Elf_core, Machines)
{
	auto machine = [](std::uint16_t number, unsigned word_bytes) {
		std::string const file = Elf_core_builder(number, word_bytes).process("p").build();
		return Elf_core("c", bytes_of(file)).machine_of_head();
	};
	EXPECT_EQ(machine(EM_X86_64, 8), (Machine { Architecture::X86_64, 64, 4096 }));
	EXPECT_EQ(machine(EM_386, 4), (Machine { Architecture::X86_32, 32, 4096 }));
	EXPECT_EQ(machine(EM_ARM, 4), (Machine { Architecture::ARM_V7, 32, 4096 }));
	EXPECT_EQ(machine(EM_AARCH64, 8), (Machine { Architecture::ARM_V8, 64, 4096 }));
	EXPECT_EQ(machine(EM_RISCV, 8), (Machine { Architecture::RISCV_64, 64, 4096 }));
	EXPECT_EQ(machine(EM_X86_64, 4), (Machine { Architecture::UNKNOWN, 32, 4096 })); /* x32 */
	EXPECT_EQ(machine(EM_PPC64, 8), (Machine { Architecture::UNKNOWN, 64, 4096 }));
}

TEST(Elf_core, Highest_addresses)
{
	std::string const file =
		Elf_core_builder(EM_X86_64)
			.segment({ .address = 0xffffffffff600000, .size = 0x1000, .flags = "rx" })
			.segment({ .address = 0xfffffffffffff000, .size = 0x1000, .content = "top" })
			.build();
	EXPECT_EQ(Elf_core("c", bytes_of(file)).segments().size(), 2u);

	std::string const narrow =
		Elf_core_builder(EM_ARM, 4).segment({ .address = 0xfffff000, .size = 0x1000 }).build();
	EXPECT_EQ(Elf_core("c", bytes_of(narrow)).segments().size(), 1u);
}

TEST(Elf_core, More_segments_than_16_bits_can_count)
{
	for (unsigned const word_bytes : { 8u, 4u }) {
		Elf_core_builder builder(word_bytes == 8 ? EM_X86_64 : EM_386, word_bytes);
		builder.alignment(1).extended_numbering();
		for (unsigned i = 0; i < 70000; i++)
			builder.segment({ .address = 0x1000u * (i + 1), .size = 0x800, .content = "x" });
		std::string const file = builder.build();
		EXPECT_EQ(Elf_core("c", bytes_of(file)).segments().size(), 70000u);
	}
}

TEST(Elf_core, Notes_aligned_to_eight)
{
	Elf_core_builder builder(EM_X86_64);
	builder.note("A", 1, std::string(16, 'z')); /* of the size of what replaces it: 32 bytes */
	std::string file = builder.build();
	ASSERT_EQ(file.size() - builder.notes_offset(), 32u);

	/* header and name are 16 bytes: with p_align 8 the content follows there, padded to 8 */
	std::string const eight = little_endian(4, 4) + little_endian(12, 4) + little_endian(9, 4) +
							  std::string("ABC\0", 4) + std::string("xyzuvwxyzuvw\0\0\0\0", 16);
	file.replace(builder.notes_offset(), 32, eight);
	patch(file, builder.program_header_offset(0) + offsetof(Elf64_Phdr, p_align), 8, 8);

	Elf_core const core("c", bytes_of(file));
	ASSERT_EQ(core.notes().size(), 1u);
	EXPECT_TRUE(core.notes()[0].is("ABC", 9));
	EXPECT_EQ(text(core.notes()[0].content), "xyzuvwxyzuvw");
}

TEST(Elf_core, Files_that_are_no_cores)
{
	std::string const good = small_core().build();

	EXPECT_REFUSED("", Code::INVALID, "e_ident", 0);
	EXPECT_REFUSED("#!/bin/sh\n", Code::INVALID, "e_ident", 0);
	EXPECT_REFUSED(good.substr(0, 10), Code::TRUNCATED, "e_ident", 10);
	EXPECT_REFUSED(good.substr(0, 40), Code::TRUNCATED, "Ehdr", 40);

	auto with = [&](std::size_t offset, std::uint64_t value, unsigned width) {
		std::string file = good;
		patch(file, offset, value, width);
		return file;
	};

	EXPECT_REFUSED(with(EI_CLASS, 3, 1), Code::INVALID, "EI_CLASS", EI_CLASS);
	EXPECT_REFUSED(with(EI_DATA, ELFDATA2MSB, 1), Code::UNSUPPORTED, "EI_DATA", EI_DATA);
	EXPECT_NE(refused(with(EI_DATA, ELFDATA2MSB, 1)).message.find("big-endian"), std::string::npos);
	EXPECT_REFUSED(with(EI_DATA, 0, 1), Code::INVALID, "EI_DATA", EI_DATA);
	EXPECT_REFUSED(with(EI_VERSION, 2, 1), Code::INVALID, "EI_VERSION", EI_VERSION);
	EXPECT_REFUSED(with(offsetof(Elf64_Ehdr, e_type), ET_EXEC, 2), Code::INVALID, "e_type", 16);
	EXPECT_FALSE(refused(with(16, ET_DYN, 2)).hint.empty());
}

struct Lie
{
	char const *what;
	std::function<void(std::string &, Elf_core_builder const &)> apply;
	Code code;
	char const *field;
	std::function<std::size_t(Elf_core_builder const &)> offset;
};

std::size_t segment_field(Elf_core_builder const &b, std::size_t i, std::size_t field)
{
	return b.program_header_offset(i + 1) + field;
}

#define HEADER_LIE(field, value, code, named)                                                      \
	{                                                                                              \
#field " = " #value, \
		[](std::string &f, Elf_core_builder const &) { \
			patch(f, offsetof(Elf64_Ehdr, field), value, sizeof(Elf64_Ehdr::field)); \
		}, \
		code, named, [](Elf_core_builder const &) { return offsetof(Elf64_Ehdr, field); }                                                                             \
	}

/* small_core: segment 0 at 0x20000 (64 bytes), 1 at 0x10000 (3 bytes), 2 at 0x30000 (none) */
#define SEGMENT_LIE(i, field, value, code)                                                         \
	{                                                                                              \
#field " = " #value, \
		[](std::string &f, Elf_core_builder const &b) { \
			patch(f, segment_field(b, i, offsetof(Elf64_Phdr, field)), value, 8); \
		}, \
		code, #field, \
		[](Elf_core_builder const &b) { \
			return segment_field(b, i, offsetof(Elf64_Phdr, field)); \
		}                                                                             \
	}

#define NOTE_LIE(at, value, code, named, where)                                                    \
	{                                                                                              \
		named " = " #value,                                                                        \
			[](std::string &f, Elf_core_builder const &b) {                                        \
				patch(f, b.notes_offset() + (at), value, 4);                                       \
			},                                                                                     \
			code, named, [](Elf_core_builder const &b) { return b.notes_offset() + (where); }      \
	}

/* the first note is NT_PRPSINFO: header 12, "CORE" 8, content 136; behind it NT_PRSTATUS */
constexpr std::size_t SECOND_NOTE = 12 + 8 + 136;

Lie const LIES[] {
	HEADER_LIE(e_phoff, 1ull << 40, Code::TRUNCATED, "e_phoff"),
	HEADER_LIE(e_phoff, ~0ull, Code::TRUNCATED, "e_phoff"),
	HEADER_LIE(e_phnum, 0, Code::INVALID, "e_phnum"),
	HEADER_LIE(e_phnum, 0xfffe, Code::TRUNCATED, "e_phnum"),
	HEADER_LIE(e_phentsize, 57, Code::INVALID, "e_phentsize"),
	HEADER_LIE(e_phentsize, 0, Code::INVALID, "e_phentsize"),
	HEADER_LIE(e_shnum, 1, Code::INVALID, "e_shoff") /* offset is that of e_shoff, see below */,
	SEGMENT_LIE(0, p_offset, 1ull << 40, Code::TRUNCATED),
	SEGMENT_LIE(0, p_offset, ~0ull, Code::TRUNCATED),
	SEGMENT_LIE(0, p_filesz, 0x1fff, Code::TRUNCATED),
	SEGMENT_LIE(0, p_filesz, 0x2001, Code::INVALID),
	SEGMENT_LIE(0, p_filesz, ~0ull, Code::INVALID),
	SEGMENT_LIE(2, p_memsz, ~0ull, Code::INVALID),
	SEGMENT_LIE(2, p_memsz, 0ull - 0x30000 + 1, Code::INVALID),
	SEGMENT_LIE(1, p_memsz, 2, Code::INVALID) /* field is p_filesz, see below */,
	SEGMENT_LIE(1, p_vaddr, 0x1f001, Code::INVALID),
	SEGMENT_LIE(1, p_vaddr, 0x21fff, Code::INVALID),
	SEGMENT_LIE(2, p_vaddr, 0x21fff, Code::INVALID),
	NOTE_LIE(0, 0xffffffff, Code::TRUNCATED, "n_namesz", 0),
	NOTE_LIE(0, 0x7fffffff, Code::TRUNCATED, "n_namesz", 0),
	NOTE_LIE(4, 0xffffffff, Code::TRUNCATED, "n_descsz", 4),
	NOTE_LIE(4, 0xfffffffd, Code::TRUNCATED, "n_descsz", 4),
	NOTE_LIE(SECOND_NOTE + 4, 0xffff, Code::TRUNCATED, "n_descsz", SECOND_NOTE + 4),
	NOTE_LIE(SECOND_NOTE + 4, 340, Code::INVALID, "NT_PRSTATUS", SECOND_NOTE + 20),
	NOTE_LIE(SECOND_NOTE + 4, 332, Code::INVALID, "NT_PRSTATUS", SECOND_NOTE + 20),
	NOTE_LIE(12, 0xffffffff, Code::INVALID, "n_name", 12),
};

TEST(Elf_core, Every_lie_is_named)
{
	for (Lie const &lie : LIES) {
		SCOPED_TRACE(lie.what);
		Elf_core_builder const builder = small_core();
		std::string file = builder.build();
		lie.apply(file, builder);

		Image_error::Info const info = refused(file);
		EXPECT_EQ(info.code, lie.code) << info.message;

		/* two fields that contradict each other: one of the two is named */
		std::string const what = lie.what;
		if (what == "e_shnum = 1") {
			EXPECT_EQ(info.field, "e_shoff");
			EXPECT_EQ(info.offset, offsetof(Elf64_Ehdr, e_shoff));
			continue;
		}
		if (what == "p_memsz = 2") {
			EXPECT_EQ(info.field, "p_filesz");
			EXPECT_EQ(info.offset, segment_field(builder, 1, offsetof(Elf64_Phdr, p_filesz)));
			continue;
		}
		if (what == "p_vaddr = 0x1f001" || what == "p_vaddr = 0x21fff") {
			/* of two that overlap the one that comes later in the file */
			EXPECT_EQ(info.field, "p_vaddr");
			EXPECT_FALSE(info.hint.empty());
			continue;
		}
		EXPECT_EQ(info.field, lie.field) << info.message;
		EXPECT_EQ(info.offset, lie.offset(builder)) << info.message;
	}
}

TEST(Elf_core, Overlap_names_the_later_header)
{
	auto build = [](std::uint64_t first, std::uint64_t second) {
		return Elf_core_builder(EM_X86_64)
			.segment({ .address = first, .size = 0x2000 })
			.segment({ .address = second, .size = 0x2000 });
	};
	for (auto const &[first, second] :
		 { std::pair(0x1000, 0x2fff), std::pair(0x2fff, 0x1000), std::pair(0x1000, 0x1000) })
	{
		Elf_core_builder const builder = build(first, second);
		EXPECT_REFUSED(builder.build(), Code::INVALID, "p_vaddr",
					   segment_field(builder, 1, offsetof(Elf64_Phdr, p_vaddr)));
	}
	std::string const touching = build(0x1000, 0x3000).build();
	EXPECT_EQ(Elf_core("c", bytes_of(touching)).segments().size(), 2u);
}

TEST(Elf_core, Wrapping_in_32_bit)
{
	Elf_core_builder builder(EM_386, 4);
	builder.segment({ .address = 0xfffff000, .size = 0x1001 });
	EXPECT_REFUSED(builder.build(), Code::INVALID, "p_memsz",
				   segment_field(builder, 0, offsetof(Elf32_Phdr, p_memsz)));
}

TEST(Elf_core, Bytes_of_the_file_belong_to_one_segment)
{
	Elf_core_builder builder(EM_X86_64);
	builder.segment({ .address = 0x1000, .size = 0x1000, .content = "one" })
		.segment({ .address = 0x2000, .size = 0x1000, .content = "two" });
	std::string file = builder.build();
	std::size_t const first = segment_field(builder, 0, offsetof(Elf64_Phdr, p_offset));
	std::size_t const second = segment_field(builder, 1, offsetof(Elf64_Phdr, p_offset));
	file.replace(second, 8, file.substr(first, 8));
	EXPECT_REFUSED(file, Code::INVALID, "p_offset", second);
}

TEST(Elf_core, Extended_numbering_that_lies)
{
	Elf_core_builder builder(EM_X86_64);
	builder.extended_numbering().segment({ .address = 0x1000, .size = 0x1000 });
	std::string const good = builder.build();
	std::size_t const section = 64;
	std::size_t const sh_info = section + offsetof(Elf64_Shdr, sh_info);
	std::size_t const sh_size = section + offsetof(Elf64_Shdr, sh_size);

	ASSERT_EQ(Elf_core("c", bytes_of(good)).segments().size(), 1u);

	auto with = [&](std::size_t offset, std::uint64_t value, unsigned width) {
		std::string file = good;
		patch(file, offset, value, width);
		return file;
	};

	EXPECT_REFUSED(with(sh_info, 0xffffffff, 4), Code::LIMIT, "sh_info", sh_info);
	EXPECT_REFUSED(with(sh_info, 100000, 4), Code::TRUNCATED, "sh_info", sh_info);
	EXPECT_REFUSED(with(sh_info, 0, 4), Code::INVALID, "sh_info", sh_info);

	std::size_t const e_shoff = offsetof(Elf64_Ehdr, e_shoff);
	EXPECT_REFUSED(with(e_shoff, ~0ull, 8), Code::TRUNCATED, "e_shoff", e_shoff);
	EXPECT_REFUSED(with(e_shoff, good.size() - 63, 8), Code::TRUNCATED, "e_shoff", e_shoff);
	std::size_t const e_shnum = offsetof(Elf64_Ehdr, e_shnum);
	EXPECT_REFUSED(with(e_shnum, 0xfeff, 2), Code::TRUNCATED, "e_shnum", e_shnum);
	std::size_t const e_shentsize = offsetof(Elf64_Ehdr, e_shentsize);
	EXPECT_REFUSED(with(e_shentsize, 40, 2), Code::INVALID, "e_shentsize", e_shentsize);

	/* the number of sections in turn may stand in the first one: libelf allocates by it */
	std::string file = with(e_shnum, 0, 2);
	patch(file, sh_size, 1ull << 50, 8);
	EXPECT_REFUSED(file, Code::TRUNCATED, "sh_size", sh_size);
	patch(file, e_shoff, 0, 8);
	EXPECT_REFUSED(file, Code::INVALID, "e_shoff", e_shoff);
}

TEST(Elf_core, Many_note_headers)
{
	Elf_core_builder builder(EM_X86_64);
	builder.process("p");
	for (unsigned i = 0; i < 2000; i++)
		builder.segment({ .address = 0x1000u * (i + 1), .size = 0x1000 });
	std::string file = builder.build();

	/* each segment becomes one more PT_NOTE over the same notes */
	std::size_t const note = builder.program_header_offset(0);
	for (unsigned i = 1; i <= 2000; i++)
		file.replace(builder.program_header_offset(i), 56, file.substr(note, 56));
	EXPECT_REFUSED(file, Code::LIMIT, "p_type", builder.program_header_offset(1024));
}

TEST(Elf_core, Core_that_was_cut_short)
{
	Elf_core_builder builder(EM_X86_64);
	builder.thread(1, REGISTERS)
		.segment({ .address = 0x1000, .size = 0x1000, .content = std::string(4096, 'a') })
		.segment({ .address = 0x2000, .size = 0x1000, .content = std::string(4096, 'b') });
	std::string const file = builder.build();

	Image_error::Info const info = refused(file.substr(0, file.size() - 1));
	EXPECT_EQ(info.field, "p_filesz");
	EXPECT_EQ(info.offset, segment_field(builder, 1, offsetof(Elf64_Phdr, p_filesz)));
	EXPECT_NE(info.hint.find("cut short"), std::string::npos);

	Image_error::Info const earlier = refused(file.substr(0, file.size() - 4096));
	EXPECT_EQ(earlier.field, "p_offset");
	EXPECT_NE(earlier.hint.find("cut short"), std::string::npos);
}

TEST(Elf_core, From_a_file)
{
	std::string const path = ::testing::TempDir() + "elf_core_test." + std::to_string(getpid());
	std::string const file = small_core().build();
	std::ofstream(path, std::ios::binary) << file;
	{
		Elf_core const core(path);
		EXPECT_EQ(core.name(), path);
		EXPECT_EQ(core.process_name(), "counter");
		EXPECT_EQ(core.process_arguments(), "counter --fast");
		EXPECT_EQ(core.threads().size(), 1u);
	}
	std::filesystem::remove(path);
	EXPECT_THROW(Elf_core { path }, Image_error);
}

}
