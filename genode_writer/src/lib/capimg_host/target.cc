/*
 * State of a restored component
 */

#include <capimg_host/foc_ipc.h>
#include <capimg_host/rom.h>
#include <capimg_host/target.h>
#include <capimg_host/timer.h>

namespace Capimg::Host
{

using namespace Engine;
using Native = Pd_session::Native_pd;

static Status of(Native::Result result, char const *what, uint64_t value = 0)
{
	switch (result) {
	case Native::Result::OK: return ok;
	case Native::Result::FAILED: return { Code::NO_QUOTA, 0, what, value };
	case Native::Result::REFUSED:
	case Native::Result::NO_CAP: break;
	}
	return { Code::DENIED, 0, what, value };
}

template <typename T>
T *Target::_get(uint32_t id) const
{
	Mutex::Guard guard(_objects.mutex);
	return dynamic_cast<T *>(_objects.find(id));
}

/*
 * Handlers
 */

Status Target::connect(Object_reader const &reader)
{
	auto const context = [&](uint32_t id) {
		Hosted_context *const c = _get<Hosted_context>(id);
		return c ? c->context : Signal_context_capability();
	};

	switch (reader.which()) {
	case Which::ROM_SESSION:
		if (Hosted_rom *const rom = _get<Hosted_rom>(reader.id()))
			rom->sigh(context(reader.rom_session().handler()));
		return ok;
	case Which::TIMER_SESSION:
		if (Hosted_timer *const timer = _get<Hosted_timer>(reader.id()))
			timer->sigh(context(reader.timer_session().handler()));
		return ok;
	case Which::CPU_SESSION:
		_child.cpu().exception_sigh(context(reader.cpu_session().exception_handler()));
		return ok;
	case Which::THREAD:
		if (Hosted_thread *const thread = _get<Hosted_thread>(reader.id()))
			thread->exception_sigh(context(reader.thread().exception_handler()));
		return ok;
	case Which::REGION_MAP:
		if (Hosted_region_map *const map = _get<Hosted_region_map>(reader.id()))
			map->fault_handler(context(reader.region_map().fault_handler()));
		return ok;
	case Which::SIGNAL_CONTEXT:
		if (!_child.parent()->restore_handler(reader.signal_context().role(),
											  context(reader.id())))
			return { Code::NOT_FOUND, 0, "role", reader.id() };
		return ok;
	default: return { Code::BAD_ARGUMENT, 0, "handler", reader.id() };
	}
}

/*
 * Memory
 */

Status Target::attach(uint32_t id, Metadata::Region::Reader const &region)
{
	Hosted_region_map *const map = _get<Hosted_region_map>(id);
	Hosted_dataspace *const ds = _get<Hosted_dataspace>(region.dataspace());
	if (!map || !ds) return { Code::NOT_FOUND, 0, "region", region.address() };

	Region_map::Attr const attr {
		.size = Genode::size_t(region.size()),
		.offset = addr_t(region.offset()),
		.use_at = true,
		.at = addr_t(region.address()),
		.executable = region.executable(),
		.writeable = region.writeable(),
	};
	Status status = ok;
	map->attach(ds->ds, attr).with_error([&](Region_map::Attach_error e) {
		bool const quota = e == Region_map::Attach_error::OUT_OF_RAM ||
						   e == Region_map::Attach_error::OUT_OF_CAPS;
		status = { quota ? Code::NO_QUOTA : Code::DENIED, 0, "attach", region.address() };
	});
	return status;
}

void Target::detach(uint32_t id, uint64_t address)
{
	if (Hosted_region_map *const map = _get<Hosted_region_map>(id)) map->detach(addr_t(address));
}

Result<Bytes> Target::window(uint32_t id, uint64_t offset, Capimg::size_t size)
{
	Hosted_dataspace *const ds = _get<Hosted_dataspace>(id);
	if (!ds || ds->kind != Hosted_dataspace::Kind::RAM)
		return Capimg::Error { Code::DENIED, offset, "window", id };
	uint8_t *const local = ds->local();
	if (!local) return Capimg::Error { Code::NO_QUOTA, offset, "window", id };
	if (!within(offset, size, ds->size))
		return Capimg::Error { Code::BAD_ARGUMENT, offset, "window", id };
	return Bytes(local + offset, size);
}

/* what core fills when it makes a thread, and the way to the parent, is there */
Status Target::install(uint32_t, uint64_t kcap, uint32_t id)
{
	Hosted_object *const object = _get<Hosted_object>(id);
	if (!object) return { Code::NOT_FOUND, 0, "install", id };

	bool const core = object->which == Which::PARENT_CAPABILITY || !object->capability.valid();
	if (core)
		return _native.present(addr_t(kcap)) ? Status(ok)
											 : Status { Code::DENIED, 0, "core's selector", kcap };
	return of(_native.install(object->capability, addr_t(kcap)), "install", kcap);
}

/*
 * Threads
 */

Status Target::_write(Hosted_thread const &thread, Native::Part part, unsigned first,
					  uint64_t const *src, unsigned count)
{
	for (unsigned done = 0; done < count;) {
		Native::Words words {};
		words.count = min(count - done, Native::MAX_WORDS);
		for (unsigned i = 0; i < words.count; i++) words.values[i] = src[done + i];
		if (Status const status =
				of(_native.thread_write(thread.real, part, first + done, words), "thread write",
				   first + done))
			return status;
		done += words.count;
	}
	return ok;
}

Status Target::_write_utcb(Hosted_thread const &thread, Metadata::Utcb::Reader const &utcb)
{
	uint64_t words[Foc_ipc::WORDS + Foc_ipc::BUFFERS + Foc_ipc::TCR] {};
	auto const copy = [&](auto const &list, unsigned first, unsigned most) {
		for (uint32_t i = 0; i < list.size() && i < most; i++) words[first + i] = list[i];
	};
	copy(utcb.words(), 0, Foc_ipc::WORDS);
	copy(utcb.buffer_registers(), Foc_ipc::FIRST_BUFFER, Foc_ipc::BUFFERS);
	copy(utcb.thread_registers(), Foc_ipc::FIRST_TCR, Foc_ipc::TCR);
	return _write(thread, Native::Part::UTCB, 0, words, sizeof(words) / sizeof(words[0]));
}

/* it has got its exception before its first instruction */
Status Target::_stopped(Hosted_thread const &thread)
{
	static constexpr unsigned TRIES = 1000;
	for (unsigned i = 0; i < TRIES; i++) {
		Native::Thread_status const status = _native.thread_status(thread.real);
		if (status.valid && status.in_exception) return ok;
		if (i) _timer.usleep(1000);
	}
	return { Code::BUSY, 0, "thread start", thread.id() };
}

Status Target::thread_state(Object_reader const &reader)
{
	_kill_dummies();
	Hosted_thread *const thread = _get<Hosted_thread>(reader.id());
	if (!thread) return { Code::NOT_FOUND, 0, "thread", reader.id() };

	auto const state = reader.thread();
	Cpu_state cpu {};
	if (!read_registers(state.registers(), cpu)) return { Code::BAD_ARGUMENT, 0, "registers" };

	/* who waited in the kernel enters it again */
	if (state.phase() != Metadata::Ipc_phase::USER_MODE) cpu.ip -= Foc_ipc::SYSCALL_SIZE;

	thread->real.call<Cpu_thread::Rpc_pause>();
	thread->real.call<Cpu_thread::Rpc_start>(cpu.ip, cpu.sp);
	if (Status const status = _stopped(*thread)) return status;

	Thread_state fresh = thread->real.call<Cpu_thread::Rpc_get_state>();
	Cpu_state const before = fresh.cpu;
	fresh.cpu = cpu;
	fresh.cpu.trapno = before.trapno;
	fresh.cpu.errcode = before.errcode;
	fresh.cpu.cs = before.cs;
	fresh.cpu.ss = before.ss;
	if (!fresh.cpu.eflags) fresh.cpu.eflags = before.eflags;
	thread->real.call<Cpu_thread::Rpc_set_state>(fresh);

	if (Status const status = _write_utcb(*thread, state.utcb())) return status;

	Const_bytes const fpu = state.fpu().state();
	uint64_t words[Thread_image::MAX_FPU / sizeof(uint64_t)] {};
	if (fpu.size() > sizeof(words)) return { Code::LIMIT, 0, "FPU", fpu.size(), sizeof(words) };
	copy_memory(words, fpu.base(), fpu.size());
	return _write(*thread, Native::Part::FPU, 0, words,
				  unsigned(fpu.size() / sizeof(uint64_t)));
}

Status Target::wakeups(uint32_t id, uint32_t count)
{
	Hosted_thread *const thread = _get<Hosted_thread>(id);
	if (!thread) return { Code::NOT_FOUND, 0, "thread", id };
	for (uint32_t i = 0; i < count; i++)
		if (Status const status = of(_native.wake_up(thread->real), "wakeup", id)) return status;
	return ok;
}

/* it stands where it was captured since its state was set */
Status Target::start(uint32_t id, bool receive_first)
{
	Hosted_thread *const thread = _get<Hosted_thread>(id);
	if (!thread) return { Code::NOT_FOUND, 0, "thread", id };
	if (receive_first) return { Code::DENIED, 0, "call in service", id };
	return ok;
}

void Target::stop(uint32_t id)
{
	Hosted_thread *const thread = _get<Hosted_thread>(id);
	if (!thread) return;
	thread->real.call<Cpu_thread::Rpc_pause>();
	thread->started = false;
}

Status Target::release(uint32_t id)
{
	Hosted_thread *const thread = _get<Hosted_thread>(id);
	if (!thread) return { Code::NOT_FOUND, 0, "thread", id };
	thread->started = true;
	thread->real.call<Cpu_thread::Rpc_resume>();
	return ok;
}

Status Target::await_call(uint32_t id)
{
	Hosted_thread *const thread = _get<Hosted_thread>(id);
	if (!thread) return { Code::NOT_FOUND, 0, "thread", id };
	static constexpr unsigned TRIES = 1000;
	for (unsigned i = 0; i < TRIES; i++) {
		if (_native.thread_status(thread->real).serves) return ok;
		_timer.usleep(1000);
	}
	return { Code::BUSY, 0, "call", id };
}

/*
 * Signals and time
 */

Status Target::submit(uint32_t id, uint32_t count)
{
	Hosted_context *const context = _get<Hosted_context>(id);
	if (!context) return { Code::NOT_FOUND, 0, "signal context", id };
	_child.pd().submit(context->context, count);
	return ok;
}

Status Target::arm(Object_reader const &reader)
{
	Hosted_timer *const timer = _get<Hosted_timer>(reader.id());
	if (!timer) return { Code::NOT_FOUND, 0, "timer", reader.id() };
	auto const t = reader.timer_session();
	timer->arm(t.timeout(), t.periodic(), t.elapsed());
	return ok;
}

}
