/*
 * Core's side of Fiasco.OC's part of the PD-session interface
 *
 * Takes the place of the empty one of Genode's generic core.
 */

#ifndef _CORE__INCLUDE__NATIVE_PD_COMPONENT_H_
#define _CORE__INCLUDE__NATIVE_PD_COMPONENT_H_

#include <foc_native_pd/foc_native_pd.h>

/* core includes */
#include <rpc_cap_factory.h>

namespace Core
{
class Pd_session_component;
class Native_pd_component;
class Platform_thread;
}

class Core::Native_pd_component : public Rpc_object<Pd_session::Native_pd>
{
  private:
	Pd_session_component &_pd;

	Native_capability _task();
	auto _with_thread(Thread_capability, auto const &fn, auto const &missing_fn);
	auto _with_kcap(addr_t kcap, auto const &fn, auto const &missing_fn);

  public:
	Native_pd_component(Pd_session_component &, char const *);
	~Native_pd_component();

	Result install(Native_capability, addr_t kcap) override;
	Native_capability request(addr_t kcap, uint32_t id) override;
	bool present(addr_t kcap) override;
	Thread_status thread_status(Thread_capability) override;
	Words thread_read(Thread_capability, Part, unsigned first, unsigned count) override;
	Result thread_write(Thread_capability, Part, unsigned first, Words) override;
	Result wake_up(Thread_capability) override;
	Result bind(Native_capability, Thread_capability) override;
};

#endif /* _CORE__INCLUDE__NATIVE_PD_COMPONENT_H_ */
