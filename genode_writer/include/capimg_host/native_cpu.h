/*
 * Kernel-specific operations of a CPU session that name threads
 *
 * The component passes capabilities of interposed threads, which core does not know. Interfaces are
 * those of base-foc and base-linux 26.02, as they go over the wire: components are built for all
 * kernels alike, so their headers are not at hand.
 */

#ifndef CAPIMG__HOST__NATIVE_CPU_H
#define CAPIMG__HOST__NATIVE_CPU_H

#include <capimg_host/thread.h>

namespace Capimg::Host
{

/* Fiasco.OC's thread state: that of all kernels, and how the component sees its own thread */
struct Foc_thread_state : Thread_state
{
	unsigned long kcap = 0;  /* selector of its gate */
	Genode::uint32_t id = 0; /* badge of its gate */
	addr_t utcb = 0;
};

struct Native_cpu_foc : Interface
{
	virtual Native_capability native_cap(Thread_capability) = 0;
	virtual Foc_thread_state thread_state(Thread_capability) = 0;

	GENODE_RPC(Rpc_native_cap, Native_capability, native_cap, Thread_capability);
	GENODE_RPC(Rpc_thread_state, Foc_thread_state, thread_state, Thread_capability);
	GENODE_RPC_INTERFACE(Rpc_native_cap, Rpc_thread_state);
};

struct Native_cpu_linux : Interface
{
	virtual void thread_id(Thread_capability, int pid, int tid) = 0;

	GENODE_RPC(Rpc_thread_id, void, thread_id, Thread_capability, int, int);
	GENODE_RPC_INTERFACE(Rpc_thread_id);
};

/* finds the interposed thread, and calls core with the real one */
template <typename INTERFACE>
class Hosted_native_cpu : public Rpc_object<INTERFACE>
{
  protected:
	Entrypoint &_ep;
	Hosted_objects &_objects;
	Capability<INTERFACE> const _real;

	template <typename FN>
	void _with_thread(Thread_capability cap, FN const &fn)
	{
		Hosted_thread *thread = nullptr;
		{
			Mutex::Guard guard(_objects.mutex);
			thread = _objects.find_as<Hosted_thread>(cap);
		}
		if (thread) fn(*thread);
	}

  public:
	Hosted_native_cpu(Entrypoint &ep, Hosted_objects &objects, Capability<INTERFACE> real)
		: _ep(ep), _objects(objects), _real(real)
	{}
};

class Hosted_native_cpu_foc : public Hosted_native_cpu<Native_cpu_foc>
{
  public:
	Hosted_native_cpu_foc(Entrypoint &, Hosted_objects &, Capability<Native_cpu_foc>);
	~Hosted_native_cpu_foc();

	/* real capability, for the runtime itself */
	Foc_thread_state real_state(Hosted_thread const &thread)
	{
		return _real.call<Rpc_thread_state>(thread.real);
	}

	Native_capability native_cap(Thread_capability) override;
	Foc_thread_state thread_state(Thread_capability) override;
};

class Hosted_native_cpu_linux : public Hosted_native_cpu<Native_cpu_linux>
{
  public:
	Hosted_native_cpu_linux(Entrypoint &, Hosted_objects &, Capability<Native_cpu_linux>);
	~Hosted_native_cpu_linux();

	void thread_id(Thread_capability, int pid, int tid) override;
};

}

#endif /* CAPIMG__HOST__NATIVE_CPU_H */
