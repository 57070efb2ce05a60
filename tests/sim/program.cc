#include "program.h"

namespace Capimg::Sim
{

static constexpr Program PROGRAMS[] {
	{ "ipc_call", step_ipc_call },   { "client", step_client },   { "server", step_server },
	{ "plain_server", step_server }, { "signals", step_signals }, { "submitter", step_submitter },
	{ "locker", step_locker },       { "factory", step_factory }, { "timer", step_timer },
};

static_assert(sizeof(PROGRAMS) / sizeof(PROGRAMS[0]) == ROUTINES);

Program const &program(unsigned routine) { return PROGRAMS[routine]; }

std::vector<Unsafe_span> const &unsafe_spans()
{
	static std::vector<Unsafe_span> const spans {
		{ IPC_CALL, 1, 3, "ipc_call" },
		{ SERVER, 2, 6, "ipc_reply_wait" },
		{ SERVER, 39, 40, "ipc_reply_wait" },
		{ PLAIN_SERVER, 3, 6, "ipc_reply_wait" },
	};
	return spans;
}

void Cpu::step()
{
	if (t.run != Thread::Run::READY) return;
	t.steps++;
	try {
		if (t.reg[IP] < CODE || routine() >= ROUTINES) throw Page_fault { t.reg[IP] };
		program(routine()).step(*this);
	} catch (Page_fault const &f) {
		t.run = Thread::Run::FAULT;
		t.fault = std::string("page fault at ") + std::to_string(f.addr) + ", ip " +
				  std::to_string(t.reg[IP]);
	}
}

void Cpu::call(Routine routine)
{
	t.reg[SP] -= word();
	memory.store(t.reg[SP], t.reg[IP] + STEP_SIZE, word());
	t.reg[IP] = code_address(routine);
}

void Cpu::ret()
{
	t.reg[IP] = memory.load(t.reg[SP], word());
	t.reg[SP] += word();
}

void Cpu::ipc(uint64_t cap, uint64_t request, uint64_t argument, uint64_t passed)
{
	t.reg[A] = cap;
	t.reg[B] = request;
	t.reg[C] = argument;
	t.reg[D] = passed;
	call(IPC_CALL);
}

void Cpu::begin(Cap_ops const &ops)
{
	/* the lock is taken in this step: what nobody else sees is there only while it is held */
	t.log = ops.log();
	next();
	run_log();
}

void Cpu::run_log()
{
	/* a thread that comes from elsewhere amid an operation has lost what was left of it */
	if (t.log.empty()) throw Page_fault { 0 };
	Cap_ops::apply(t.log.front(), *t.pd, memory);
	t.log.pop_front();
	if (t.log.empty()) next();
}

uint64_t Cpu::fpu() const
{
	if (t.fpu.size() < 8) throw Page_fault { 8 };
	return Const_bytes(t.fpu.data(), t.fpu.size()).u64(0);
}

void Cpu::fpu(uint64_t value) { Bytes(t.fpu.data(), t.fpu.size()).u64(0, value); }

void Cpu::park(unsigned then)
{
	kernel.down(t, ecu.irq_kcap(t.slot));
	if (t.run == Thread::Run::READY) go(then);
}

/*
 * Call of an object: capability A, request B, argument C, capability D to be passed
 *
 * A is the capability that came back.
 */
void step_ipc_call(Cpu &c)
{
	switch (c.at_step()) {
	case 0: {
		Cap_ops const ops = c.ops();
		uint64_t const passed = c.reg(D);
		c.t.utcb[DESTINATION] = ops.badge_of(c.reg(A));
		c.t.utcb[OPCODE] = c.reg(B);
		c.t.utcb[ARGUMENT] = c.reg(C);
		c.t.utcb[CAP_COUNT] = passed ? 1 : 0;
		c.t.utcb[CAP_BADGE] = passed ? ops.badge_of(passed) : 0;
		c.t.utcb[CAP_KCAP] = passed ? ops.kcap_of(passed) : 0;
		c.reg(SI) = ops.kcap_of(c.reg(A));
		c.next();
		break;
	}
	case 1: c.kernel.call(c.t, c.reg(SI)); break;
	case 2: {
		if (c.t.utcb[CAP_COUNT] != 1) return c.go(4);
		if (!c.map_free()) return;
		Cap_ops ops = c.ops();
		c.reg(A) = ops.insert(c.t.utcb[CAP_BADGE], c.t.buffer[0]);
		c.t.utcb[CAP_COUNT] = 0;
		c.begin(ops);
		break;
	}
	case 3: c.run_log(); break;
	default: c.ret(); break;
	}
}

}
