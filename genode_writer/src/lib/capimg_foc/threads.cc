/*
 * Threads of a PD on Fiasco.OC: their state read, and given to new ones
 */

#include <capimg_foc/threads.h>
#include <foc_native_pd/client.h>

using namespace Capimg::Foc;
using Genode::addr_t;
using Genode::Foc_native_pd_client;
using Genode::Thread_capability;
using Genode::Thread_state;
using Native_pd = Genode::Pd_session::Native_pd;
using Part = Native_pd::Part;

/* a thread that was stopped by core, not by a mistake of its own */
static constexpr addr_t STOPPED_BY_CORE = 0xff;

/* how long the system-call instruction is */
static constexpr addr_t SYSCALL_SIZE = 2;

/* words of the UTCB */
enum { ADDRESS_WORD = 63, BUFFER_DESCRIPTOR_WORD = 64, BUFFER_WORD = 65 };

/* fn(first, count) for pieces that fit into a call */
static bool for_each_piece(unsigned words, auto const &fn)
{
	for (unsigned first = 0; first < words; first += Native_pd::MAX_WORDS)
		if (!fn(first, Genode::min(Native_pd::MAX_WORDS, words - first))) return false;
	return true;
}

bool Threads::_read(Thread_capability cap, Thread_image &image) const
{
	Foc_native_pd_client pd(_native_pd);

	auto const read = [&](Part part, addr_t *dst, unsigned words) {
		return for_each_piece(words, [&](unsigned first, unsigned count) {
			Native_pd::Words const piece = pd.thread_read(cap, part, first, count);
			if (piece.count != count) return false;
			for (unsigned i = 0; i < count; i++) dst[first + i] = piece.values[i];
			return true;
		});
	};
	return read(Part::UTCB, image.utcb, Thread_image::UTCB_WORDS) &&
		   read(Part::FPU, image.fpu, image.fpu_words);
}

bool Threads::_write(Thread_capability cap, addr_t const *utcb, Thread_image const *image) const
{
	Foc_native_pd_client pd(_native_pd);

	auto const write = [&](Part part, addr_t const *src, unsigned words) {
		return for_each_piece(words, [&](unsigned first, unsigned count) {
			Native_pd::Words piece {};
			piece.count = count;
			for (unsigned i = 0; i < count; i++) piece.values[i] = src[first + i];
			return pd.thread_write(cap, part, first, piece) == Native_pd::Result::OK;
		});
	};
	return write(Part::UTCB, utcb, Thread_image::UTCB_WORDS) &&
		   (!image || write(Part::FPU, image->fpu, image->fpu_words));
}

Threads::Result Threads::look(Thread_capability cap, Thread_image &image) const
{
	Native_pd::Thread_status const status = Foc_native_pd_client(_native_pd).thread_status(cap);
	if (!status.valid) return Result::GONE;

	image.wakeups = status.wakeups;
	image.self = status.self;
	image.serves = status.serves;
	image.fpu_words = status.fpu_size / unsigned(sizeof(addr_t));
	if (image.fpu_words > Thread_image::MAX_FPU_WORDS) return Result::FAILED;

	if (status.in_exception) {
		Thread_state const state = Genode::Cpu_thread_client(cap).state();

		/* core may not have taken note of it yet */
		if (state.cpu.trapno != STOPPED_BY_CORE || state.cpu.ip != status.cpu.ip ||
			state.cpu.sp != status.cpu.sp)
			return Result::UNSETTLED;

		image.phase = Thread_image::Phase::USER_MODE;
		image.cpu = state.cpu;
		return Result::OK;
	}

	if (!status.in_syscall || !status.armed || (!status.sends && !status.receives))
		return Result::UNSETTLED;

	image.phase = status.sends ? Thread_image::Phase::SENDING : Thread_image::Phase::RECEIVING;
	image.cpu = status.cpu;
	image.cpu.ip -= SYSCALL_SIZE;

	/* the reply is out already */
	if (status.receives && (image.cpu.rdx & Thread_image::OPEN))
		image.cpu.rdx &= ~addr_t(Thread_image::SEND | Thread_image::REPLY);

	return Result::OK;
}

Threads::Result Threads::save(Thread_capability cap, Thread_image &image) const
{
	Result const result = look(cap, image);
	if (result != Result::OK) return result;

	if (!_read(cap, image)) return Result::FAILED;

	/* a blocked thread may have got its answer meanwhile */
	Thread_image again {};
	Result const second = look(cap, again);
	if (second != Result::OK) return second;

	return again.phase == image.phase && again.cpu.ip == image.cpu.ip ? Result::OK
																	  : Result::UNSETTLED;
}

