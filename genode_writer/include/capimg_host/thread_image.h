/*
 * State of a thread as it is read while the component is paused
 */

#ifndef CAPIMG__HOST__THREAD_IMAGE_H
#define CAPIMG__HOST__THREAD_IMAGE_H

#include <cpu/cpu_state.h>

#include <capimg_host/types.h>

namespace Capimg::Host
{

struct Thread_image
{
	static constexpr unsigned MAX_WORDS = 64, MAX_BUFFERS = 64, MAX_TCR = 8;
	static constexpr Genode::size_t MAX_FPU = 1024;

	bool registers = false; /* 'cpu' is true */
	Cpu_state cpu {};

	Metadata::Ipc_phase phase = Metadata::Ipc_phase::UNKNOWN;
	uint32_t wakeups = 0; /* of its own, that it has not waited for yet */

	/* badge of the object whose call it is inside of, and id of the thread whose call it serves */
	uint64_t call_target = 0;
	uint32_t served_caller = 0;

	uint64_t words[MAX_WORDS] {}, buffers[MAX_BUFFERS] {}, tcr[MAX_TCR] {};
	uint32_t word_count = 0, buffer_count = 0, tcr_count = 0;

	uint8_t fpu[MAX_FPU] {};
	uint32_t fpu_size = 0;
	Metadata::Fpu_format fpu_format = Metadata::Fpu_format::UNKNOWN;
};

/* registers in the words of a manifest, and back; per architecture */
void write_registers(Metadata::Thread::Registers::Writer const &, Cpu_state const &);
bool read_registers(Metadata::Thread::Registers::Reader const &, Cpu_state &);

/* instruction pointer, whatever the architecture calls it */
addr_t instruction_pointer(Cpu_state const &);

Machine this_machine();

}

#endif /* CAPIMG__HOST__THREAD_IMAGE_H */
