/*
 * Parsing of sound ELF cores
 */

#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "tests/support/elf_core_sample.h"

namespace
{

using namespace Capimg;
using namespace Capimg::Test;

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
