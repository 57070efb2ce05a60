/*
 * The captured segments of an ELF core, for tests that must not depend on the library's importer
 */

#ifndef CAPIMG__TESTS__SUPPORT__CORE_MEMORY_H
#define CAPIMG__TESTS__SUPPORT__CORE_MEMORY_H

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "segment_memory.h"

namespace Capimg::Test
{

/* 64-bit little-endian cores; throws if the file is none */
inline void load_core(std::string const &path, Segment_memory &memory)
{
	std::ifstream file(path, std::ios::binary);
	std::vector<uint8_t> const bytes { std::istreambuf_iterator<char>(file), {} };

	auto take = [&](uint64_t offset, uint64_t size) {
		if (!within(offset, size, bytes.size())) throw std::runtime_error(path + ": too short");
		return bytes.data() + offset;
	};

	Elf64_Ehdr ehdr;
	std::memcpy(&ehdr, take(0, sizeof(ehdr)), sizeof(ehdr));
	if (std::memcmp(ehdr.e_ident, ELFMAG, SELFMAG) || ehdr.e_ident[EI_CLASS] != ELFCLASS64)
		throw std::runtime_error(path + ": not a 64-bit ELF file");

	for (unsigned i = 0; i < ehdr.e_phnum; i++) {
		Elf64_Phdr ph;
		std::memcpy(&ph, take(ehdr.e_phoff + i * sizeof(ph), sizeof(ph)), sizeof(ph));
		if (ph.p_type != PT_LOAD || !ph.p_filesz) continue;

		uint8_t const *const data = take(ph.p_offset, ph.p_filesz);
		memory.add(ph.p_vaddr, { data, data + ph.p_filesz });
	}
}

}

#endif /* CAPIMG__TESTS__SUPPORT__CORE_MEMORY_H */
