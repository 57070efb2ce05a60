#include <capimg_host/foc_ipc.h>
#include <capimg_host/origin.h>
#include <foc_native_pd/client.h>

namespace Capimg::Host
{

using namespace Engine;

Origin::Origin(Env &env, Allocator &alloc, Hosted_child &child, Thread_control &threads,
			   Timer::Connection &timer, uint8_t const (&epoch)[16])
	: _child(child),
	  _objects(child.objects),
	  _threads(threads),
	  _timer(timer),
	  _alloc(alloc),
	  _memory(child.pd().address_space_map(), _objects, _live),
	  _snapshot(env, alloc),
	  _by_number(alloc),
	  _thread_numbers(alloc)
{
	copy_memory(_epoch, epoch, sizeof(_epoch));
}

/*
 * Pausing
 */

void Origin::_drain()
{
	/* the registry's lock must not be held while core is asked */
	for (uint32_t n = 0;; n++) {
		Hosted_signal_source *source = nullptr;
		{
			Mutex::Guard guard(_objects.mutex);
			uint32_t i = 0;
			_objects.for_each([&](Hosted_object &object) {
				if (object.which == Which::SIGNAL_SOURCE && i++ == n)
					source = static_cast<Hosted_signal_source *>(&object);
			});
		}
		if (!source) return;
		if (_child.info.kernel == Kernel::FOC) _child.pd().drain(*source);
	}
}

Status Origin::pause()
{
	_list_unsafe_code();
	if (!_paused) _paused_at = _timer.elapsed_us();
	_paused = true;
	return _threads.pause();
}

void Origin::resume()
{
	if (!_paused) return;
	_threads.resume();
	paused_time += _timer.elapsed_us() - _paused_at;
	_paused = false;

	/* what was drained; submitting anew wakes the handler */
	for (;;) {
		Hosted_context *context = nullptr;
		uint32_t pending = 0;
		{
			Mutex::Guard guard(_objects.mutex);
			_objects.for_each([&](Hosted_object &object) {
				if (object.which != Which::SIGNAL_CONTEXT) return;
				Hosted_context &c = static_cast<Hosted_context &>(object);
				if (c.pending) context = &c;
			});
			if (!context) return;
			pending = context->pending;
			context->pending = 0;
		}
		_child.pd().submit(context->context, pending);
	}
}

/*
 * Without symbols, all code of the dynamic linker is unsafe: the base library is in it, and with it
 * every instruction between the kernel's delivery of a message and the look-up of what it names.
 * Threads are there for moments only, or wait in the kernel.
 */
void Origin::_list_unsafe_code()
{
	static constexpr char const *LINKER = "ld.lib.so";
	Mutex::Guard guard(_objects.mutex);
	_child.unsafe_code.clear();

	/* where the component's memory has no badges, none can be missed */
	if (cap_kernel(_child.info.kernel) == Cap_kernel::NONE) return;

	_child.pd().address_space_map().for_each_region([&](Hosted_region_map::Region const &region) {
		if (region.executable && region.dataspace.module == LINKER)
			_child.unsafe_code.add({ region.start, region.size, LINKER });
	});
}

Status Origin::run_on(uint32_t id)
{
	Hosted_thread *thread = nullptr;
	{
		Mutex::Guard guard(_objects.mutex);
		thread = dynamic_cast<Hosted_thread *>(_objects.find(id));
	}
	if (!thread) return { Code::VANISHED, 0, "thread", id };
	return _threads.run_on(*thread);
}

Status Origin::run_on() { return _threads.run_on(); }

/* entrypoints of the runtime answer calls of threads meanwhile */
void Origin::wait() { _timer.usleep(500); }

uint32_t Origin::threads()
{
	_threads.look();
	Mutex::Guard guard(_objects.mutex);
	_thread_numbers.reset(_objects.count());
	_objects.for_each([&](Hosted_object &object) {
		if (object.which != Which::THREAD) return;
		Hosted_thread &thread = static_cast<Hosted_thread &>(object);
		if (thread.started) _thread_numbers.add(thread);
	});
	return _thread_numbers.count;
}

/* no code of it is unsafe at 'ip', and only there */
static void make_safe(Unsafe_code &unsafe, uint64_t ip)
{
	Code_span spans[Unsafe_code::MAX];
	uint32_t const count = unsafe.count();
	if (count == Unsafe_code::MAX) return;
	for (uint32_t i = 0; i < count; i++) spans[i] = unsafe[i];

	unsafe.clear();
	for (uint32_t i = 0; i < count; i++) {
		Code_span const span = spans[i];
		if (!span.holds(ip)) {
			unsafe.add(span);
			continue;
		}
		uint64_t const before = ip - span.start;
		if (before) unsafe.add({ span.start, before, span.name });
		if (before + 1 < span.size) unsafe.add({ ip + 1, span.size - before - 1, span.name });
	}
}

/* 1 if it was made so for another thread: this one counts as one byte before, where it is not */
static uint64_t made_safe(Unsafe_code const &unsafe, uint64_t ip)
{
	bool before = false, here = false;
	for (uint32_t i = 0; i < unsafe.count(); i++) {
		before |= unsafe[i].holds(ip - 1);
		here |= unsafe[i].holds(ip);
	}
	return before && !here;
}

/*
 * Behind the system call of an RPC whose reply has no capability: no badge has come, and the one
 * that was sent is gone. A server and its client that do nothing but RPC are nowhere else.
 */
static bool behind_plain_reply(Hosted_child &child, Memory const &memory,
							   Hosted_thread const &thread)
{
	static constexpr uint8_t SYSCALL[] { 0x0f, 0x05 };

	if (child.info.kernel != Kernel::FOC || !thread.settled) return false;
	if (thread.image.phase != Metadata::Ipc_phase::USER_MODE) return false;
	if (!Foc_ipc(thread.image.cpu).returned_from_call()) return false;

	uint8_t code[sizeof(SYSCALL)] {};
	if (memory.read(instruction_pointer(thread.image.cpu) - sizeof(code),
					Bytes(code, sizeof(code))))
		return false;
	if (code[0] != SYSCALL[0] || code[1] != SYSCALL[1]) return false;

	Foc_native_pd_client native(
		reinterpret_cap_cast<Pd_session::Native_pd>(child.pd().native().capability));
	auto const caps =
		native.thread_read(thread.real, Pd_session::Native_pd::Part::UTCB, Foc_ipc::CAP_COUNT, 1);
	return caps.count == 1 && !caps.values[0];
}

Thread_spot Origin::thread(uint32_t n)
{
	Hosted_thread const &thread = _thread_numbers[n];
	uint64_t ip = instruction_pointer(thread.image.cpu);
	if (behind_plain_reply(_child, _memory, thread))
		make_safe(_child.unsafe_code, ip);
	else if (thread.settled && thread.image.phase == Metadata::Ipc_phase::USER_MODE)
		ip -= made_safe(_child.unsafe_code, ip);
	return { thread.id(), thread.settled, thread.image.phase, ip };
}

/*
 * State
 */

Description Origin::description()
{
	Description d {};
	d.label = text(_child.name);
	d.genode_version = text(_child.release);
	d.binary_name = text(_child.binary);
	d.epoch = Const_bytes(_epoch, sizeof(_epoch));
	d.machine = this_machine();
	d.kernel = _child.info.kernel;
	d.sequence = sequence;
	d.time_base = _timer.elapsed_us();
	d.timestamp_frequency = _child.info.timestamp_frequency;
	d.fpu_size = _child.fpu_size;
	return d;
}

uint32_t Origin::objects()
{
	Mutex::Guard guard(_objects.mutex);
	if (_child.parent()) _child.parent()->mark_handlers();
	_by_number.reset(_objects.count());
	_objects.for_each([&](Hosted_object &object) { _by_number.add(object); });
	return _by_number.count;
}

Object_head Origin::object(uint32_t n)
{
	Hosted_object const &object = _by_number[n];

	/* without badges, objects have numbers of this runtime's own, which mean nothing elsewhere */
	bool const badges = cap_kernel(_child.info.kernel) != Cap_kernel::NONE;
	return { object.id(), badges ? object.badge() : 0, object.which, object.stored_size(),
			 object.badge_only() };
}

void Origin::forget(uint32_t id)
{
	Hosted_rpc_cap *object = nullptr;
	{
		Mutex::Guard guard(_objects.mutex);
		object = dynamic_cast<Hosted_rpc_cap *>(_objects.find(id));
	}
	if (object && object->dangling) _child.pd().forget(*object);
}

Status Origin::describe(uint32_t n, Metadata::Object::Writer const &w, uint64_t first_block)
{
	Mutex::Guard guard(_objects.mutex);
	Hosted_object const &object = _by_number[n];
	Hosted_object::Label const label = object.label();
	w.bootstrapped(object.bootstrapped);
	if (label.valid()) w.label(text(label));
	object.describe(w, _objects, first_block);
	return ok;
}

void Origin::_add_raw(Raw_badge_spot const &spot)
{
	if (_raw_count < MAX_RAW) _raw[_raw_count++] = spot;
}

uint32_t Origin::raw_badges()
{
	_list_raw();
	return _raw_count;
}

Cap_hints Origin::hints()
{
	Cap_hints hints {};
	hints.kernel = cap_kernel(_child.info.kernel);
	hints.word_bytes = sizeof(long);
	hints.release = cap_release(_child.release.string(), _child.release.length() - 1);
	return hints;
}

/*
 * Capture
 */

Status Origin::capture(bool)
{
	if (Status const status = _threads.read_states()) return status;
	_drain();
	return _snapshot.capture(_objects, _child.pd().address_space_map());
}

void Origin::done(bool keep)
{
	_snapshot.done(keep);
	if (keep) sequence++;
}

}