Threads::Result Threads::_await_stop(Thread_capability cap, addr_t ip) const
{
	/* calls of core, in which the new thread gets its time */
	for (unsigned i = 0; i < 10000; i++) {
		Thread_image image {};
		switch (look(cap, image)) {
		case Result::OK:
			return image.phase == Thread_image::Phase::USER_MODE && image.cpu.ip == ip
					   ? Result::OK
					   : Result::FAILED;
		case Result::UNSETTLED: break;
		case Result::GONE: return Result::GONE;
		case Result::FAILED: return Result::FAILED;
		}
	}
	return Result::UNSETTLED;
}

/* registers of a stopped thread, its exception's number included: it stays stopped by core */
static void set_registers(Thread_capability cap, Genode::Cpu_state const &cpu)
{
	Genode::Cpu_thread_client thread(cap);
	Thread_state state = thread.state();
	addr_t const ss = state.cpu.ss;
	state.cpu = cpu;
	state.cpu.ss = ss;
	state.cpu.trapno = STOPPED_BY_CORE;
	thread.state(state);
}

Threads::Result Threads::prepare(Thread_capability cap, Thread_image const &image) const
{
	Genode::Cpu_thread_client thread(cap);
	thread.pause();
	thread.start(image.cpu.ip, image.cpu.sp);

	Result const stopped = _await_stop(cap, image.cpu.ip);
	if (stopped != Result::OK) return stopped;

	if (!_write(cap, image.utcb, &image)) return Result::FAILED;

	set_registers(cap, image.cpu);

	for (unsigned i = 0; i < image.wakeups; i++) Foc_native_pd_client(_native_pd).wake_up(cap);

	return Result::OK;
}

Threads::Result Threads::prepare_receive(Thread_capability cap, Thread_image const &image,
										 addr_t code, addr_t scratch_cap) const
{
	/* buffers for capabilities: 'receive' items of one selector each, rights to map */
	enum : addr_t { ITEM_MAP = 8, ITEM_SINGLE = 2, INVALID_CAP = 1UL << 11 };

	addr_t utcb[Thread_image::UTCB_WORDS] {};
	utcb[BUFFER_DESCRIPTOR_WORD] = 0;
	for (unsigned i = 0; i < Thread_image::MAX_CAPS; i++)
		utcb[BUFFER_WORD + i] =
			(scratch_cap + (addr_t(i) << 12)) | addr_t(ITEM_MAP) | addr_t(ITEM_SINGLE);

	Genode::Cpu_thread_client thread(cap);
	thread.pause();
	thread.start(code, image.cpu.sp);

	Result const stopped = _await_stop(cap, code);
	if (stopped != Result::OK) return stopped;

	if (!_write(cap, utcb, nullptr)) return Result::FAILED;

	Genode::Cpu_state cpu {};
	cpu.ip = code;
	cpu.sp = image.cpu.sp;
	cpu.eflags = image.cpu.eflags;
	cpu.rdx = addr_t(INVALID_CAP) | addr_t(Thread_image::RECEIVE) | addr_t(Thread_image::OPEN);
	set_registers(cap, cpu);
	return Result::OK;
}

Threads::Result Threads::await_call(Thread_capability cap, Thread_image const &image,
									addr_t code) const
{
	Genode::Cpu_thread_client thread(cap);
	thread.pause();

	Thread_image now {};
	Result const looked = look(cap, now);
	bool const received = looked == Result::OK && now.phase == Thread_image::Phase::USER_MODE &&
						  now.cpu.ip == code + SYSCALL_SIZE;
	if (!received) {
		thread.resume();
		return looked == Result::OK ? Result::UNSETTLED : looked;
	}

	if (!_write(cap, image.utcb, &image)) return Result::FAILED;

	set_registers(cap, image.cpu);

	for (unsigned i = 0; i < image.wakeups; i++) Foc_native_pd_client(_native_pd).wake_up(cap);

	thread.resume();
	return Result::OK;
}

void Threads::release(Thread_capability cap) const { Genode::Cpu_thread_client(cap).resume(); }

extern "C" char const capimg_foc_receive_start[], capimg_foc_receive_end[];

void const *Threads::receive_code() { return capimg_foc_receive_start; }

Genode::size_t Threads::receive_code_size()
{
	return Genode::size_t(capimg_foc_receive_end - capimg_foc_receive_start);
}
