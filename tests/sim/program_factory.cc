/*
 * A client that has objects made, calls them once, and has them dissolved
 *
 * Every fourth capability is kept for a while: it dangles, and its badge is given to others.
 */

#include "program.h"

namespace Capimg::Sim
{

using namespace Field;

void step_factory(Cpu &c)
{
	uint64_t const root = c.at(c.reg(BP), ROOT), made = c.at(c.reg(BP), MADE);
	auto kept = [&] { return KEPT + unsigned(c.load(made, IDENTITY) / 4 % 4); };
	auto keep = [&] { return c.load(made, IDENTITY) % 4 == 0; };
	auto check = [&](bool right) {
		if (!right) c.increase(c.reg(BP), ERRORS);
		c.next();
	};

	switch (c.at_step()) {
	case 0: c.reg(BP) = c.t.user[2]; return c.next();
	case 1: return c.field(ROUNDS) ? c.next() : c.go(30);
	case 2: return c.ipc(c.load(root, CAP), MAKE);
	case 3: c.increase(root, COUNT); return c.next();
	case 4:
		if (c.t.utcb[OPCODE] == REPLY_ERROR) {
			c.increase(c.reg(BP), ERRORS);
			return c.go(21);
		}
		c.store(made, CAP, c.reg(A));
		return c.next();
	case 5: c.store(made, IDENTITY, c.t.utcb[OPCODE]); return c.next();
	case 6: return c.ipc(c.load(made, CAP), IDENTIFY);
	case 7: return check(c.t.utcb[OPCODE] == c.load(made, IDENTITY));
	case 8: c.increase(made, COUNT); return c.next();
	case 9: return c.ipc(c.load(root, CAP), DROP, c.load(made, IDENTITY));
	case 10: return check(c.t.utcb[OPCODE] == c.load(root, IDENTITY));
	case 11: c.increase(root, COUNT); return c.next();
	case 12: {
		/* what is let go: the capability, or an older one in whose place it is kept */
		uint64_t const gone = keep() ? c.field(kept()) : c.load(made, CAP);
		if (!c.map_free()) return;
		Cap_ops ops = c.ops();
		if (gone) ops.release(gone);
		return ops.log().empty() ? c.go(14) : c.begin(ops);
	}
	case 13: return c.run_log();
	case 14:
		if (keep()) c.field(kept(), c.load(made, CAP));
		return c.next();
	case 15: c.store(made, CAP, 0); return c.next();
	case 16: c.increase(c.reg(BP), ANSWERS); return c.next();
	case 17: return c.go(21);
	case 21: c.field(ROUNDS, c.field(ROUNDS) - 1); return c.go(1);
	case 30: return c.park(1);
	default: return c.go(1);
	}
}

}
