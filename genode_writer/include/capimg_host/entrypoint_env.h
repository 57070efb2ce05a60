/*
 * The component's environment with another entrypoint
 *
 * Files are written, and images restored, while the first entrypoint serves the component: I/O
 * signals are to arrive at the thread that waits for them.
 */

#ifndef CAPIMG__HOST__ENTRYPOINT_ENV_H
#define CAPIMG__HOST__ENTRYPOINT_ENV_H

#include <base/entrypoint.h>

#include <capimg_host/types.h>

namespace Capimg::Host
{

class Entrypoint_env : public Env
{
	Env &_env;
	Entrypoint &_ep;

  public:
	Entrypoint_env(Env &env, Entrypoint &ep) : _env(env), _ep(ep) {}

	Parent &parent() override { return _env.parent(); }
	Cpu_session &cpu() override { return _env.cpu(); }
	Local_rm &rm() override { return _env.rm(); }
	Pd_session &pd() override { return _env.pd(); }
	Ram_allocator &ram() override { return _env.ram(); }
	Entrypoint &ep() override { return _ep; }
	Cpu_session_capability cpu_session_cap() override { return _env.cpu_session_cap(); }
	Pd_session_capability pd_session_cap() override { return _env.pd_session_cap(); }
	Id_space<Parent::Client> &id_space() override { return _env.id_space(); }

	/* throws 'Denied': Genode's own stops the thread then, which has other components to see to */
	Session_capability session(Parent::Service_name const &name, Parent::Client::Id id,
							   Parent::Session_args const &args, Affinity const &affinity) override
	{
		return _env.try_session(name, id, args, affinity)
			.convert<Session_capability>([](Session_capability cap) { return cap; },
										 [&](Session_error e) {
											 if (e == Session_error::DENIED) throw Denied();
											 return _env.session(name, id, args, affinity);
										 });
	}
	void upgrade(Parent::Client::Id id, Parent::Upgrade_args const &args) override
	{
		_env.upgrade(id, args);
	}
	void close(Parent::Client::Id id) override { _env.close(id); }
	void exec_static_constructors() override {}
	Session_result try_session(Parent::Service_name const &name, Parent::Client::Id id,
							   Parent::Session_args const &args, Affinity const &affinity) override
	{
		return _env.try_session(name, id, args, affinity);
	}
	Runtime &runtime() override { return _env.runtime(); }
};

}

#endif /* CAPIMG__HOST__ENTRYPOINT_ENV_H */
