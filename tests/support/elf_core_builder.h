/*
 * Writes ELF cores for tests, byte by byte and without libelf, so that the reader is tested
 * against the ELF specification and not against itself
 *
 * Little-endian, 32 and 64 bit. Sound as long as nobody changes a header by hand.
 */

#ifndef CAPIMG__TESTS__SUPPORT__ELF_CORE_BUILDER_H
#define CAPIMG__TESTS__SUPPORT__ELF_CORE_BUILDER_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace Capimg::Test
{

/* little-endian bytes of a number */
std::string little_endian(std::uint64_t value, unsigned bytes);

class Elf_core_builder
{
  public:
	struct Segment
	{
		std::uint64_t address = 0;
		std::uint64_t size = 0;   /* in memory */
		std::string content {};   /* in the file, may be shorter */
		std::string flags = "rw"; /* any of "rwx" */
	};

	explicit Elf_core_builder(std::uint16_t machine, unsigned word_bytes = 8)
		: _machine(machine), _word_bytes(word_bytes)
	{}

	Elf_core_builder &segment(Segment segment);
	Elf_core_builder &note(std::string_view owner, std::uint32_t type, std::string_view content);

	/* NT_PRPSINFO as Linux lays it out on this class */
	Elf_core_builder &process(std::string_view name, std::string_view arguments = "");

	/* NT_PRSTATUS: 'registers' stand where 'pr_reg' stands, all other bytes are 'filler' */
	Elf_core_builder &thread(std::uint32_t id, std::string_view registers, char filler = 0);

	/* count of segments in the first section header, as if there were more than 65534 */
	Elf_core_builder &extended_numbering(bool on = true);

	/* segments' bytes start at multiples of this, 4096 unless told */
	Elf_core_builder &alignment(std::uint64_t alignment);

	std::string build() const;

	/* where the parts of 'build()' stand */
	std::size_t program_header_offset(std::size_t i) const; /* 0 is PT_NOTE, then segments */
	std::size_t notes_offset() const;

  private:
	std::uint16_t _machine;
	unsigned _word_bytes;
	std::vector<Segment> _segments {};
	std::string _notes {};
	bool _extended = false;
	std::uint64_t _alignment = 4096;

	bool _wide() const { return _word_bytes == 8; }
	std::string _word(std::uint64_t value) const { return little_endian(value, _word_bytes); }
	std::size_t _header_size() const { return _wide() ? 64 : 52; }
	std::size_t _phdr_size() const { return _wide() ? 56 : 32; }
	std::size_t _shdr_size() const { return _wide() ? 64 : 40; }

	std::string _phdr(std::uint32_t type, std::uint32_t flags, std::uint64_t offset,
					  std::uint64_t address, std::uint64_t file_size, std::uint64_t size,
					  std::uint64_t align) const;
};

}

#endif /* CAPIMG__TESTS__SUPPORT__ELF_CORE_BUILDER_H */
