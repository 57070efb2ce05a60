#include <capimg_host/foc_ipc.h>
#include <capimg_host/foc_threads.h>
#include <foc_native_pd/client.h>

namespace Capimg::Host
{

using Foc_image = Foc::Thread_image;
using Phase = Metadata::Ipc_phase;
using Result = Foc::Threads::Result;

static_assert(Foc_ipc::WORDS + Foc_ipc::BUFFERS + Foc_ipc::TCR == Foc_image::UTCB_WORDS);

static Phase phase_of(Foc_image::Phase phase)
{
	switch (phase) {
	case Foc_image::Phase::USER_MODE: return Phase::USER_MODE;
	case Foc_image::Phase::SENDING: return Phase::SENDING;
	case Foc_image::Phase::RECEIVING: return Phase::RECEIVING;
	case Foc_image::Phase::UNKNOWN: break;
	}
	return Phase::UNKNOWN;
}

static Foc_image::Phase foc_phase(Phase phase)
{
	switch (phase) {
	case Phase::USER_MODE: return Foc_image::Phase::USER_MODE;
	case Phase::SENDING: return Foc_image::Phase::SENDING;
	case Phase::RECEIVING: return Foc_image::Phase::RECEIVING;
	case Phase::UNKNOWN: break;
	}
	return Foc_image::Phase::UNKNOWN;
}

void from_foc(Foc_image const &from, Thread_image &to)
{
	to.registers = true;
	to.phase = phase_of(from.phase);
	to.cpu = from.cpu;
	to.wakeups = from.wakeups;

	to.word_count = Foc_ipc::WORDS;
	to.buffer_count = Foc_ipc::BUFFERS;
	to.tcr_count = Foc_ipc::TCR;
	for (unsigned i = 0; i < Foc_ipc::WORDS; i++) to.words[i] = from.utcb[i];
	for (unsigned i = 0; i < Foc_ipc::BUFFERS; i++)
		to.buffers[i] = from.utcb[Foc_ipc::FIRST_BUFFER + i];
	for (unsigned i = 0; i < Foc_ipc::TCR; i++) to.tcr[i] = from.utcb[Foc_ipc::FIRST_TCR + i];

	to.fpu_size = uint32_t(min<unsigned>(from.fpu_words, Thread_image::MAX_FPU / sizeof(addr_t)) *
						   sizeof(addr_t));
	copy_memory(to.fpu, from.fpu, to.fpu_size);
	to.fpu_format = to.fpu_size > 512 ? Metadata::Fpu_format::XSAVE : Metadata::Fpu_format::FXSAVE;
}

bool to_foc(Metadata::Thread::Reader const &from, Foc_image &to)
{
	to = {};
	to.phase = foc_phase(from.phase());
	to.wakeups = from.pending_wakeups();
	if (!read_registers(from.registers(), to.cpu)) return false;

	auto const utcb = from.utcb();
	auto const copy = [&](auto const &list, unsigned first, unsigned most) {
		for (uint32_t i = 0; i < list.size() && i < most; i++) to.utcb[first + i] = list[i];
	};
	copy(utcb.words(), 0, Foc_ipc::WORDS);
	copy(utcb.buffer_registers(), Foc_ipc::FIRST_BUFFER, Foc_ipc::BUFFERS);
	copy(utcb.thread_registers(), Foc_ipc::FIRST_TCR, Foc_ipc::TCR);

	Const_bytes const fpu = from.fpu().state();
	if (fpu.size() > sizeof(to.fpu)) return false;
	to.fpu_words = unsigned(fpu.size() / sizeof(addr_t));
	copy_memory(to.fpu, fpu.base(), to.fpu_words * sizeof(addr_t));
	return true;
}

template <typename FN>
void Foc_threads::_for_each_started(FN const &fn)
{
	_objects.for_each([&](Hosted_object &object) {
		if (object.which != Which::THREAD) return;
		Hosted_thread &thread = static_cast<Hosted_thread &>(object);
		if (thread.started) fn(thread);
	});
}

Status Foc_threads::pause()
{
	Mutex::Guard guard(_objects.mutex);
	_looks = 0;
	_for_each_started([&](Hosted_thread &thread) {
		thread.settled = false;
		thread.real.call<Cpu_thread::Rpc_pause>();
	});
	return ok;
}

void Foc_threads::resume()
{
	Mutex::Guard guard(_objects.mutex);
	_for_each_started([&](Hosted_thread &thread) { _threads.release(thread.real); });
}

Status Foc_threads::run_on(Hosted_thread &thread)
{
	_threads.release(thread.real);
	thread.settled = false;
	thread.real.call<Cpu_thread::Rpc_pause>();
	return ok;
}

Status Foc_threads::run_on()
{
	resume();
	return pause();
}

/* the component serves it itself */
bool Foc_threads::_own(uint64_t badge) const
{
	Hosted_object const *const object = _objects.find_badge(badge);
	return object && object->which == Which::NATIVE_CAPABILITY;
}

/* badge of what a waiting thread has called */
uint64_t Foc_threads::_destination(Hosted_thread const &thread)
{
	Foc_native_pd_client native(
		reinterpret_cap_cast<Pd_session::Native_pd>(_pd.native().capability));
	auto const words =
		native.thread_read(thread.real, Pd_session::Native_pd::Part::UTCB, Foc_ipc::DESTINATION, 1);
	return words.count ? words.values[0] : 0;
}

/* false: its state is not final yet */
bool Foc_threads::_look(Hosted_thread &thread, addr_t &self, addr_t &serves)
{
	thread.image = {};
	_image = {};
	bool const stopped = _threads.look(thread.real, _image) == Result::OK;
	self = _image.self;
	serves = _image.serves;
	if (!stopped) {
		/* it was started meanwhile, perhaps; core ignores it of those that are paused */
		thread.real.call<Cpu_thread::Rpc_pause>();
		return false;
	}

	thread.image.registers = true;
	thread.image.phase = phase_of(_image.phase);
	thread.image.cpu = _image.cpu;
	if (thread.image.phase == Phase::USER_MODE || !Foc_ipc(_image.cpu).call()) return true;

	thread.image.call_target = _destination(thread);
	return _own(thread.image.call_target) || _looks > PATIENCE;
}

void Foc_threads::look()
{
	Mutex::Guard guard(_objects.mutex);
	_looks++;

	struct Place
	{
		Hosted_thread *thread;
		addr_t self, serves;
	};
	Place places[Hosted_pd::MAX_THREADS];
	unsigned count = 0;
	_for_each_started([&](Hosted_thread &thread) {
		if (count == Hosted_pd::MAX_THREADS) return;
		Place &place = places[count++];
		place = { &thread, 0, 0 };
		thread.settled = _look(thread, place.self, place.serves);
	});

	/* a caller outside is not known, and need not be: its call ends with the server */
	for (unsigned i = 0; i < count; i++)
		for (unsigned k = 0; k < count && places[i].serves; k++)
			if (places[k].self == places[i].serves)
				places[i].thread->image.served_caller = places[k].thread->id();
}

Status Foc_threads::read_states()
{
	Mutex::Guard guard(_objects.mutex);
	Status status = ok;
	_for_each_started([&](Hosted_thread &thread) {
		if (status) return;
		_image = {};

		/* a message may have come since the last look: then it stands elsewhere */
		bool const saved = _threads.save(thread.real, _image) == Result::OK;
		bool const same =
			phase_of(_image.phase) == thread.image.phase && _image.cpu.ip == thread.image.cpu.ip;
		if (!saved || !same)
			status = { Code::BUSY, 0, THREAD_MOVED, thread.id() };
		else
			from_foc(_image, thread.image);
	});
	return status;
}

}
