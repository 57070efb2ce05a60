#include <capimg_host/foc_threads.h>

namespace Capimg::Host
{

using Part = Pd_session::Native_pd::Part;
using Phase = Metadata::Ipc_phase;

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
	_for_each_started([&](Hosted_thread &thread) { thread.real.call<Cpu_thread::Rpc_resume>(); });
}

Status Foc_threads::run_on(Hosted_thread &thread)
{
	thread.real.call<Cpu_thread::Rpc_resume>();
	thread.settled = false;
	thread.real.call<Cpu_thread::Rpc_pause>();
	return ok;
}

Status Foc_threads::run_on()
{
	resume();
	return pause();
}

void Foc_threads::_read(Hosted_thread const &thread, Part part, unsigned first, unsigned count,
						uint64_t *dst)
{
	for (unsigned done = 0; done < count;) {
		unsigned const want = min(count - done, Pd_session::Native_pd::MAX_WORDS);
		Native_pd::Words const words = _native.thread_read(thread.real, part, first + done, want);
		if (!words.count) return;
		for (unsigned i = 0; i < words.count && done < count; i++) dst[done++] = words.values[i];
	}
}

uint64_t Foc_threads::_message_word(Hosted_thread const &thread, unsigned i)
{
	uint64_t word = 0;
	_read(thread, Part::UTCB, i, 1, &word);
	return word;
}

/* the component serves it itself */
bool Foc_threads::_own(uint64_t badge) const
{
	Hosted_object const *const object = _objects.find_badge(badge);
	return object && object->which == Which::NATIVE_CAPABILITY;
}

/* false: its state is not final yet */
bool Foc_threads::_look(Hosted_thread &thread, addr_t &self, addr_t &serves)
{
	Thread_image &image = thread.image;
	image = {};

	Native_pd::Thread_status const status = _native.thread_status(thread.real);
	self = status.self;
	serves = status.serves;
	if (!status.valid) return false;
	image.wakeups = status.wakeups;
	image.fpu_size = min<unsigned>(status.fpu_size, Thread_image::MAX_FPU);
	image.registers = true;

	if (status.in_exception) {
		Thread_state const state = thread.real.call<Cpu_thread::Rpc_get_state>();
		image.cpu = state.cpu;
		image.phase = Phase::USER_MODE;
		return true;
	}
	if (!status.in_syscall || !(status.sends || status.receives)) return false;

	image.cpu = status.cpu;
	image.phase = status.sends ? Phase::SENDING : Phase::RECEIVING;

	Foc_ipc const ipc(status.cpu);
	if (!ipc.call()) return true;
	image.call_target = _message_word(thread, Foc_ipc::DESTINATION);
	return _own(image.call_target) || _looks > PATIENCE;
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
		place.thread = &thread;
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
	_for_each_started([&](Hosted_thread &thread) {
		Thread_image &image = thread.image;
		image.word_count = Foc_ipc::WORDS;
		image.buffer_count = Foc_ipc::BUFFERS;
		image.tcr_count = Foc_ipc::TCR;
		_read(thread, Part::UTCB, 0, Foc_ipc::WORDS, image.words);
		_read(thread, Part::UTCB, Foc_ipc::FIRST_BUFFER, Foc_ipc::BUFFERS, image.buffers);
		_read(thread, Part::UTCB, Foc_ipc::FIRST_TCR, Foc_ipc::TCR, image.tcr);

		uint64_t fpu[Thread_image::MAX_FPU / sizeof(uint64_t)] {};
		_read(thread, Part::FPU, 0, unsigned(image.fpu_size / sizeof(uint64_t)), fpu);
		copy_memory(image.fpu, fpu, image.fpu_size);
		image.fpu_format = image.fpu_size > 512 ? Metadata::Fpu_format::XSAVE
												: Metadata::Fpu_format::FXSAVE;
	});
	return ok;
}

}
