/*
 * Test of core's native PD interface and of the kernel's operation on stopped threads
 *
 * The component looks at its own PD and threads: it knows what has to come out.
 */

#include <base/component.h>
#include <base/log.h>
#include <base/thread.h>
#include <capimg_foc/threads.h>
#include <foc_native_pd/client.h>

namespace Test
{
using namespace Genode;
using Capimg::Foc::Thread_image;
using Capimg::Foc::Threads;
struct Spinning;
struct Blocked;
struct Main;
}

static unsigned failures;

static void expect(bool condition, auto &&...args)
{
	if (condition) return;
	Genode::error("FAILED: ", args...);
	failures++;
}

static constexpr Genode::uint64_t XMM = 0x1122334455667788ULL;
static constexpr unsigned MXCSR = 0x1f80 | 0x6000;

/* words of an FXSAVE area */
static constexpr unsigned MXCSR_WORD = 3, XMM_WORD = 20;

struct Test::Spinning : Thread
{
	bool volatile running = false, released = false, intact = false;

	explicit Spinning(Env &env) : Thread(env, { "spinning" }, Stack_size { 16 * 1024 }) {}

	void entry() override
	{
		uint64_t const in = XMM;
		uint64_t out = 0, mark = 0;
		asm volatile("movq %2, %%xmm9; mov $0x77, %%r13d; movb $1, %3;"
					 "1: cmpb $0, %4; je 1b;"
					 "movq %%xmm9, %0; mov %%r13, %1"
					 : "=m"(out), "=m"(mark)
					 : "m"(in), "m"(running), "m"(released)
					 : "memory", "cc", "xmm9", "r13");
		intact = out == in && mark == 0x77;
	}
};

struct Test::Blocked : Thread
{
	Blockade blockade {};
	bool volatile ready = false, intact = false;

	explicit Blocked(Env &env) : Thread(env, { "blocked" }, Stack_size { 16 * 1024 }) {}

	void entry() override
	{
		unsigned const mxcsr = MXCSR;
		asm volatile("ldmxcsr %0" : : "m"(mxcsr));
		ready = true;
		blockade.block();
		unsigned now = 0;
		asm volatile("stmxcsr %0" : "=m"(now));
		intact = (now & ~0x3fu) == MXCSR;
	}
};

struct Test::Main
{
	Env &_env;
	Threads const _threads { _env.pd().native_pd() };
	Foc_native_pd_client _pd { _env.pd().native_pd() };
	Thread_image _image {};

	using Result = Pd_session::Native_pd::Result;

	static Thread_capability _cap(Thread &thread) { return thread.cap(); }

	Threads::Result _save(Thread_capability cap)
	{
		for (unsigned i = 0; i < 1000; i++) {
			Threads::Result const result = _threads.save(cap, _image);
			if (result != Threads::Result::UNSETTLED) return result;
		}
		return Threads::Result::UNSETTLED;
	}

	void _spinning()
	{
		Spinning thread { _env };
		thread.start();
		while (!thread.running)
			;

		Cpu_thread_client cpu(_cap(thread));
		for (unsigned round = 0; round < 10; round++) {
			cpu.pause();
			Threads::Result const saved = _save(_cap(thread));
			expect(saved == Threads::Result::OK, "spinning: saved, result ", (int)saved);
			expect(_image.phase == Thread_image::Phase::USER_MODE, "spinning: phase");
			expect(_image.cpu.r13 == 0x77, "spinning: r13 ", Hex(_image.cpu.r13));
			expect(_image.fpu_words >= 64, "spinning: size of FPU");
			expect(_image.fpu[XMM_WORD + 2 * 9] == XMM, "spinning: xmm9 ",
				   Hex(_image.fpu[XMM_WORD + 2 * 9]));
			cpu.resume();
		}
		thread.released = true;
		thread.join();
		expect(thread.intact, "spinning: registers after resume");
	}

	void _blocked()
	{
		Blocked thread { _env };
		thread.start();
		while (!thread.ready)
			;

		/* it is on its way into the system call */
		Cpu_thread_client cpu(_cap(thread));
		for (unsigned attempt = 0; attempt < 1000; attempt++) {
			cpu.pause();
			Threads::Result const found = _save(_cap(thread));
			cpu.resume();
			if (found == Threads::Result::OK && _image.phase == Thread_image::Phase::RECEIVING)
				break;
		}

		for (unsigned round = 0; round < 10; round++) {
			cpu.pause();
			Threads::Result const saved = _save(_cap(thread));
			expect(saved == Threads::Result::OK, "blocked: saved, result ", (int)saved);
			expect(_image.phase == Thread_image::Phase::RECEIVING, "blocked: phase ",
				   (int)_image.phase);

			unsigned char const *code = (unsigned char const *)_image.cpu.ip;
			expect(code[0] == 0x0f && code[1] == 0x05, "blocked: at a system call");
			expect(unsigned(_image.fpu[MXCSR_WORD]) == MXCSR, "blocked: MXCSR ",
				   Hex(_image.fpu[MXCSR_WORD]));
			cpu.resume();
		}

		/* woken up while it is paused: by the IRQ on which it is blocked */
		cpu.pause();
		thread.blockade.wakeup();
		cpu.resume();
		thread.join();
		expect(thread.intact, "blocked: MXCSR after resume");
	}

	void _selectors()
	{
		Spinning thread { _env };
		Native_capability const cap = _cap(thread);
		addr_t const free = 0xf00UL << 12;

		expect(!_pd.present(free), "selector is free");
		expect(_pd.install(cap, free) == Result::OK, "install");
		expect(_pd.present(free), "present behind install");
		expect(_pd.request(free, unsigned(cap.local_name())).local_name() == cap.local_name(),
			   "request");
		expect(!_pd.request(free, unsigned(_env.pd_session_cap().local_name())).valid(),
			   "request with another's id");
		expect(!_pd.request(free + 0x1000, unsigned(cap.local_name())).valid(),
			   "request of an empty selector");

		expect(_pd.install(cap, 0xbUL << 12) == Result::REFUSED, "parent's selector");
		expect(_pd.install(cap, 0x2ffUL << 12) == Result::REFUSED, "selector of core");
		expect(_pd.install(cap, free + 8) == Result::REFUSED, "odd selector");
		expect(_pd.install(cap, 0x1000UL << 12) == Result::REFUSED, "selector beyond the map");
		expect(_pd.install(Native_capability(), free) == Result::NO_CAP, "no capability");
		expect(_threads.save(Thread_capability(), _image) == Threads::Result::GONE, "no thread");
	}

	explicit Main(Env &env) : _env(env)
	{
		_selectors();
		_spinning();
		_blocked();
		if (failures)
			error("test-capimg_foc: ", failures, " failures");
		else
			log("test-capimg_foc: passed");
		env.parent().exit(failures ? 1 : 0);
	}
};

void Component::construct(Genode::Env &env) { static Test::Main main(env); }
