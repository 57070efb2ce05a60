#include "elf_core.h"

#include <algorithm>
#include <cstddef>
#include <memory>

#include <gelf.h>
#include <libelf.h>

#include "core/limits.h"
#include "core/utf8.h"
#include "elf_header.h"
#include "elf_machine.h"
#include "image_error.h"

namespace Capimg
{

namespace
{

/* notes that one core may have */
constexpr std::uint64_t MAX_NOTES = 1024 * 1024; /* a thread has about ten */
constexpr unsigned MAX_NOTE_HEADERS = 1024;      /* there is one; libelf keeps a list of them */

/* notes go to the manifest; overlapping PT_NOTEs cannot make more of them than this */
constexpr std::uint64_t MAX_NOTE_BYTES = Limit::MAX_MANIFEST_SIZE;

/* pr_fname and pr_psargs, the end of every layout of 'elf_prpsinfo' */
constexpr std::size_t NAME_SIZE = 16, ARGUMENTS_SIZE = 80;
constexpr std::size_t INFO_TAIL = NAME_SIZE + ARGUMENTS_SIZE;
constexpr std::size_t MIN_INFO = 124, MAX_INFO = 136;

/* notes that are the process' wherever they stand: gdb writes some behind the last thread */
struct Process_note
{
	std::string_view owner;
	std::uint32_t type;
};

constexpr Process_note PROCESS_NOTES[] {
	{ "CORE", NT_PRPSINFO }, { "CORE", NT_TASKSTRUCT }, { "CORE", NT_PLATFORM },
	{ "CORE", NT_AUXV },     { "CORE", NT_FILE },       { "GDB", 0xff000000 /* NT_GDB_TDESC */ },
};

bool of_process(Elf_core::Note const &note)
{
	return std::any_of(
		std::begin(PROCESS_NOTES), std::end(PROCESS_NOTES),
		[&](Process_note const &p) { return p.type == note.type && p.owner == note.owner; });
}

/* one program header with the place it was read from, for errors */
struct Header
{
	GElf_Phdr phdr {};
	std::uint64_t offset = 0; /* in the file */
};

struct Elf_end
{
	void operator()(Elf *elf) const { ::elf_end(elf); }
};

using Elf_handle = std::unique_ptr<Elf, Elf_end>;

}

struct Elf_core::Parser
{
	Elf_core &core;
	Const_bytes const file = core._file;
	Elf_header const elf_header = check_elf_header(core._file, core._name);
	Elf_layout const *const layout = elf_header.layout;
	std::uint64_t note_bytes = 0;
	std::uint64_t note_count = 0;
	unsigned note_headers = 0;

	[[noreturn]] void fail(Code code, std::uint64_t offset, char const *field, std::string message,
						   std::string hint = {}) const
	{
		throw Image_error({ core._name, code, offset, field, std::move(message), std::move(hint) });
	}

	[[noreturn]] void fail_libelf(std::uint64_t offset, char const *field) const
	{
		char const *const reason = ::elf_errmsg(-1);
		fail(Code::INVALID, offset, field, reason ? reason : "libelf refuses it");
	}

	Elf_handle open() const
	{
		::elf_version(EV_CURRENT);

		/* libelf takes a 'char *', but does not write to it */
		Elf_handle elf(::elf_memory(const_cast<char *>(reinterpret_cast<char const *>(file.base())),
									file.size()));

		std::size_t count = 0;
		if (!elf || ::elf_kind(elf.get()) != ELF_K_ELF) fail_libelf(0, "e_ident");
		if (::elf_getphdrnum(elf.get(), &count) || count != elf_header.phnum)
			fail_libelf(layout->e_phnum, "e_phnum");
		return elf;
	}

	Header header(Elf *elf, std::uint64_t i) const
	{
		Header header;
		header.offset = elf_header.phoff + i * layout->phdr_size;
		if (!::gelf_getphdr(elf, int(i), &header.phdr)) fail_libelf(header.offset, "Phdr");
		return header;
	}

	void check_load(Header const &h) const
	{
		GElf_Phdr const &p = h.phdr;
		std::uint64_t const top = core._word_bytes == 8 ? ~0ull : 0xffff'ffffull;

		if (p.p_filesz > p.p_memsz)
			fail(Code::INVALID, h.offset + layout->p_filesz, "p_filesz",
				 "the segment has more bytes in the file than in memory");
		if (p.p_memsz && p.p_memsz - 1 > top - p.p_vaddr)
			fail(Code::INVALID, h.offset + layout->p_memsz, "p_memsz",
				 "the segment reaches beyond the end of the address space");
		check_in_file(h);
	}

