#include <capimg_host/cpu.h>
#include <capimg_host/pd.h>

namespace Capimg::Host
{

Hosted_cpu::Hosted_cpu(Entrypoint &ep, Allocator &alloc, Env::Local_rm &rm, Hosted_objects &objects,
					   Hosted_pd &pd, Capability<Cpu_session> real, Session_info const &info,
					   Kernel kernel)
	: Hosted_session(Which::CPU_SESSION, ep.manage(*this), real, info),
	  _ep(ep),
	  _alloc(alloc),
	  _rm(rm),
	  _objects(objects),
	  _pd(pd)
{
	Hosted_session::info.interposed = true;
	bootstrapped = true;

	Untyped_capability const native = _real().call<Rpc_native_cpu>();
	Untyped_capability shown = native;
	if (kernel == Kernel::FOC) {
		_native_foc.construct(ep, objects, reinterpret_cap_cast<Native_cpu_foc>(native));
		shown = _native_foc->cap();
	}
	if (kernel == Kernel::LINUX) {
		_native_linux.construct(ep, objects, reinterpret_cap_cast<Native_cpu_linux>(native));
		shown = _native_linux->cap();
	}
	_native = new (_alloc) Hosted_capability(shown);
	_objects.add(*_native);
}

Hosted_cpu::~Hosted_cpu() { _ep.dissolve(*this); }

Hosted_thread *Hosted_cpu::thread(Thread_capability cap)
{
	Mutex::Guard guard(_objects.mutex);
	return _objects.find_as<Hosted_thread>(cap);
}

Foc_thread_state Hosted_cpu::foc_state(Hosted_thread const &thread)
{
	return _native_foc.constructed() ? _native_foc->real_state(thread) : Foc_thread_state {};
}

/* foc: how calls reach the thread, and where its UTCB is */
void Hosted_cpu::_look_up_gate(Hosted_thread &thread)
{
	Foc_thread_state const state = foc_state(thread);
	if (!state.id) return;

	/* the main thread's is 1 in every component, whatever core calls it */
	uint64_t const badge = thread.slot ? state.id : 1;
	Hosted_capability &gate = *new (_alloc) Hosted_capability(badge);
	_objects.add(gate);
	Mutex::Guard guard(_objects.mutex);
	thread.utcb_address = state.utcb;
	thread.gate = &gate;
}

Cpu_session::Create_thread_result Hosted_cpu::create_thread(Capability<Pd_session> pd,
															Name const &name,
															Affinity::Location location,
															addr_t utcb)
{
	if (!(pd == _pd.cap())) {
		error("thread \"", name, "\" for another PD cannot be hosted");
		return Create_thread_error::DENIED;
	}
	return _real()
		.call<Rpc_create_thread>(_pd.real_pd(), name, location, utcb)
		.convert<Create_thread_result>(
			[&](Thread_capability cap) -> Create_thread_result {
				Hosted_thread &thread =
					*new (_alloc) Hosted_thread(_ep, cap, name, _pd, *this, _pd.take_slot());
				thread.utcb_address = utcb;
				_objects.add(thread);
				if (foc()) _look_up_gate(thread);
				return thread.cap();
			},
			[&](Create_thread_error e) -> Create_thread_result { return e; });
}

void Hosted_cpu::kill_thread(Thread_capability cap)
{
	Hosted_thread *const found = thread(cap);
	if (!found) return;
	_real().call<Rpc_kill_thread>(found->real);
	_pd.free_slot(found->slot);
	if (found->gate) _objects.retire(*found->gate);
	_objects.retire(*found);
}

void Hosted_cpu::exception_sigh(Signal_context_capability cap)
{
	_real().call<Rpc_exception_sigh>(cap);
	Mutex::Guard guard(_objects.mutex);
	handler = cap;
}

Dataspace_capability Hosted_cpu::trace_control()
{
	if (_trace_control) return _trace_control->ds;

	Dataspace_capability const cap = _real().call<Rpc_trace_control>();
	if (!cap.valid()) return cap;
	_trace_control = new (_alloc) Hosted_dataspace(_rm, cap, Hosted_dataspace::Kind::RAM);
	_trace_control->buffer = true;
	_trace_control->owner = this;
	_objects.add(*_trace_control);
	return cap;
}

Capability<Cpu_session::Native_cpu> Hosted_cpu::native_cpu()
{
	return reinterpret_cap_cast<Native_cpu>(_native->capability);
}

void Hosted_cpu::describe(Writer const &w, Hosted_objects const &objects, uint64_t) const
{
	auto const c = w.init_cpu_session();
	c.exception_handler(objects.id(handler));
	c.priority(uint32_t(
		Arg_string::find_arg(info.arguments.string(), "priority").ulong_value(DEFAULT_PRIORITY)));
	c.native_cpu(_native ? _native->id() : 0);
	info.describe(c.init_session());
}

}
