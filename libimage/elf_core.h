/*
 * An ELF core file, parsed: segments, threads and notes of one process
 *
 * Reads what gcore, the Linux kernel and checkpointers of Genode components write: 32 and
 * 64 bit, little-endian, more than 65535 segments included. Everything is checked when the
 * object is made; what it then returns can be relied upon:
 *
 * - segments ascend by address, are disjoint, do not wrap around and are not empty;
 * - their bytes lie within the file, and no byte of the file belongs to two segments, so
 *   that reading all of them costs no more than reading the file once;
 * - notes lie within the file, their owners are UTF-8.
 *
 * All else is an 'Image_error' with the byte offset in the core and the field's name in ELF
 * (elf.h, or elf_prstatus of Linux' elfcore.h). Memory used is proportional to the number of
 * program headers and notes that are really there. An object does not change once it is
 * made, and may be used from several threads.
 */

#ifndef CAPIMG__ELF_CORE_H
#define CAPIMG__ELF_CORE_H

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/head.h"
#include "mapped_file.h"

namespace Capimg
{

struct Elf_machine;

class Elf_core : Noncopyable
{
  public:
	struct Segment
	{
		std::uint64_t address = 0;
		std::uint64_t size = 0;        /* in memory, bytes, not 0 */
		std::uint64_t file_offset = 0; /* of its bytes, 0 if it has none */
		std::uint64_t file_size = 0;   /* at most 'size': what lies beyond was not captured */
		std::uint64_t header = 0;      /* of its program header in the file, for errors */
		bool readable = false, writeable = false, executable = false;
	};

	struct Note
	{
		std::string_view owner {}; /* "CORE", "LINUX", …: UTF-8 without NUL */
		std::uint32_t type = 0;
		std::uint64_t offset = 0; /* of 'content' in the file */
		Const_bytes content {};

		bool is(char const *wanted_owner, std::uint32_t wanted_type) const
		{
			return type == wanted_type && owner == wanted_owner;
		}
	};

	/*
	 * A thread is what an NT_PRSTATUS begins: the notes behind it are the thread's until the
	 * next one, but for those that are known to be of the process as a whole.
	 */
	struct Thread
	{
		std::uint64_t id = 0;       /* pr_pid, 0 if the machine's layout is not known */
		Note status {};             /* NT_PRSTATUS, of the size its machine says if known */
		std::vector<Note> notes {}; /* all other ones, in the order of the file */
	};

  private:
	std::optional<Mapped_file> _mapped {};
	std::string _name;
	Const_bytes _file;
	std::uint16_t _machine_number = 0;
	unsigned _word_bytes = 0;
	Elf_machine const *_machine = nullptr;
	std::uint64_t _page_size = 4096;
	std::vector<Segment> _segments {};
	std::vector<Thread> _threads {};
	std::vector<Note> _notes {};

	struct Parser;

  public:
	/* "-" is standard input */
	explicit Elf_core(std::string const &path);

	/* 'file' stays the caller's and must outlive this object; 'name' is for errors */
	Elf_core(std::string name, Const_bytes file);

	std::string const &name() const { return _name; }
	Const_bytes file() const { return _file; }

	std::uint16_t machine_number() const { return _machine_number; } /* e_machine */
	unsigned word_bytes() const { return _word_bytes; }              /* 4 or 8, the ELF class */
	Elf_machine const *machine() const { return _machine; }          /* null: not known */

	/* as the head of an image says it; UNKNOWN for a machine that is not known */
	Machine machine_of_head() const;

	std::span<Segment const> segments() const { return _segments; }
	std::span<Thread const> threads() const { return _threads; }
	std::span<Note const> notes() const { return _notes; } /* of the process */

	/*
	 * From NT_PRPSINFO, empty if there is none. Bytes as they are, up to the first NUL.
	 *
	 * All layouts of 'elf_prpsinfo' end with pr_fname[16] and pr_psargs[80]; what is before
	 * them differs (124, 128, 132 or 136 bytes in all).
	 */
	std::string process_name() const;
	std::string process_arguments() const;

	/* bytes of a segment that are in the file */
	Const_bytes bytes(Segment const &) const;
};

}

#endif /* CAPIMG__ELF_CORE_H */