	void check_in_file(Header const &h) const
	{
		GElf_Phdr const &p = h.phdr;
		if (p.p_filesz && p.p_offset >= file.size())
			fail(Code::TRUNCATED, h.offset + layout->p_offset, "p_offset",
				 "the segment's bytes lie beyond the end of the file", TAKE_CORE_AGAIN);
		if (p.p_filesz && p.p_filesz > file.size() - p.p_offset)
			fail(Code::TRUNCATED, h.offset + layout->p_filesz, "p_filesz",
				 "the segment's bytes reach beyond the end of the file", TAKE_CORE_AGAIN);
	}

	/* takes over the PT_LOADs, once it is sure that they are disjoint */
	void take_segments(std::vector<Header> &loads) const
	{
		auto by_address = [](Header const &a, Header const &b) {
			return a.phdr.p_vaddr < b.phdr.p_vaddr;
		};
		auto by_offset = [](Header const &a, Header const &b) {
			return a.phdr.p_offset < b.phdr.p_offset;
		};

		std::stable_sort(loads.begin(), loads.end(), by_offset);
		Header const *previous = nullptr;
		for (Header const &h : loads) {
			if (!h.phdr.p_filesz) continue;
			if (previous && h.phdr.p_offset - previous->phdr.p_offset < previous->phdr.p_filesz)
				fail(Code::INVALID, std::max(h.offset, previous->offset) + layout->p_offset,
					 "p_offset", "two segments have bytes of the file in common");
			previous = &h;
		}

		std::stable_sort(loads.begin(), loads.end(), by_address);
		previous = nullptr;
		for (Header const &h : loads) {
			if (previous && h.phdr.p_vaddr - previous->phdr.p_vaddr < previous->phdr.p_memsz)
				fail(Code::INVALID, std::max(h.offset, previous->offset) + layout->p_vaddr,
					 "p_vaddr", "two segments have addresses in common",
					 "an address has one content: the core was not written by a sound program");
			previous = &h;
		}

		core._segments.reserve(loads.size());
		for (Header const &h : loads) {
			GElf_Phdr const &p = h.phdr;
			core._segments.push_back({ .address = p.p_vaddr,
									   .size = p.p_memsz,
									   .file_offset = p.p_filesz ? p.p_offset : 0,
									   .file_size = p.p_filesz,
									   .header = h.offset,
									   .readable = (p.p_flags & PF_R) != 0,
									   .writeable = (p.p_flags & PF_W) != 0,
									   .executable = (p.p_flags & PF_X) != 0 });
		}
	}

	void take_note(Note const &note)
	{
		if (note.is("CORE", NT_PRSTATUS)) {
			Elf_machine const *const machine = core._machine;
			if (machine && note.content.size() != machine->status_size)
				fail(Code::INVALID, note.offset, "NT_PRSTATUS",
					 "the note has " + std::to_string(note.content.size()) + " bytes, not the " +
						 std::to_string(machine->status_size) + " of this machine");

			std::uint64_t const id = machine ? note.content.u32(machine->pid.offset) : 0;
			core._threads.push_back({ id, note, {} });
			return;
		}

		if (core._threads.empty() || of_process(note))
			core._notes.push_back(note);
		else
			core._threads.back().notes.push_back(note);
	}

	/* which of the note's two sizes is the wrong one */
	[[noreturn]] void fail_note(Const_bytes rest, std::uint64_t offset) const
	{
		if (rest.size() < sizeof(GElf_Nhdr))
			fail(Code::TRUNCATED, offset, "Nhdr", "the notes end within a note's header");

		bool const name = rest.u32(0) > rest.size() - sizeof(GElf_Nhdr);
		fail(Code::TRUNCATED,
			 offset + (name ? offsetof(GElf_Nhdr, n_namesz) : offsetof(GElf_Nhdr, n_descsz)),
			 name ? "n_namesz" : "n_descsz", "the note reaches beyond the end of its segment");
	}

