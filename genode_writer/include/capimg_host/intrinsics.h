/*
 * How the sandbox reaches PDs that this runtime interposes
 *
 * Quota goes through a PD session of the runtime that knows the real ones behind, and what the
 * sandbox attaches while it loads a component is seen by the interposed region map.
 */

#ifndef CAPIMG__HOST__INTRINSICS_H
#define CAPIMG__HOST__INTRINSICS_H

#include <base/rpc_server.h>
#include <region_map/client.h>
#include <sandbox/sandbox.h>

#include <capimg_host/reference_pd.h>

namespace Capimg::Host
{

class Intrinsics : public Sandbox::Pd_intrinsics
{
  public:
	/* told when a component's threads are to run for the first time */
	struct Start_policy : Interface
	{
		virtual void start_component(Hosted_thread &, addr_t ip) = 0;
	};

  private:
	Env &_env;
	Start_policy &_start_policy;
	Reference_pd _reference_pd { _env };

	template <typename T, typename FN, typename NO_FN>
	void _with(Untyped_capability const &cap, FN const &fn, NO_FN const &no_fn)
	{
		T *local = nullptr;
		_env.ep().rpc_ep().apply(cap, [&](T *object) { local = object; });
		if (local)
			fn(*local);
		else
			no_fn();
	}

  public:
	Intrinsics(Env &env, Start_policy &policy) : _env(env), _start_policy(policy) {}

	void with_intrinsics(Capability<Pd_session> cap, Pd_session &pd,
						 With_intrinsics::Ft const &fn) override
	{
		_with<Hosted_pd>(
			cap,
			[&](Hosted_pd &hosted) {
				Sandbox::Pd_intrinsics::Intrinsics intrinsics {
					.ref_pd = _reference_pd,
					.ref_pd_cap = _reference_pd.cap(),
					.address_space = hosted.address_space_map(),
				};
				fn(intrinsics);
			},
			[&] {
				Region_map_client address_space(pd.address_space());
				Sandbox::Pd_intrinsics::Intrinsics intrinsics {
					.ref_pd = _env.pd(),
					.ref_pd_cap = _env.pd_session_cap(),
					.address_space = address_space,
				};
				fn(intrinsics);
			});
	}

	void start_initial_thread(Capability<Cpu_thread> cap, addr_t ip) override
	{
		_with<Hosted_thread>(
			cap, [&](Hosted_thread &thread) { _start_policy.start_component(thread, ip); },
			[&] { Cpu_thread_client(cap).start(ip, 0); });
	}
};

}

#endif /* CAPIMG__HOST__INTRINSICS_H */
