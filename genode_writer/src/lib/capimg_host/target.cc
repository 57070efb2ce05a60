/*
 * State of a restored component
 */

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
		if (!_child.parent()->restore_handler(reader.signal_context().role(), context(reader.id())))
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
		bool const quota =
			e == Region_map::Attach_error::OUT_OF_RAM || e == Region_map::Attach_error::OUT_OF_CAPS;
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

/*
 * State is kept until 'start', which knows whether the thread has to receive a call first. Starting
 * it there executes nothing of it, and gives it its UTCB before any thread runs.
 */
Status Target::thread_state(Object_reader const &reader)
{
	_kill_dummies();
	Hosted_thread *const thread = _get<Hosted_thread>(reader.id());
	if (!thread) return { Code::NOT_FOUND, 0, "thread", reader.id() };

	Prepared &prepared = *new (_alloc) Prepared(reader.id());
	_prepared.insert(&prepared);
	if (!to_foc(reader.thread(), prepared.image))
		return { Code::BAD_ARGUMENT, 0, "registers", reader.id() };
	prepared.image.wakeups = 0;
	return ok;
}

Target::Prepared *Target::_prepared_for(uint32_t id)
{
	for (Prepared *p = _prepared.first(); p; p = p->next())
		if (p->id == id) return p;
	return nullptr;
}

Status Target::wakeups(uint32_t id, uint32_t count)
{
	Prepared *const prepared = _prepared_for(id);
	if (!prepared) return { Code::NOT_FOUND, 0, "thread", id };
	prepared->image.wakeups = count;
	return ok;
}

static Status of(Foc::Threads::Result result, char const *what, uint32_t id)
{
	switch (result) {
	case Foc::Threads::Result::OK: return ok;
	case Foc::Threads::Result::UNSETTLED: return { Code::BUSY, 0, what, id };
	case Foc::Threads::Result::GONE: return { Code::VANISHED, 0, what, id };
	case Foc::Threads::Result::FAILED: break;
	}
	return { Code::DENIED, 0, what, id };
}

/* code that receives a call: attached on first use, and gone with this */
addr_t Target::_receive_code()
{
	if (_code_addr) return _code_addr;
	_code.construct(_env.ram(), _env.rm(), 4096);
	copy_memory(_code->local_addr<void>(), Foc::Threads::receive_code(),
				Foc::Threads::receive_code_size());
	Region_map::Attr attr {};
	attr.executable = true;
	_child.pd()
		.address_space_map()
		.real.call<Region_map::Rpc_attach>(_code->cap(), attr)
		.with_result([&](Region_map::Range const &range) { _code_addr = range.start; },
					 [&](Region_map::Attach_error) {});
	return _code_addr;
}

Status Target::start(uint32_t id, bool receive_first)
{
	Hosted_thread *const thread = _get<Hosted_thread>(id);
	Prepared *const prepared = _prepared_for(id);
	if (!thread || !prepared) return { Code::NOT_FOUND, 0, "thread", id };

	prepared->receive_first = receive_first;
	if (!receive_first)
		return of(_threads.prepare(thread->real, prepared->image), "thread start", id);

	addr_t const code = _receive_code();
	if (!code) return { Code::DENIED, 0, "code of a call in service", id };
	return of(_threads.prepare_receive(thread->real, prepared->image, code, SCRATCH_CAP),
			  "thread start", id);
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
	_threads.release(thread->real);
	return ok;
}

Status Target::await_call(uint32_t id)
{
	Hosted_thread *const thread = _get<Hosted_thread>(id);
	Prepared *const prepared = _prepared_for(id);
	if (!thread || !prepared) return { Code::NOT_FOUND, 0, "thread", id };

	static constexpr unsigned TRIES = 1000;
	for (unsigned i = 0; i < TRIES; i++) {
		auto const result = _threads.await_call(thread->real, prepared->image, _code_addr);
		if (result != Foc::Threads::Result::UNSETTLED) return of(result, "call", id);
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
