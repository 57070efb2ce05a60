/*
 * Component to be checkpointed: counts, and notices if any of its state is not what it was
 *
 * Heap, stacks, several threads, floating-point registers in user mode and across system calls, a
 * mutex, timer and log. Whatever is wrong is an error message with 'WRONG', and the count stops.
 */

#include <base/component.h>
#include <base/heap.h>
#include <base/log.h>
#include <base/thread.h>
#include <timer_session/connection.h>

namespace Test
{
using namespace Genode;
struct Checks;
struct Fpu_thread;
struct Blocking_thread;
struct Stack_thread;
struct Main;
}

/* what the threads report to the main thread */
struct Test::Checks
{
	Mutex _mutex {};
	unsigned long _rounds[4] {};
	bool _wrong = false;

	void round(unsigned thread)
	{
		Mutex::Guard guard(_mutex);
		_rounds[thread]++;
	}

	void wrong(auto &&...args)
	{
		error("WRONG: ", args...);
		_wrong = true;
	}

	bool ok() const { return !_wrong; }
};

/* holds values in all SSE registers while it runs in user mode */
struct Test::Fpu_thread : Thread
{
	Checks &_checks;
	unsigned const _number;

	Fpu_thread(Env &env, Checks &checks, unsigned number)
		: Thread(env, { "fpu" }, Stack_size { 16 * 1024 }), _checks(checks), _number(number)
	{}

	/* registers are loaded, stay untouched for a while, and are stored again */
	static void _keep(uint64_t const *in, uint64_t *out, uint64_t spins)
	{
		asm volatile(
			"movq 0(%1), %%xmm0;   movq 8(%1), %%xmm1;   movq 16(%1), %%xmm2;  movq 24(%1), %%xmm3;"
			"movq 32(%1), %%xmm4;  movq 40(%1), %%xmm5;  movq 48(%1), %%xmm6;  movq 56(%1), %%xmm7;"
			"movq 64(%1), %%xmm8;  movq 72(%1), %%xmm9;  movq 80(%1), %%xmm10; movq 88(%1), "
			"%%xmm11;"
			"movq 96(%1), %%xmm12; movq 104(%1), %%xmm13; movq 112(%1), %%xmm14;"
			"movq 120(%1), %%xmm15;"
			"1: dec %0; jnz 1b;"
			"movq %%xmm0, 0(%2);   movq %%xmm1, 8(%2);   movq %%xmm2, 16(%2);  movq %%xmm3, 24(%2);"
			"movq %%xmm4, 32(%2);  movq %%xmm5, 40(%2);  movq %%xmm6, 48(%2);  movq %%xmm7, 56(%2);"
			"movq %%xmm8, 64(%2);  movq %%xmm9, 72(%2);  movq %%xmm10, 80(%2); movq %%xmm11, "
			"88(%2);"
			"movq %%xmm12, 96(%2); movq %%xmm13, 104(%2); movq %%xmm14, 112(%2);"
			"movq %%xmm15, 120(%2);"
			: "+r"(spins)
			: "r"(in), "r"(out)
			: "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
			  "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
	}

	void entry() override
	{
		for (uint64_t seed = _number + 1;; seed = seed * 6364136223846793005ULL + 1) {
			uint64_t in[16], out[16] {};
			for (unsigned i = 0; i < 16; i++) in[i] = seed ^ (0x0101010101010101ULL * i);

			_keep(in, out, 200 * 1000);

			for (unsigned i = 0; i < 16; i++)
				if (in[i] != out[i])
					_checks.wrong("xmm", i, " is ", Hex(out[i]), ", was ", Hex(in[i]));

			_checks.round(_number);
		}
	}
};

/* is blocked in system calls most of the time, with rounding modes that nobody else has */
struct Test::Blocking_thread : Thread
{
	static constexpr unsigned MXCSR = 0x1f80 | 0x6000; /* round towards zero */
	static constexpr unsigned short CONTROL = 0x037f | 0x0c00;

	Checks &_checks;
	unsigned const _number;
	Blockade _blockade {};

