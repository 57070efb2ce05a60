/*
 * The component's CPU session, interposed
 */

#ifndef CAPIMG__HOST__CPU_H
#define CAPIMG__HOST__CPU_H

#include <cpu_session/connection.h>

#include <capimg_host/dataspace.h>
#include <capimg_host/kernel.h>
#include <capimg_host/native_cpu.h>
#include <capimg_host/session.h>

namespace Capimg::Host
{

class Hosted_cpu : public Rpc_object<Cpu_session>, public Hosted_session
{
	Entrypoint &_ep;
	Allocator &_alloc;
	Env::Local_rm &_rm;
	Hosted_objects &_objects;
	Hosted_pd &_pd; /* all threads are this one's */

	Constructible<Hosted_native_cpu_foc> _native_foc {};
	Constructible<Hosted_native_cpu_linux> _native_linux {};
	Hosted_capability *_native = nullptr;
	Hosted_dataspace *_trace_control = nullptr;

	/* Noncopyable */
	Hosted_cpu(Hosted_cpu const &);
	Hosted_cpu &operator=(Hosted_cpu const &);

	Capability<Cpu_session> _real() const { return reinterpret_cap_cast<Cpu_session>(real); }

	void _look_up_gate(Hosted_thread &);

  public:
	Signal_context_capability handler {};

	Hosted_cpu(Entrypoint &, Allocator &, Env::Local_rm &, Hosted_objects &, Hosted_pd &,
			   Capability<Cpu_session> real, Session_info const &, Kernel);
	~Hosted_cpu();

	/* thread that 'create_thread' returned */
	Hosted_thread *thread(Thread_capability);

	/* foc: state as core knows it, none elsewhere */
	Foc_thread_state foc_state(Hosted_thread const &);
	bool foc() const { return _native_foc.constructed(); }

	Hosted_object *native() const { return _native; }
	Hosted_object *buffer() const { return _trace_control; }

	void describe(Writer const &, Hosted_objects const &, uint64_t) const override;

	/*
	 * Cpu_session interface
	 */
	Create_thread_result create_thread(Capability<Pd_session>, Name const &, Affinity::Location,
									   addr_t utcb) override;
	void kill_thread(Thread_capability) override;
	void exception_sigh(Signal_context_capability) override;
	Affinity::Space affinity_space() const override { return _real().call<Rpc_affinity_space>(); }
	Dataspace_capability trace_control() override;
	Capability<Native_cpu> native_cpu() override;
};

}

#endif /* CAPIMG__HOST__CPU_H */
