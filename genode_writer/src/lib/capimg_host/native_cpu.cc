#include <base/entrypoint.h>

#include <capimg_host/native_cpu.h>

namespace Capimg::Host
{

Hosted_native_cpu_foc::Hosted_native_cpu_foc(Entrypoint &ep, Hosted_objects &objects,
											 Capability<Native_cpu_foc> real)
	: Hosted_native_cpu(ep, objects, real)
{
	_ep.manage(*this);
}

Hosted_native_cpu_foc::~Hosted_native_cpu_foc() { _ep.dissolve(*this); }

Native_capability Hosted_native_cpu_foc::native_cap(Thread_capability cap)
{
	Native_capability result {};
	_with_thread(cap, [&](Hosted_thread &thread) {
		thread.asked_native = true;
		result = _real.call<Rpc_native_cap>(thread.real);
	});
	return result;
}

Foc_thread_state Hosted_native_cpu_foc::thread_state(Thread_capability cap)
{
	Foc_thread_state result {};
	_with_thread(cap, [&](Hosted_thread &thread) { result = real_state(thread); });
	return result;
}

Hosted_native_cpu_linux::Hosted_native_cpu_linux(Entrypoint &ep, Hosted_objects &objects,
												 Capability<Native_cpu_linux> real)
	: Hosted_native_cpu(ep, objects, real)
{
	_ep.manage(*this);
}

Hosted_native_cpu_linux::~Hosted_native_cpu_linux() { _ep.dissolve(*this); }

void Hosted_native_cpu_linux::thread_id(Thread_capability cap, int pid, int tid)
{
	_with_thread(cap,
				 [&](Hosted_thread &thread) { _real.call<Rpc_thread_id>(thread.real, pid, tid); });
}

}
