/*
 * A Fiasco.OC system call on x86_64, by its registers at the entry, and the UTCB
 *
 * Numbers are those of the kernel's user-level binary interface (L4Re: l4/sys/consts.h, ipc.h,
 * utcb.h), and of Genode's use of it (base-foc/src/lib/base/ipc.cc).
 */

#ifndef CAPIMG__HOST__FOC_IPC_H
#define CAPIMG__HOST__FOC_IPC_H

#include <capimg_host/thread_image.h>

namespace Capimg::Host
{

struct Foc_ipc
{
	/* words of the UTCB */
	static constexpr unsigned WORDS = 64, BUFFERS = 59, TCR = 5;
	static constexpr unsigned FIRST_BUFFER = WORDS, FIRST_TCR = WORDS + BUFFERS;

	/* of a message: what is called, how many capabilities come along, and their badges */
	static constexpr unsigned DESTINATION = 0, CAP_COUNT = 1, FIRST_CAP = 2, MAX_CAPS = 4;

	static constexpr uint64_t NO_BADGE = 0xffffffff; /* of an argument that is no capability */

	static constexpr uint64_t SEND = 1, RECEIVE = 2, OPEN_WAIT = 4, REPLY = 8, FLAGS = 0xf;

	uint64_t const flags;
	int64_t const protocol; /* 0 for messages between components, else one of the kernel's */

	explicit Foc_ipc(Cpu_state const &entry)
		: flags(entry.rdx & FLAGS), protocol(int64_t(entry.rax) >> 16)
	{}

	/* a call of an RPC object */
	bool call() const { return !protocol && (flags & ~REPLY) == (SEND | RECEIVE); }

	/* behind the system call: flags are as they were, the protocol is the reply's */
	bool returned_from_call() const { return (flags & ~REPLY) == (SEND | RECEIVE); }
};

}

#endif /* CAPIMG__HOST__FOC_IPC_H */
