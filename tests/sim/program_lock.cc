/*
 * A lock as Genode's, whose applicants are woken by their own wakeup count, and signals
 */

#include "program.h"

namespace Capimg::Sim
{

using namespace Field;

/* take the inner lock, or try again */
static void take_inner(Cpu &c)
{
	if (c.load(c.reg(SI), INNER) != 1) return;
	c.store(c.reg(SI), INNER, 0);
	c.next();
}

static void give_inner(Cpu &c)
{
	c.store(c.reg(SI), INNER, 1);
	c.next();
}

/* 'Lock::lock' does not survive a lost or a spurious wakeup */
void step_locker(Cpu &c)
{
	uint64_t const lock = c.reg(SI);
	switch (c.at_step()) {
	case 0: c.reg(BP) = c.t.user[2]; return c.next();
	case 1:
		if (!c.field(ROUNDS)) return c.go(20);
		c.reg(SI) = c.field(SHARED);
		return c.next();
	case 2: return take_inner(c);
	case 3:
		if (!c.load(lock, HELD)) {
			c.store(lock, HELD, 1);
			return c.go(8);
		}
		c.store(lock, RING + unsigned(c.load(lock, TAIL) % 8), c.t.slot + 1);
		return c.next();
	case 4: c.increase(lock, TAIL); return c.next();
	case 5: return give_inner(c);
	case 6: return c.kernel.down(c.t, c.ecu.irq_kcap(c.t.slot));
	case 7: return c.go(9); /* the lock is ours */
	case 8: return give_inner(c);
	case 9: c.reg(C) = c.load(lock, COUNTER); return c.next();
	case 10: c.store(lock, COUNTER, c.reg(C) + 1); return c.next();
	case 11: c.increase(c.reg(BP), ANSWERS); return c.next();
	case 12: return take_inner(c);
	case 13:
		if (c.load(lock, HEAD) == c.load(lock, TAIL)) {
			c.store(lock, HELD, 0);
			return c.go(17);
		}
		c.reg(D) = c.load(lock, RING + unsigned(c.load(lock, HEAD) % 8));
		c.increase(lock, HEAD);
		return c.next();
	case 14: return give_inner(c);
	case 15: return c.kernel.up(c.t, c.ecu.irq_kcap(unsigned(c.reg(D) - 1)));
	case 16: return c.go(18);
	case 17: return give_inner(c);
	case 18: c.field(ROUNDS, c.field(ROUNDS) - 1); return c.go(0);
	case 20: return c.park(1);
	default: return c.go(1);
	}
}

/* takes signals from the source; the imprint is the handler's address */
void step_signals(Cpu &c)
{
	uint64_t const handler = c.reg(DI);
	switch (c.at_step()) {
	case 0: c.reg(BP) = c.t.user[2]; return c.next();
	case 1: return c.kernel.down(c.t, c.ops().kcap_of(c.field(SEMAPHORE_CAP)));
	case 2: return c.ipc(c.field(SOURCE_CAP), uint64_t(Core_op::WAIT_SIGNAL));
	case 3:
		c.reg(DI) = c.t.utcb[OPCODE];
		c.reg(C) = c.t.utcb[ARGUMENT];
		return c.reg(DI) ? c.next() : c.go(1);
	case 4:
		c.store(handler, TIMES_HANDLED, c.load(handler, TIMES_HANDLED) + c.reg(C));
		return c.next();
	case 5:
		if (!c.load(handler, WAKES)) return c.go(2);
		return c.kernel.up(c.t, c.ecu.irq_kcap(unsigned(c.load(handler, WAKES) - 1)));
	default: return c.go(2);
	}
}

}
