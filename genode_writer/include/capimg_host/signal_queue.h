/*
 * Core's queue of signals, as a signal handler asks it
 *
 * The interface of base's and base-foc's signal source, 26.02, as it goes over the wire: its
 * headers are internal to base. On Fiasco.OC the call never blocks; a handler waits at the
 * semaphore.
 */

#ifndef CAPIMG__HOST__SIGNAL_QUEUE_H
#define CAPIMG__HOST__SIGNAL_QUEUE_H

#include <base/rpc.h>

#include <capimg_host/types.h>

namespace Capimg::Host
{

struct Signal_queue : Interface
{
	struct Signal
	{
		long imprint = 0; /* 0: nothing was pending */
		int count = 0;
	};

	virtual Signal wait_for_signal() = 0;
	virtual Native_capability request_semaphore() = 0; /* foc only */

	GENODE_RPC(Rpc_wait_for_signal, Signal, wait_for_signal);
	GENODE_RPC(Rpc_request_semaphore, Native_capability, request_semaphore);
	GENODE_RPC_INTERFACE(Rpc_wait_for_signal, Rpc_request_semaphore);
};

}

#endif /* CAPIMG__HOST__SIGNAL_QUEUE_H */
