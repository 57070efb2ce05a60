/*
 * The kernel's operation 'capture' on threads and IRQ objects
 *
 * Its numbers and layout are those of the kernel's file thread-capture-ia32-64.cpp.
 */

#ifndef _CORE__INCLUDE__THREAD_CAPTURE_H_
#define _CORE__INCLUDE__THREAD_CAPTURE_H_

#include <foc/syscall.h>
#include <foc_native_pd/foc_native_pd.h>

/* core includes */
#include <types.h>

namespace Core
{
struct Thread_capture;
}

struct Core::Thread_capture
{
	using Native_pd = Pd_session::Native_pd;

	enum { OP = 0x1f };
	enum Operation { STATUS, READ_UTCB, WRITE_UTCB, READ_FPU, WRITE_FPU };

	/* words of a status */
	enum {
		STATE,
		SELF,
		CALLER,
		FRAME,
		FPU_SIZE,
		LOCAL,
		R15,
		R14,
		R13,
		R12,
		R11,
		R10,
		R9,
		R8,
		RDI,
		RSI,
		RBP,
		CR2,
		RBX,
		RDX,
		RCX,
		RAX,
		IP,
		SP,
		EFLAGS,
		STATUS_WORDS
	};

	/* bits of the kernel's thread state, and of the word FRAME */
	enum { SEND_WAIT = 0x4, RECEIVE_WAIT = 0x8, IN_EXCEPTION = 0x40000 };
	enum { IN_SYSCALL = 1, ARMED = 2 };

	static Foc::l4_msgtag_t call(Foc::l4_cap_idx_t cap, long protocol, Operation op, unsigned first,
								 unsigned count, unsigned data_words)
	{
		using namespace Foc;
		l4_msg_regs_t &regs = *l4_utcb_mr();
		regs.mr[0] = addr_t(OP) | addr_t(op) << 16;
		regs.mr[1] = first;
		regs.mr[2] = count;
		return l4_ipc_call(cap, l4_utcb(), l4_msgtag(protocol, 3 + data_words, 0, 0), L4_IPC_NEVER);
	}

	static Native_pd::Thread_status status(Foc::l4_cap_idx_t thread)
	{
		using namespace Foc;

		auto const tag = call(thread, L4_PROTO_THREAD, STATUS, 0, 0, 0);
		if (l4_error(tag) || l4_msgtag_words(tag) != STATUS_WORDS) return {};

		l4_umword_t const *const mr = l4_utcb_mr()->mr;

		Native_pd::Thread_status result {};
		result.valid = true;
		result.in_syscall = mr[FRAME] & IN_SYSCALL;
		result.armed = mr[FRAME] & ARMED;
		result.sends = mr[STATE] & SEND_WAIT;
		result.receives = mr[STATE] & RECEIVE_WAIT;
		result.in_exception = mr[STATE] & IN_EXCEPTION;
		result.self = mr[SELF];
		result.serves = mr[CALLER];
		result.fpu_size = unsigned(mr[FPU_SIZE]);

		Cpu_state &cpu = result.cpu;
		cpu.r15 = mr[R15];
		cpu.r14 = mr[R14];
		cpu.r13 = mr[R13];
		cpu.r12 = mr[R12];
		cpu.r11 = mr[R11];
		cpu.r10 = mr[R10];
		cpu.r9 = mr[R9];
		cpu.r8 = mr[R8];
		cpu.rdi = mr[RDI];
		cpu.rsi = mr[RSI];
		cpu.rbp = mr[RBP];
		cpu.rbx = mr[RBX];
		cpu.rdx = mr[RDX];
		cpu.rcx = mr[RCX];
		cpu.rax = mr[RAX];
		cpu.ip = mr[IP];
		cpu.sp = mr[SP];
		cpu.eflags = mr[EFLAGS];
		return result;
	}

	static unsigned wakeups(Foc::l4_cap_idx_t irq)
	{
		using namespace Foc;

		auto const tag = call(irq, L4_PROTO_KOBJECT, STATUS, 0, 0, 0);
		return l4_error(tag) ? 0 : unsigned(l4_utcb_mr()->mr[0]);
	}

	static Native_pd::Words read(Foc::l4_cap_idx_t thread, Native_pd::Part part, unsigned first,
								 unsigned count)
	{
		using namespace Foc;

		if (count > Native_pd::MAX_WORDS) return {};

		Operation const op = part == Native_pd::Part::UTCB ? READ_UTCB : READ_FPU;
		auto const tag = call(thread, L4_PROTO_THREAD, op, first, count, 0);
		if (l4_error(tag) || l4_msgtag_words(tag) != count) return {};

		Native_pd::Words result {};
		result.count = count;
		for (unsigned i = 0; i < count; i++) result.values[i] = l4_utcb_mr()->mr[i];
		return result;
	}

	static bool write(Foc::l4_cap_idx_t thread, Native_pd::Part part, unsigned first,
					  Native_pd::Words const &words)
	{
		using namespace Foc;

		if (words.count > Native_pd::MAX_WORDS) return false;

		for (unsigned i = 0; i < words.count; i++) l4_utcb_mr()->mr[3 + i] = words.values[i];

		Operation const op = part == Native_pd::Part::UTCB ? WRITE_UTCB : WRITE_FPU;
		return !l4_error(call(thread, L4_PROTO_THREAD, op, first, words.count, words.count));
	}
};

#endif /* _CORE__INCLUDE__THREAD_CAPTURE_H_ */
