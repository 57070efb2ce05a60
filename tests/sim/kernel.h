/*
 * System calls, as Fiasco.OC and core have them
 *
 * A call that completes moves the thread's 'ip' behind it; one that blocks leaves it there, so
 * that a thread can be restarted. What is known of this is in docs/SIMULATION.md.
 */

#ifndef CAPIMG__TESTS__SIM__KERNEL_H
#define CAPIMG__TESTS__SIM__KERNEL_H

#include "ecu.h"

namespace Capimg::Sim
{

/* what core does at a call, besides telling the object's identity */
enum class Core_op : uint64_t {
	IDENTIFY,
	ALLOC_RPC,   /* PD: an RPC object for the thread of slot ARGUMENT; a capability comes back */
	FREE_RPC,    /* PD: the RPC object that is passed */
	WAIT_SIGNAL, /* source: imprint and count of a pending context, or 0 */
	PROGRAM,     /* timer: one timeout after ARGUMENT, or none */
	REPEAT,      /* timer: a timeout each ARGUMENT */
};

static constexpr uint64_t REPLY_ERROR = 0x7ffffffe;

class Kernel
{
	Ecu &_ecu;

	Object *_lookup(Thread &, uint64_t kcap);
	void _transfer(Thread &from, Thread &to);
	void _deliver(Thread &server);
	void _core_call(Thread &, Object &);
	void _done(Thread &t);

  public:
	explicit Kernel(Ecu &ecu) : _ecu(ecu) {}

	void call(Thread &, uint64_t kcap);
	void reply_wait(Thread &, bool reply);

	/* own wakeups, or a signal source's semaphore */
	void down(Thread &, uint64_t kcap);
	void up(Thread &, uint64_t kcap);
	void submit(Thread &, uint64_t kcap, uint32_t count);

	/* of the system itself */
	void submit(Context &, uint32_t count);
	static void trigger(Thread &);
	static void bind(Semaphore &, Thread *);
	static void answer_foreign(Thread &); /* the other component replies */

	/* start of a thread, and what a loader asks for besides */
	void ready(Thread &, bool receive_first);

	/* time passes: timeouts, replies of other components */
	void tick();
};

}

#endif /* CAPIMG__TESTS__SIM__KERNEL_H */
