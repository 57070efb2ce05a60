/*
 * A thread as the kernel has it
 *
 * Registers, message words and FPU are all that a program has besides memory. 'ip' is
 * CODE + routine * ROUTINE_SIZE + step * STEP_SIZE; a thread that is blocked in the kernel has the
 * 'ip' of the system call, so that it can be restarted there.
 */

#ifndef CAPIMG__TESTS__SIM__THREAD_H
#define CAPIMG__TESTS__SIM__THREAD_H

#include <deque>

#include "object.h"

namespace Capimg::Sim
{

/* in the order of the fields of x86's registers in images, with 32 and 64 bit */
enum Register : unsigned { IP, SP, A, B, C, D, DI, SI, BP, REGISTERS };

/* message words: what programs and kernel agree on */
enum Word : unsigned {
	DESTINATION, /* badge of the object that is called */
	OPCODE,      /* of a request; result of a reply */
	ARGUMENT,
	CAP_BADGE, /* of the capability that goes along */
	CAP_COUNT, /* 0 or 1 */
	CAP_KCAP,  /* of the sender */
	WORDS = 12,
};

/* one store of a tree's operation, or one change of the kernel's capability space */
struct Log_item
{
	enum Type : uint8_t { STORE, MAP, UNMAP } type = STORE;
	uint64_t addr = 0, value = 0; /* MAP: kcap, and kcap it comes from */
	unsigned width = 0;
};

struct Thread : Object
{
	static bool is(Kind k) { return k == Kind::THREAD; }

	enum class Run : uint8_t {
		CREATED, /* never started */
		BARRIER, /* started by the loader, waits to be released */
		SCRATCH, /* receives the call that it serves once more, to forget it */
		READY,
		SENDING, /* to 'target' */
		REPLY,   /* waits for the reply of 'partner' */
		OPEN,    /* waits for any call */
		DOWN,    /* waits for 'waits_for' */
		FOREIGN, /* waits for the reply of another component, until 'deadline' */
		LOST,    /* sleeps for ever: nobody got its call */
		FAULT,
	};

	/* state that an image carries */
	uint64_t reg[REGISTERS] {};
	uint64_t utcb[WORDS] {};
	uint64_t buffer[2] {}; /* window that receives a capability: kcap */
	uint64_t user[3] {};   /* UTCB, own map entry, the program's data */
	std::vector<uint8_t> fpu {};
	uint32_t wakeups = 0;
	unsigned slot = 0;

	/* what the kernel has besides */
	Run run = Run::CREATED;
	Object *target = nullptr;
	Thread *partner = nullptr;
	Thread *caller = nullptr; /* whose call is being served */
	std::deque<Thread *> queue {};
	Object *waits_for = nullptr;
	uint64_t deadline = 0;
	Gate *gate = nullptr;
	Irq *irq = nullptr;
	Cpu_session *cpu = nullptr;
	std::string fault {};

	/* rest of a tree's operation; nobody else sees it, and locks are held while there is one */
	std::deque<Log_item> log {};
	uint64_t steps = 0;

	using Object::Object;

	bool started() const { return run != Run::CREATED; }
	bool in_kernel() const
	{
		return run == Run::SENDING || run == Run::REPLY || run == Run::OPEN || run == Run::DOWN ||
			   run == Run::FOREIGN || run == Run::LOST;
	}
};

static constexpr uint64_t CODE = 0x1000000, ROUTINE_SIZE = 0x1000, STEP_SIZE = 4;

static constexpr uint64_t code_address(unsigned routine, unsigned step = 0)
{
	return CODE + routine * ROUTINE_SIZE + step * STEP_SIZE;
}

}

#endif /* CAPIMG__TESTS__SIM__THREAD_H */
