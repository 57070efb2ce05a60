/*
 * Programs that call: objects of all kinds, contexts, timers
 */

#include "program.h"

namespace Capimg::Sim
{

using namespace Field;

/* address of the variable that is next, or 0 if there is nothing to do */
static uint64_t next_variable(Cpu &c)
{
	uint64_t const count = c.field(VARIABLES);
	if (!c.field(ROUNDS) || !count) return 0;
	return c.at(c.reg(BP), FIRST + unsigned(c.field(CURSOR) % count) * VARIABLE_WORDS);
}

/* calls each variable in turn, and sees whether the object is the one that it was */
void step_client(Cpu &c)
{
	uint64_t const variable = c.reg(DI);
	switch (c.at_step()) {
	case 0: c.reg(BP) = c.t.user[2]; return c.next();
	case 1: {
		uint64_t const next = next_variable(c);
		if (!next) return c.go(10);
		c.reg(DI) = next;
		return c.next();
	}
	case 2: {
		uint64_t const passed = c.load(variable, PASSED);
		return c.ipc(c.load(variable, CAP), passed ? PASS : IDENTIFY, 0,
					 passed ? c.load(passed, CAP) : 0);
	}
	case 3: {
		uint64_t const passed = c.load(variable, PASSED);
		bool const right = c.t.utcb[OPCODE] == c.load(variable, IDENTITY) &&
						   (!passed || c.t.utcb[ARGUMENT] == c.load(passed, IDENTITY));
		if (!right) c.increase(c.reg(BP), ERRORS);
		return c.next();
	}
	case 4: c.increase(variable, COUNT); return c.next();
	case 5: c.increase(c.reg(BP), ANSWERS); return c.next();
	case 6: c.fpu((c.fpu() + c.t.utcb[OPCODE]) & 0x7fffffff); return c.next();
	case 7: c.field(MIRROR, c.fpu()); return c.next();
	case 8: c.field(CURSOR, c.field(CURSOR) + 1); return c.next();
	case 9: c.field(ROUNDS, c.field(ROUNDS) - 1); return c.go(0);
	case 10: return c.park(1);
	default: return c.go(1); /* woken */
	}
}

/* submits to each context in turn; PASSED is the handler's address, where that is counted */
void step_submitter(Cpu &c)
{
	uint64_t const variable = c.reg(DI);
	switch (c.at_step()) {
	case 0: c.reg(BP) = c.t.user[2]; return c.next();
	case 1: {
		uint64_t const next = next_variable(c);
		if (!next) return c.go(10);
		c.reg(DI) = next;
		return c.next();
	}
	case 2: return c.kernel.submit(c.t, c.ops().kcap_of(c.load(variable, CAP)), 1);
	case 3: c.increase(c.load(variable, PASSED), SUBMITTED); return c.next();
	case 4: c.increase(c.reg(BP), ANSWERS); return c.next();
	case 5: c.field(CURSOR, c.field(CURSOR) + 1); return c.next();
	case 6: c.field(ROUNDS, c.field(ROUNDS) - 1); return c.go(0);
	case 10: return c.park(1);
	default: return c.go(1);
	}
}

/*
 * Programs its timer, waits to be woken by the handler of the timer's signal
 *
 * A periodic one is programmed once (CURSOR), and stopped at the end.
 */
void step_timer(Cpu &c)
{
	uint64_t const variable = c.at(c.reg(BP), FIRST);
	switch (c.at_step()) {
	case 0: c.reg(BP) = c.t.user[2]; return c.next();
	case 1:
		if (!c.field(ROUNDS)) return c.go(c.field(CURSOR) ? 8 : 10);
		return c.field(CURSOR) ? c.go(4) : c.next();
	case 2: {
		Core_op const op = c.field(PERIODIC) ? Core_op::REPEAT : Core_op::PROGRAM;
		return c.ipc(c.load(variable, CAP), uint64_t(op), 40);
	}
	case 3:
		if (c.t.utcb[OPCODE] != c.load(variable, IDENTITY)) c.increase(c.reg(BP), ERRORS);
		return c.next();
	case 4:
		if (c.field(PERIODIC) != c.field(CURSOR)) return c.field(CURSOR, c.field(PERIODIC));
		return c.kernel.down(c.t, c.ecu.irq_kcap(c.t.slot));
	case 5: c.increase(c.reg(BP), ANSWERS); return c.next();
	case 6: c.field(ROUNDS, c.field(ROUNDS) - 1); return c.go(0);
	case 8: return c.ipc(c.load(variable, CAP), uint64_t(Core_op::PROGRAM), 0);
	case 9: c.field(CURSOR, 0); return c.next();
	case 10: return c.park(1);
	default: return c.go(1);
	}
}

}
