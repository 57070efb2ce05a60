#include "elf_core_builder.h"

#include <algorithm>

namespace Capimg::Test
{

namespace
{

constexpr std::uint32_t LOAD = 1, NOTE = 4;
constexpr std::uint32_t PRSTATUS = 1, PRPSINFO = 3;

std::string padded(std::string text, std::size_t size)
{
	text.resize(std::max(size, text.size()));
	text.resize(size);
	return text;
}

std::size_t up(std::size_t value, std::size_t align) { return (value + align - 1) / align * align; }

}

std::string little_endian(std::uint64_t value, unsigned bytes)
{
	std::string result;
	for (unsigned i = 0; i < bytes; i++) result.push_back(char(value >> (8 * i)));
	return result;
}

Elf_core_builder &Elf_core_builder::segment(Segment segment)
{
	_segments.push_back(std::move(segment));
	return *this;
}

Elf_core_builder &Elf_core_builder::note(std::string_view owner, std::uint32_t type,
										 std::string_view content)
{
	std::string const name = owner.empty() ? "" : std::string(owner) + '\0';
	_notes +=
		little_endian(name.size(), 4) + little_endian(content.size(), 4) + little_endian(type, 4);
	_notes += padded(name, up(name.size(), 4));
	_notes += padded(std::string(content), up(content.size(), 4));
	return *this;
}

Elf_core_builder &Elf_core_builder::process(std::string_view name, std::string_view arguments)
{
	/* up to pr_fname: state, flags, uid, gid, pid, ppid, pgrp, sid */
	std::string content(_wide() ? 40 : 28, '\0');
	content[1] = 'S';
	content += padded(std::string(name), 16) + padded(std::string(arguments), 80);
	return note("CORE", PRPSINFO, content);
}

Elf_core_builder &Elf_core_builder::thread(std::uint32_t id, std::string_view registers,
										   char filler)
{
	/* pr_info and pr_cursig, pr_sigpend, pr_sighold, then pr_pid; four pids, four times */
	std::size_t const pid = 16 + 2 * _word_bytes;
	std::size_t const pr_reg = pid + 4 * 4 + 4 * 2 * _word_bytes;

	std::string content(pr_reg, filler);
	content.replace(pid, 4, little_endian(id, 4));
	content += registers;
	content += std::string(_word_bytes, filler); /* pr_fpvalid, padded */
	return note("CORE", PRSTATUS, content);
}

Elf_core_builder &Elf_core_builder::extended_numbering(bool on)
{
	_extended = on;
	return *this;
}

Elf_core_builder &Elf_core_builder::alignment(std::uint64_t alignment)
{
	_alignment = alignment;
	return *this;
}

std::string Elf_core_builder::_phdr(std::uint32_t type, std::uint32_t flags, std::uint64_t offset,
									std::uint64_t address, std::uint64_t file_size,
									std::uint64_t size, std::uint64_t align) const
{
	std::string const f = little_endian(flags, 4);
	return little_endian(type, 4) + (_wide() ? f : "") + _word(offset) + _word(address) + _word(0) +
		   _word(file_size) + _word(size) + (_wide() ? "" : f) + _word(align);
}

std::size_t Elf_core_builder::program_header_offset(std::size_t i) const
{
	return _header_size() + (_extended ? _shdr_size() : 0) + i * _phdr_size();
}

std::size_t Elf_core_builder::notes_offset() const
{
	return program_header_offset(_segments.size() + 1);
}

std::string Elf_core_builder::build() const
{
	std::size_t const phnum = _segments.size() + 1;

	std::string file = "\x7f"
					   "ELF";
	file += char(_wide() ? 2 : 1);
	file += char(1); /* little-endian */
	file += char(1); /* version */
	file = padded(file, 16);
	file += little_endian(4 /* ET_CORE */, 2) + little_endian(_machine, 2) + little_endian(1, 4);
	file += _word(0) + _word(program_header_offset(0)) + _word(_extended ? _header_size() : 0);
	file += little_endian(0, 4) + little_endian(_header_size(), 2) + little_endian(_phdr_size(), 2);
	file += little_endian(_extended ? 0xffff : phnum, 2);
	file += little_endian(_extended ? _shdr_size() : 0, 2) + little_endian(_extended ? 1 : 0, 2);
	file += little_endian(0, 2);

	if (_extended) {
		/* name, type, flags, address, offset, size, link, info */
		std::string section = little_endian(0, 8) + _word(0) + _word(0) + _word(0) + _word(1);
		section += little_endian(0, 4) + little_endian(phnum, 4);
		file += padded(section, _shdr_size());
	}

	file += _phdr(NOTE, 4, notes_offset(), 0, _notes.size(), 0, 4);

	std::size_t offset = up(notes_offset() + _notes.size(), _alignment);
	for (Segment const &s : _segments) {
		bool const r = s.flags.find('r') != std::string::npos;
		bool const w = s.flags.find('w') != std::string::npos;
		bool const x = s.flags.find('x') != std::string::npos;
		file += _phdr(LOAD, (r ? 4u : 0) | (w ? 2u : 0) | (x ? 1u : 0), offset, s.address,
					  s.content.size(), s.size, _alignment);
		offset = up(offset + s.content.size(), _alignment);
	}

	file += _notes;
	for (Segment const &s : _segments) {
		if (s.content.empty()) continue;
		file.resize(up(file.size(), _alignment));
		file += s.content;
	}
	return file;
}

}