	void read_notes(Elf *elf, Header const &h)
	{
		GElf_Phdr const &p = h.phdr;
		check_in_file(h);
		if (!p.p_filesz) return;

		if (++note_headers > MAX_NOTE_HEADERS)
			fail(Code::LIMIT, h.offset, "p_type", "more PT_NOTE headers than are supported");
		note_bytes += p.p_filesz; /* each is at most the file's size: no overflow before it fails */
		if (note_bytes > MAX_NOTE_BYTES)
			fail(Code::LIMIT, h.offset + layout->p_filesz, "p_filesz",
				 "more bytes of notes than are supported");

		Elf_Type const type = p.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR;
		Elf_Data *const data =
			::elf_getdata_rawchunk(elf, std::int64_t(p.p_offset), p.p_filesz, type);
		if (!data) fail_libelf(h.offset + layout->p_offset, "p_offset");

		Const_bytes const notes(file.base() + p.p_offset, p.p_filesz);

		for (std::size_t at = 0; at < p.p_filesz;) {
			GElf_Nhdr nhdr {};
			std::size_t name = 0, content = 0;
			std::size_t const next = ::gelf_getnote(data, at, &nhdr, &name, &content);
			if (!next)
				fail_note(Const_bytes(notes.base() + at, notes.size() - at), p.p_offset + at);

			if (++note_count > MAX_NOTES)
				fail(Code::LIMIT, p.p_offset + at, "Nhdr", "more notes than are supported");

			char const *const owner = reinterpret_cast<char const *>(notes.base()) + name;
			std::size_t length = nhdr.n_namesz;
			if (length && !owner[length - 1]) length--;

			Note const note { { owner, length },
							  nhdr.n_type,
							  p.p_offset + content,
							  Const_bytes(notes.base() + content, nhdr.n_descsz) };

			if (first_invalid_utf8(Const_bytes(owner, length)) != length)
				fail(Code::INVALID, p.p_offset + name, "n_name", "the note's owner is not UTF-8");
			take_note(note);
			at = next;
		}
	}

	/* AT_PAGESZ of NT_AUXV, or what the format starts from */
	std::uint64_t page_size() const
	{
		for (Note const &note : core._notes) {
			if (!note.is("CORE", NT_AUXV)) continue;
			Const_bytes const auxv = note.content;
			bool const wide = core._word_bytes == 8;
			std::size_t const pair = 2 * core._word_bytes;
			for (std::size_t at = 0; auxv.size() - at >= pair; at += pair) {
				std::uint64_t const key = wide ? auxv.u64(at) : auxv.u32(at);
				std::uint64_t const value = wide ? auxv.u64(at + 8) : auxv.u32(at + 4);
				bool const sane = value >= 4096 && value <= 65536 && !(value & (value - 1));
				if (key == AT_PAGESZ && sane) return value;
			}
		}
		return 4096;
	}

	void parse()
	{
		core._word_bytes = elf_header.word_bytes;
		core._machine_number = elf_header.machine;
		core._machine = elf_machine(elf_header.machine, elf_header.word_bytes);

		Elf_handle const elf = open();
		std::vector<Header> loads;

		for (std::uint64_t i = 0; i < elf_header.phnum; i++) {
			Header const h = header(elf.get(), i);
			if (h.phdr.p_type == PT_NOTE) read_notes(elf.get(), h);
			if (h.phdr.p_type != PT_LOAD) continue;
			check_load(h);
			if (h.phdr.p_memsz) loads.push_back(h);
		}

		take_segments(loads);
		core._page_size = page_size();
	}
};

Elf_core::Elf_core(std::string const &path)
	: _mapped(path), _name(path), _file(_mapped->core_bytes())
{
	Parser { *this }.parse();
}

Elf_core::Elf_core(std::string name, Const_bytes file) : _name(std::move(name)), _file(file)
{
	Parser { *this }.parse();
}

Machine Elf_core::machine_of_head() const
{
	return { .architecture = _machine ? _machine->architecture : Architecture::UNKNOWN,
			 .word_bits = uint8_t(_word_bytes * 8),
			 .page_size = uint32_t(_page_size) };
}

static std::string text_of(Const_bytes bytes, std::size_t offset, std::size_t size)
{
	std::string_view const all(reinterpret_cast<char const *>(bytes.base()) + offset, size);
	return std::string(all.substr(0, all.find('\0')));
}

static Elf_core::Note const *process_info(std::span<Elf_core::Note const> notes)
{
	for (Elf_core::Note const &note : notes)
		if (note.is("CORE", NT_PRPSINFO) && note.content.size() >= MIN_INFO &&
			note.content.size() <= MAX_INFO)
			return &note;
	return nullptr;
}

std::string Elf_core::process_name() const
{
	Note const *const info = process_info(_notes);
	return info ? text_of(info->content, info->content.size() - INFO_TAIL, NAME_SIZE) : "";
}

std::string Elf_core::process_arguments() const
{
	Note const *const info = process_info(_notes);
	return info ? text_of(info->content, info->content.size() - ARGUMENTS_SIZE, ARGUMENTS_SIZE)
				: "";
}

Const_bytes Elf_core::bytes(Segment const &segment) const
{
	/* both were checked against the file when the core was parsed */
	return Const_bytes(_file.base() + segment.file_offset, segment.file_size);
}

}
