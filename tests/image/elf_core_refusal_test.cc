/*
 * Every way a header of an ELF core can lie, and the field and offset that the error names
 */

#include <functional>

#include "tests/support/elf_core_sample.h"

namespace
{

using namespace Capimg;
using namespace Capimg::Test;

TEST(Elf_core_refusal, Files_that_are_no_cores)
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

TEST(Elf_core_refusal, Every_lie_is_named)
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

TEST(Elf_core_refusal, Overlap_names_the_later_header)
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

TEST(Elf_core_refusal, Wrapping_in_32_bit)
{
	Elf_core_builder builder(EM_386, 4);
	builder.segment({ .address = 0xfffff000, .size = 0x1001 });
	EXPECT_REFUSED(builder.build(), Code::INVALID, "p_memsz",
				   segment_field(builder, 0, offsetof(Elf32_Phdr, p_memsz)));
}

TEST(Elf_core_refusal, Bytes_of_the_file_belong_to_one_segment)
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

TEST(Elf_core_refusal, Extended_numbering_that_lies)
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

TEST(Elf_core_refusal, Many_note_headers)
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

TEST(Elf_core_refusal, Core_that_was_cut_short)
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

}
