/*
 * Programs of simulated threads
 *
 * A routine is a function that executes the step at which the thread's 'ip' stands: one store or
 * one system call, and as many loads as it likes. Whatever a routine needs to know later is in
 * registers, message words, on the stack or in memory, as an image carries nothing else.
 */

#ifndef CAPIMG__TESTS__SIM__PROGRAM_H
#define CAPIMG__TESTS__SIM__PROGRAM_H

#include "cap_ops.h"
#include "kernel.h"

namespace Capimg::Sim
{

enum Routine : unsigned {
	IPC_CALL,
	CLIENT,
	SERVER,
	PLAIN_SERVER,
	SIGNALS,
	SUBMITTER,
	LOCKER,
	FACTORY,
	TIMER,
	ROUTINES
};

/* requests to RPC objects; 'IDENTIFY' is the same for objects of core */
enum Request : uint64_t { IDENTIFY = uint64_t(Core_op::IDENTIFY), PASS = 16, MAKE, DROP };

/* words of a program's data */
namespace Field
{
/* of all programs that do something */
inline constexpr unsigned ROUNDS = 0, VARIABLES = 1, ERRORS = 2, ANSWERS = 3, CURSOR = 4,
						  MIRROR = 5, SHARED = 6, PERIODIC = 7, FIRST = 8;

/* of a variable, from FIRST on */
inline constexpr unsigned CAP = 0, IDENTITY = 1, COUNT = 2, PASSED = 3, VARIABLE_WORDS = 4;

/* of an entrypoint, behind its pool */
inline constexpr unsigned DROPPED = Binary::POOL_WORDS, PD_CAP = DROPPED + 1, SLOT = DROPPED + 2,
						  BLOCK = DROPPED + 3, BLOCK_END = DROPPED + 4, NEXT_IDENTITY = DROPPED + 5,
						  FIRST_BLOCK = DROPPED + 6, SERVER_WORDS = DROPPED + 8;

/* of an RPC object, besides what 'Binary' says */
inline constexpr unsigned STASH = 8;

/* of a signal handler, and of the thread that calls it */
inline constexpr unsigned TIMES_HANDLED = 1, SUBMITTED = 2, WAKES = 3, HANDLER_WORDS = 4;
inline constexpr unsigned SEMAPHORE_CAP = 0, SOURCE_CAP = 1, SIGNALS_WORDS = 2;

/* of the lock */
inline constexpr unsigned INNER = 0, HELD = 1, HEAD = 2, TAIL = 3, COUNTER = 4, RING = 8,
						  LOCK_WORDS = 16;

/* of a factory's client */
inline constexpr unsigned ROOT = FIRST, MADE = FIRST + VARIABLE_WORDS, KEPT = MADE + VARIABLE_WORDS,
						  FACTORY_WORDS = KEPT + 4;
}

/* one thread for one step */
class Cpu
{
  public:
	Ecu &ecu;
	Kernel kernel;
	Thread &t;
	Address_space &memory;
	Binary const &binary;

	Cpu(Ecu &ecu, Thread &t, Address_space &memory, Binary const &binary)
		: ecu(ecu), kernel(ecu), t(t), memory(memory), binary(binary)
	{}

	/* execute; a fault ends the thread */
	void step();

	/* for routines */
	uint64_t &reg(Register r) { return t.reg[r]; }
	unsigned word() const { return binary.word(); }
	uint64_t at(uint64_t base, unsigned i) const { return base + uint64_t(i) * word(); }
	uint64_t load(uint64_t base, unsigned i = 0) const { return memory.load(at(base, i), word()); }
	void store(uint64_t base, unsigned i, uint64_t v) { memory.store(at(base, i), v, word()); }
	void increase(uint64_t base, unsigned i) { store(base, i, load(base, i) + 1); }
	uint64_t field(unsigned i) const { return load(t.reg[BP], i); }
	void field(unsigned i, uint64_t v) { store(t.reg[BP], i, v); }

	unsigned routine() const { return unsigned((t.reg[IP] - CODE) / ROUTINE_SIZE); }
	unsigned at_step() const { return unsigned(t.reg[IP] % ROUTINE_SIZE / STEP_SIZE); }
	void go(unsigned step) { t.reg[IP] = code_address(routine(), step); }
	void next() { t.reg[IP] += STEP_SIZE; }

	/* the return address goes onto the stack; A to D are the arguments */
	void call(Routine);
	void ret();
	void ipc(uint64_t cap, uint64_t request, uint64_t argument = 0, uint64_t passed = 0);

	/* operations on trees: 'false' if a lock is held, then the step is tried again */
	Cap_ops ops() { return Cap_ops(ecu, *t.pd, memory, binary); }
	bool map_free() { return ops().map_free(); }
	bool pool_free(uint64_t pool) { return ops().pool_free(pool); }
	void begin(Cap_ops const &);
	void run_log();

	/* FPU's accumulator */
	uint64_t fpu() const;
	void fpu(uint64_t);

	/* wait for a wakeup of one's own, then go to step 'then' */
	void park(unsigned then);
};

using Step_function = void (*)(Cpu &);

struct Program
{
	char const *name;
	Step_function step;
};

Program const &program(unsigned routine);

void step_ipc_call(Cpu &);
void step_client(Cpu &);
void step_server(Cpu &);
void step_signals(Cpu &);
void step_submitter(Cpu &);
void step_timer(Cpu &);
void step_locker(Cpu &);
void step_factory(Cpu &);

/* code in which badges are out of anybody's reach, in user mode */
struct Unsafe_span
{
	Routine routine;
	unsigned first, last; /* steps */
	char const *name;
};

std::vector<Unsafe_span> const &unsafe_spans();

}

#endif /* CAPIMG__TESTS__SIM__PROGRAM_H */
