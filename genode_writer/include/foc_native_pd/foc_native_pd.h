/*
 * Fiasco.OC's part of the PD-session interface, as core of this repository has it
 *
 * What a checkpointer needs of a PD and Genode's own PD session does not offer: the capability
 * space by selectors, and the state of threads besides the registers of their exceptions. Core
 * hands it out with the PD session: who holds one can do all of this to the PD's threads by other
 * means, but for reading what they are doing.
 */

#ifndef _INCLUDE__FOC_NATIVE_PD__FOC_NATIVE_PD_H_
#define _INCLUDE__FOC_NATIVE_PD__FOC_NATIVE_PD_H_

#include <base/rpc.h>
#include <cpu/cpu_state.h>
#include <cpu_session/cpu_session.h>
#include <pd_session/pd_session.h>

struct Genode::Pd_session::Native_pd : Interface
{
	/*
	 * REFUSED: a selector that core manages, or none at all; NO_CAP: the capability or the thread
	 * is not known to core; FAILED: by the kernel, out of memory for instance
	 */
	enum class Result { OK, REFUSED, NO_CAP, FAILED };

	enum class Part { UTCB, FPU };

	static constexpr unsigned MAX_WORDS = 32;

	struct Words
	{
		unsigned count = 0; /* 0 as a reply: refused */
		addr_t values[MAX_WORDS] {};
	};

	struct Thread_status
	{
		bool valid = false; /* else nothing of the rest */
		bool in_syscall =
			false; /* blocked in it, if 'sends' or 'receives'; else about to leave it */
		bool sends = false, receives = false; /* waits to; also in a fault */
		bool armed = false; /* an exception comes as soon as it leaves the kernel */
		bool in_exception = false;

		/* threads as numbers, to be compared only; whose call it has received and not answered */
		addr_t self = 0, serves = 0;

		Cpu_state cpu {}; /* general registers are those of the system call's entry, or 0 */
		unsigned fpu_size = 0;
		unsigned wakeups = 0; /* count of its own IRQ */
	};

	/* let the PD hold 'cap' at the selector; one that is there goes */
	virtual Result install(Native_capability cap, addr_t kcap) = 0;

	/* core's capability with 'id', if it is what the PD holds at the selector; else invalid */
	virtual Native_capability request(addr_t kcap, uint32_t id) = 0;

	virtual bool present(addr_t kcap) = 0;

	virtual Thread_status thread_status(Thread_capability) = 0;

	/*
	 * Words of a paused thread from 'first' on, 'MAX_WORDS' at most
	 *
	 * The UTCB is the one that the thread sees when it runs, user word of its address included.
	 */
	virtual Words thread_read(Thread_capability, Part, unsigned first, unsigned count) = 0;
	virtual Result thread_write(Thread_capability, Part, unsigned first, Words) = 0;

	/* trigger the thread's own IRQ */
	virtual Result wake_up(Thread_capability) = 0;

	/*
	 * Bind a semaphore, that of a signal source, to a thread that will wait for it
	 *
	 * Clears its count.
	 */
	virtual Result bind(Native_capability semaphore, Thread_capability) = 0;

	GENODE_RPC(Rpc_install, Result, install, Native_capability, addr_t);
	GENODE_RPC(Rpc_request, Native_capability, request, addr_t, uint32_t);
	GENODE_RPC(Rpc_present, bool, present, addr_t);
	GENODE_RPC(Rpc_thread_status, Thread_status, thread_status, Thread_capability);
	GENODE_RPC(Rpc_thread_read, Words, thread_read, Thread_capability, Part, unsigned, unsigned);
	GENODE_RPC(Rpc_thread_write, Result, thread_write, Thread_capability, Part, unsigned, Words);
	GENODE_RPC(Rpc_wake_up, Result, wake_up, Thread_capability);
	GENODE_RPC(Rpc_bind, Result, bind, Native_capability, Thread_capability);

	GENODE_RPC_INTERFACE(Rpc_install, Rpc_request, Rpc_present, Rpc_thread_status, Rpc_thread_read,
						 Rpc_thread_write, Rpc_wake_up, Rpc_bind);
};

#endif /* _INCLUDE__FOC_NATIVE_PD__FOC_NATIVE_PD_H_ */
