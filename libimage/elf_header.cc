#include "elf_header.h"

#include <cstddef>

#include <elf.h>

#include "core/limits.h"
#include "image_error.h"

namespace Capimg
{

char const *const TAKE_CORE_AGAIN =
	"the core was cut short (size limit, full disk): take it again with 'ulimit -c unlimited'";

namespace
{

template <typename EHDR, typename PHDR, typename SHDR>
constexpr Elf_layout layout_of()
{
	return {
		.header_size = sizeof(EHDR),
		.phdr_size = sizeof(PHDR),
		.shdr_size = sizeof(SHDR),
		.e_phoff = offsetof(EHDR, e_phoff),
		.e_shoff = offsetof(EHDR, e_shoff),
		.e_phentsize = offsetof(EHDR, e_phentsize),
		.e_phnum = offsetof(EHDR, e_phnum),
		.e_shentsize = offsetof(EHDR, e_shentsize),
		.e_shnum = offsetof(EHDR, e_shnum),
		.p_offset = offsetof(PHDR, p_offset),
		.p_vaddr = offsetof(PHDR, p_vaddr),
		.p_filesz = offsetof(PHDR, p_filesz),
		.p_memsz = offsetof(PHDR, p_memsz),
		.sh_size = offsetof(SHDR, sh_size),
		.sh_info = offsetof(SHDR, sh_info),
	};
}

constexpr Elf_layout LAYOUT_32 = layout_of<Elf32_Ehdr, Elf32_Phdr, Elf32_Shdr>();
constexpr Elf_layout LAYOUT_64 = layout_of<Elf64_Ehdr, Elf64_Phdr, Elf64_Shdr>();

/* the same in both classes */
constexpr std::size_t E_TYPE = offsetof(Elf64_Ehdr, e_type);
constexpr std::size_t E_MACHINE = offsetof(Elf64_Ehdr, e_machine);

struct Checker
{
	Const_bytes const file;
	std::string const &name;
	Elf_layout const *layout = nullptr;
	Elf_header header {};

	[[noreturn]] void fail(Code code, std::uint64_t offset, char const *field, std::string message,
						   std::string hint = {}) const
	{
		throw Image_error({ name, code, offset, field, std::move(message), std::move(hint) });
	}

	/* a word of the class' size */
	std::uint64_t word(std::size_t offset) const
	{
		return header.word_bytes == 8 ? file.u64(offset) : file.u32(offset);
	}

	void identify()
	{
		if (file.size() < SELFMAG || !equal_memory(file.base(), ELFMAG, SELFMAG))
			fail(Code::INVALID, 0, "e_ident", "this is not an ELF file",
				 "give a core file, as gcore writes it");
		if (file.size() < EI_NIDENT)
			fail(Code::TRUNCATED, file.size(), "e_ident", "the file ends within its header",
				 TAKE_CORE_AGAIN);

		switch (file.u8(EI_CLASS)) {
		case ELFCLASS32:
			header.word_bytes = 4;
			header.layout = layout = &LAYOUT_32;
			break;
		case ELFCLASS64:
			header.word_bytes = 8;
			header.layout = layout = &LAYOUT_64;
			break;
		default: fail(Code::INVALID, EI_CLASS, "EI_CLASS", "neither 32 nor 64 bit");
		}

		if (file.u8(EI_DATA) == ELFDATA2MSB)
			fail(Code::UNSUPPORTED, EI_DATA, "EI_DATA",
				 "the core is of a big-endian machine, which is not supported");
		if (file.u8(EI_DATA) != ELFDATA2LSB)
			fail(Code::INVALID, EI_DATA, "EI_DATA", "the byte order is not known");
		if (file.u8(EI_VERSION) != EV_CURRENT)
			fail(Code::INVALID, EI_VERSION, "EI_VERSION", "the version of ELF is not known");

		if (file.size() < layout->header_size)
			fail(Code::TRUNCATED, file.size(), "Ehdr", "the file ends within its header",
				 TAKE_CORE_AGAIN);
		if (file.u16(E_TYPE) != ET_CORE)
			fail(Code::INVALID, E_TYPE, "e_type", "this ELF file is not a core",
				 "take one of the running program, as with 'gcore PID'");

		header.machine = file.u16(E_MACHINE);
	}

	/* libelf sizes its table of sections by these fields */
	void check_sections() const
	{
		std::uint64_t const shoff = word(layout->e_shoff);
		if (!shoff) {
			if (file.u16(layout->e_shnum))
				fail(Code::INVALID, layout->e_shoff, "e_shoff",
					 "there are section headers, but no place for them");
			return;
		}

		if (file.u16(layout->e_shentsize) != layout->shdr_size)
			fail(Code::INVALID, layout->e_shentsize, "e_shentsize",
				 "a section header of this size is not known");
		if (!Capimg::within(shoff, layout->shdr_size, file.size()))
			fail(Code::TRUNCATED, layout->e_shoff, "e_shoff",
				 "the section headers lie beyond the end of the file", TAKE_CORE_AGAIN);

		/* a count that does not fit stands in the first section header */
		bool const extended = !file.u16(layout->e_shnum);
		std::size_t const sh_size = std::size_t(shoff) + layout->sh_size;
		std::uint64_t const shnum = extended ? word(sh_size) : file.u16(layout->e_shnum);
		if (shnum > (file.size() - shoff) / layout->shdr_size)
			fail(Code::TRUNCATED, extended ? sh_size : layout->e_shnum,
				 extended ? "sh_size" : "e_shnum",
				 "the section headers reach beyond the end of the file", TAKE_CORE_AGAIN);
	}

	void check_program_headers()
	{
		std::uint64_t const phoff = header.phoff = word(layout->e_phoff);
		std::uint64_t phnum = file.u16(layout->e_phnum);
		std::uint64_t field_offset = layout->e_phnum;
		char const *field = "e_phnum";

		if (phnum == PN_XNUM) {
			std::uint64_t const shoff = word(layout->e_shoff);
			if (!shoff)
				fail(Code::INVALID, layout->e_shoff, "e_shoff",
					 "there is no section header, which had to hold the number of segments");
			field_offset = shoff + layout->sh_info;
			field = "sh_info";
			phnum = file.u32(std::size_t(field_offset));
		}

		if (!phnum)
			fail(Code::INVALID, field_offset, field, "the core has no program header",
				 "nothing was captured: take it again");
		if (phnum > Limit::MAX_REGIONS)
			fail(Code::LIMIT, field_offset, field, "more program headers than are supported");
		if (file.u16(layout->e_phentsize) != layout->phdr_size)
			fail(Code::INVALID, layout->e_phentsize, "e_phentsize",
				 "a program header of this size is not known");
		if (phoff > file.size())
			fail(Code::TRUNCATED, layout->e_phoff, "e_phoff",
				 "the program headers lie beyond the end of the file", TAKE_CORE_AGAIN);
		if (phnum > (file.size() - phoff) / layout->phdr_size)
			fail(Code::TRUNCATED, field_offset, field,
				 "the program headers reach beyond the end of the file", TAKE_CORE_AGAIN);
		header.phnum = phnum;
	}
};

}

Elf_header check_elf_header(Const_bytes file, std::string const &name)
{
	Checker checker { file, name };
	checker.identify();
	checker.check_sections();
	checker.check_program_headers();
	return checker.header;
}

}
