/*
 * Header of an ELF core, checked field by field before libelf sees it
 *
 * So an error names its field, and libelf never allocates what an unchecked field says.
 */

#ifndef CAPIMG__ELF_HEADER_H
#define CAPIMG__ELF_HEADER_H

#include <cstdint>
#include <string>

#include "core/bytes.h"

namespace Capimg
{

/* hint of errors that a core has which was not written to its end */
extern char const *const TAKE_CORE_AGAIN;

/* where the fields of ELF's two classes stand: bytes from the start of their struct */
struct Elf_layout
{
	std::size_t header_size, phdr_size, shdr_size;
	std::size_t e_phoff, e_shoff, e_phentsize, e_phnum, e_shentsize, e_shnum;
	std::size_t p_offset, p_vaddr, p_filesz, p_memsz;
	std::size_t sh_size, sh_info;
};

struct Elf_header
{
	Elf_layout const *layout = nullptr;
	unsigned word_bytes = 0;   /* 4 or 8 */
	std::uint16_t machine = 0; /* e_machine */
	std::uint64_t phoff = 0;   /* the program headers lie within the file */
	std::uint64_t phnum = 0;   /* 1 to Limit::MAX_REGIONS, PN_XNUM resolved */
};

/* throws 'Image_error'; 'name' is the file's, for that */
Elf_header check_elf_header(Const_bytes file, std::string const &name);

}

#endif /* CAPIMG__ELF_HEADER_H */
