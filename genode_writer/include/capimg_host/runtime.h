/*
 * A runtime that hosts components so that checkpoints of them can be taken
 *
 * Configured like init. Of components whose PD and CPU sessions are routed to <local/>, all is
 * seen; others are hosted as init hosts them.
 */

#ifndef CAPIMG__HOST__RUNTIME_H
#define CAPIMG__HOST__RUNTIME_H

#include <base/attached_rom_dataspace.h>
#include <os/reporter.h>

#include <capimg_host/child.h>
#include <capimg_host/intrinsics.h>

namespace Capimg::Host
{

class Runtime : Sandbox::State_handler, Intrinsics::Start_policy
{
  public:
	/* who decides what becomes of a hosted component; called by the first entrypoint */
	struct Policy : Interface
	{
		/* before the sandbox sees it */
		virtual void config(Node const &) {}

		/* its PD session is opened */
		virtual void appeared(Hosted_child &) {}

		/* it is to start; false: the policy sees to that */
		virtual bool start(Hosted_child &, Hosted_thread &, addr_t) { return true; }

		/* its CPU or PD session is about to be closed; may be told more than once */
		virtual void vanishing(Hosted_child &) {}
	};

  private:
	using Pd_service = Sandbox::Local_service<Hosted_pd>;
	using Cpu_service = Sandbox::Local_service<Hosted_cpu>;
	using Request = Sandbox::Local_service_base::Request;

	Env &_env;
	Allocator &_alloc;
	Policy &_policy;

	/* serves the components' parents */
	Entrypoint _tracker { _env, 16 * 1024 * sizeof(long), "tracker", Affinity::Location() };

	Intrinsics _intrinsics { _env, *this };
	Sandbox _sandbox { _env, *this, _intrinsics };
	Attached_rom_dataspace _config { _env, "config" };
	System_info const _info { System_info::from_platform(_env, _config.node()) };
	Constructible<Expanding_reporter> _reporter {};

	struct Child_element : List<Child_element>::Element
	{
		Hosted_child child;
		template <typename... ARGS>
		explicit Child_element(ARGS &&...args) : child(args...)
		{}
	};
	List<Child_element> _children {};

	struct Wakeup : Sandbox::Local_service_base::Wakeup
	{
		Runtime &runtime;
		void (Runtime::*const member)();

		Wakeup(Runtime &runtime, void (Runtime::*member)()) : runtime(runtime), member(member) {}
		void wakeup_local_service() override { (runtime.*member)(); }
	};
	Wakeup _pd_wakeup { *this, &Runtime::_handle_pd_service };
	Wakeup _cpu_wakeup { *this, &Runtime::_handle_cpu_service };
	Pd_service _pd_service { _sandbox, _pd_wakeup };
	Cpu_service _cpu_service { _sandbox, _cpu_wakeup };

	Signal_handler<Runtime> _config_handler { _env.ep(), *this, &Runtime::_handle_config };
	Signal_handler<Runtime> _resource_handler { _env.ep(), *this, &Runtime::_ignore };

	Child_element *_find(Hosted_child::Name const &);
	Hosted_dataspace::Module _binary_of(Hosted_child::Name const &);
	void _open_pd(Request &);
	void _open_cpu(Request &);
	void _handle_pd_service();
	void _handle_cpu_service();
	void _handle_config();
	void _ignore() {}

	/* Sandbox::State_handler */
	void handle_sandbox_state() override;

	/* Intrinsics::Start_policy */
	void start_component(Hosted_thread &, addr_t ip) override;

  public:
	Runtime(Env &, Allocator &, Policy &);

	/* apply the configuration; from then on 'Policy' is called */
	void start();

	System_info const &info() const { return _info; }
	Node const config() { return _config.node(); }

	/* null if there is none of this name, or it is not complete */
	Hosted_child *child(Hosted_child::Name const &);
};

}

#endif /* CAPIMG__HOST__RUNTIME_H */
