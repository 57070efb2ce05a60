/*
 * Client of Fiasco.OC's part of the PD-session interface
 */

#ifndef _INCLUDE__FOC_NATIVE_PD__CLIENT_H_
#define _INCLUDE__FOC_NATIVE_PD__CLIENT_H_

#include <base/rpc_client.h>
#include <foc_native_pd/foc_native_pd.h>

namespace Genode
{
struct Foc_native_pd_client;
}

struct Genode::Foc_native_pd_client : Rpc_client<Pd_session::Native_pd>
{
	explicit Foc_native_pd_client(Capability<Native_pd> cap)
		: Rpc_client<Pd_session::Native_pd>(cap)
	{}

	Result install(Native_capability cap, addr_t kcap) override
	{
		return call<Rpc_install>(cap, kcap);
	}

	Native_capability request(addr_t kcap, uint32_t id) override
	{
		return call<Rpc_request>(kcap, id);
	}

	bool present(addr_t kcap) override { return call<Rpc_present>(kcap); }

	Thread_status thread_status(Thread_capability thread) override
	{
		return call<Rpc_thread_status>(thread);
	}

	Words thread_read(Thread_capability thread, Part part, unsigned first, unsigned count) override
	{
		return call<Rpc_thread_read>(thread, part, first, count);
	}

	Result thread_write(Thread_capability thread, Part part, unsigned first, Words words) override
	{
		return call<Rpc_thread_write>(thread, part, first, words);
	}

	Result wake_up(Thread_capability thread) override { return call<Rpc_wake_up>(thread); }

	Result bind(Native_capability semaphore, Thread_capability thread) override
	{
		return call<Rpc_bind>(semaphore, thread);
	}
};

#endif /* _INCLUDE__FOC_NATIVE_PD__CLIENT_H_ */
