/*
 * What differs between the machines whose ELF cores we read: one table row each
 *
 * Sizes and offsets are those of Linux' 'struct elf_prstatus' (include/uapi/linux/elfcore.h
 * and the 'elf_gregset_t' of each architecture) and of the register sets in
 * include/uapi/linux/elf.h. A new machine is one row here and its two functions.
 */

#ifndef CAPIMG__ELF_MACHINE_H
#define CAPIMG__ELF_MACHINE_H

#include <cstdint>
#include <span>

#include "core/head.h"
#include "image.capnp.h"

namespace Capimg
{

struct Elf_machine
{
	/* a range of bytes within a note; size 0 = there is none */
	struct Field
	{
		std::uint32_t offset = 0, size = 0;
	};

	/* a note that holds the state of the FPU */
	struct Fpu_note
	{
		char const *name = ""; /* as in elf.h */
		char const *owner = "";
		std::uint32_t type = 0;
		Schema::FpuFormat format = Schema::FpuFormat::UNKNOWN;
		std::uint32_t min_size = 0, max_size = 0;
	};

	static constexpr unsigned MAX_FPU_NOTES = 3;

	std::uint16_t number;    /* e_machine */
	std::uint8_t word_bytes; /* 4: ELFCLASS32, 8: ELFCLASS64 */
	Architecture architecture;
	std::uint32_t status_size;   /* of NT_PRSTATUS */
	Field pid;                   /* pr_pid in NT_PRSTATUS */
	Field registers;             /* pr_reg in NT_PRSTATUS */
	Field tls;                   /* in NT_ARM_TLS */
	Fpu_note fpu[MAX_FPU_NOTES]; /* the most complete one first; type 0 ends the list */

	/* 'pr_reg' has the size of 'registers', 'tls' is 0 if there was no note */
	void (*read_registers)(Const_bytes pr_reg, std::uint64_t tls,
						   Schema::Thread::Registers::Builder);

	std::span<Fpu_note const> fpu_notes() const
	{
		unsigned n = 0;
		while (n < MAX_FPU_NOTES && fpu[n].type) n++;
		return { fpu, n };
	}
};

std::span<Elf_machine const> elf_machines();

/* null if there is no row */
Elf_machine const *elf_machine(std::uint16_t number, unsigned word_bytes);

}

#endif /* CAPIMG__ELF_MACHINE_H */
