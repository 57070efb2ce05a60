/*
 * State of a thread on Fiasco.OC
 *
 * Registers are those with which the thread goes on: of a thread that is blocked in a system call,
 * those of the call's entry, with 'ip' at the system-call instruction, so that it makes the call
 * again. A thread that had sent its reply already, and waits for the next call, only waits again.
 */

#ifndef CAPIMG__FOC__THREAD_IMAGE_H
#define CAPIMG__FOC__THREAD_IMAGE_H

#include <base/stdint.h>
#include <cpu/cpu_state.h>

namespace Capimg::Foc
{

struct Thread_image
{
	enum class Phase { UNKNOWN, USER_MODE, SENDING, RECEIVING };

	static constexpr unsigned UTCB_WORDS = 128; /* message, buffer, and control registers */
	static constexpr unsigned MAX_FPU_WORDS = 512;

	Phase phase = Phase::UNKNOWN;
	Genode::Cpu_state cpu {};

	Genode::addr_t utcb[UTCB_WORDS] {};

	unsigned fpu_words = 0; /* as the kernel stores it: FXSAVE, or XSAVE */
	Genode::addr_t fpu[MAX_FPU_WORDS] {};

	unsigned wakeups = 0; /* count of the thread's own IRQ */

	/*
	 * Numbers that tell threads apart while they are paused: this one, and the one whose call it
	 * has received and not yet answered, 0 if there is none
	 */
	Genode::addr_t self = 0, serves = 0;

	/* call 'fn' with the index of each word of the UTCB that holds a badge as a number */
	void for_each_badge(auto const &fn) const
	{
		/* destination, number of capabilities, their badges: to be sent, or just received */
		bool const sends = phase == Phase::SENDING || (phase == Phase::RECEIVING && calls());
		if (!sends) return;

		fn(0u);
		for (unsigned i = 0; i < utcb[1] && i < MAX_CAPS; i++) fn(2 + i);
	}

	/* the system call that the thread is blocked in sends, and waits for its answer */
	bool calls() const { return (cpu.rdx & (SEND | RECEIVE | OPEN)) == (SEND | RECEIVE); }

	/* ... and the one to be called or awaited is held at this selector */
	Genode::addr_t selector() const { return cpu.rdx & ~Genode::addr_t(0xfff); }

	/* operation of a system call, in the low bits of its destination */
	enum Operation { SEND = 1, RECEIVE = 2, OPEN = 4, REPLY = 8 };

	enum { MAX_CAPS = 4 };
};

}

#endif /* CAPIMG__FOC__THREAD_IMAGE_H */