	Blocking_thread(Env &env, Checks &checks, unsigned number)
		: Thread(env, { "blocking" }, Stack_size { 16 * 1024 }), _checks(checks), _number(number)
	{}

	void entry() override
	{
		unsigned const mxcsr = MXCSR;
		unsigned short const control = CONTROL;
		asm volatile("ldmxcsr %0; fldcw %1" : : "m"(mxcsr), "m"(control));

		for (;;) {
			_blockade.block();

			unsigned mxcsr_now = 0;
			unsigned short control_now = 0;
			asm volatile("stmxcsr %0; fnstcw %1" : "=m"(mxcsr_now), "=m"(control_now));

			if ((mxcsr_now & ~0x3fu) != MXCSR || control_now != CONTROL)
				_checks.wrong("rounding modes ", Hex(mxcsr_now), " ", Hex(control_now));

			_checks.round(_number);
		}
	}
};

/* keeps what it knows on its stack, in frames of many calls */
struct Test::Stack_thread : Thread
{
	Checks &_checks;
	unsigned const _number;
	Blockade _blockade {};

	Stack_thread(Env &env, Checks &checks, unsigned number)
		: Thread(env, { "stack" }, Stack_size { 32 * 1024 }), _checks(checks), _number(number)
	{}

	__attribute__((noinline)) unsigned long _sum(unsigned long n)
	{
		unsigned long volatile here = n;
		if (!n) return 0;
		unsigned long const below = _sum(n - 1);
		if (here != n) _checks.wrong("stack frame ", n, " holds ", here);
		return below + here;
	}

	void entry() override
	{
		for (;;) {
			_blockade.block();
			for (unsigned i = 0; i < 500; i++)
				if (_sum(100) != 5050) _checks.wrong("sum on the stack");
			_checks.round(_number);
		}
	}
};

struct Test::Main
{
	struct Cell : List<Cell>::Element
	{
		unsigned long const value;
		explicit Cell(unsigned long v) : value(v) {}
	};

	Env &_env;
	Heap _heap { _env.ram(), _env.rm() };
	Timer::Connection _timer { _env };
	Checks _checks {};

	Fpu_thread _fpu_0 { _env, _checks, 0 }, _fpu_1 { _env, _checks, 1 };
	Blocking_thread _blocking { _env, _checks, 2 };
	Stack_thread _stack { _env, _checks, 3 };

	List<Cell> _cells {};
	unsigned long _count = 0, _expected_sum = 0, _last_rounds[4] {};

	Signal_handler<Main> _handler { _env.ep(), *this, &Main::_tick };

	void _check_heap()
	{
		unsigned long sum = 0;
		for (Cell const *cell = _cells.first(); cell; cell = cell->next()) sum += cell->value;
		if (sum != _expected_sum) _checks.wrong("heap sum ", sum, ", not ", _expected_sum);
	}

	/* every thread has got on within some ticks */
	void _check_progress()
	{
		Mutex::Guard guard(_checks._mutex);
		for (unsigned i = 0; i < 4; i++) {
			if (_checks._rounds[i] == _last_rounds[i]) _checks.wrong("thread ", i, " stands still");
			_last_rounds[i] = _checks._rounds[i];
		}
	}

	void _tick()
	{
		if (!_checks.ok()) return;

		_count++;
		_cells.insert(new (_heap) Cell(_count));
		_expected_sum += _count;
		_check_heap();
		_blocking._blockade.wakeup();
		_stack._blockade.wakeup();

		if (_count % 16 == 0) _check_progress();

		log("count ", _count, " heap ", _expected_sum, " rounds ", _checks._rounds[0], " ",
			_checks._rounds[1], " ", _checks._rounds[2], " ", _checks._rounds[3]);
	}

	explicit Main(Env &env) : _env(env)
	{
		_fpu_0.start();
		_fpu_1.start();
		_blocking.start();
		_stack.start();

		_timer.sigh(_handler);
		_timer.trigger_periodic(200 * 1000);
		log("counter started");
	}
};

void Component::construct(Genode::Env &env) { static Test::Main main(env); }
