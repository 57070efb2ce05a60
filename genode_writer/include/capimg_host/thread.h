/*
 * A thread of the component, interposed
 */

#ifndef CAPIMG__HOST__THREAD_H
#define CAPIMG__HOST__THREAD_H

#include <base/rpc_client.h>
#include <base/rpc_server.h>
#include <cpu_thread/client.h>

#include <capimg_host/objects.h>
#include <capimg_host/thread_image.h>

namespace Capimg::Host
{

class Hosted_thread : public Rpc_object<Cpu_thread>, public Hosted_object
{
	Entrypoint &_ep;

	/* Noncopyable */
	Hosted_thread(Hosted_thread const &);
	Hosted_thread &operator=(Hosted_thread const &);

  public:
	using Name = Cpu_session::Name;

	Name const name;
	Thread_capability const real;
	Hosted_object const &pd, &cpu;
	unsigned const slot; /* which of the PD's threads it is, in the order of creation */

	/* of those that the kernel tells the component */
	addr_t utcb_address = 0;
	Hosted_capability *gate = nullptr;

	bool started = false;
	bool single_stepping = false;
	bool asked_native = false; /* it looked up its own kernel capability: it handles signals */

	Signal_context_capability handler {};

	/*
	 * While the component is paused
	 */
	bool settled = false;
	Thread_image image {};

	Hosted_thread(Entrypoint &, Thread_capability real, Name const &, Hosted_object const &pd,
				  Hosted_object const &cpu, unsigned slot);
	~Hosted_thread();

	Label label() const override { return Label(name); }
	void describe(Writer const &, Hosted_objects const &, uint64_t) const override;

	/*
	 * Cpu_thread interface
	 */
	Dataspace_capability utcb() override { return real.call<Rpc_utcb>(); }
	void start(addr_t ip, addr_t sp) override
	{
		started = true;
		real.call<Rpc_start>(ip, sp);
	}
	void pause() override { real.call<Rpc_pause>(); }
	void resume() override { real.call<Rpc_resume>(); }
	Thread_state state() override { return real.call<Rpc_get_state>(); }
	void state(Thread_state const &s) override { real.call<Rpc_set_state>(s); }
	void exception_sigh(Signal_context_capability cap) override
	{
		handler = cap;
		real.call<Rpc_exception_sigh>(cap);
	}
	void single_step(bool enabled) override
	{
		single_stepping = enabled;
		real.call<Rpc_single_step>(enabled);
	}
	void affinity(Affinity::Location location) override { real.call<Rpc_affinity>(location); }
	unsigned trace_control_index() override { return real.call<Rpc_trace_control_index>(); }
	Dataspace_capability trace_buffer() override { return real.call<Rpc_trace_buffer>(); }
	Dataspace_capability trace_policy() override { return real.call<Rpc_trace_policy>(); }
};

}

#endif /* CAPIMG__HOST__THREAD_H */
