/*
 * Signal sources, signal contexts and RPC objects of the component
 *
 * They are core's own: the component holds the real capabilities, and what the runtime remembers is
 * what it cannot ask core for.
 */

#ifndef CAPIMG__HOST__SIGNALS_H
#define CAPIMG__HOST__SIGNALS_H

#include <base/signal.h>

#include <capimg_host/thread.h>

namespace Capimg::Host
{

struct Hosted_signal_source : Hosted_object
{
	Capability<Signal_source> const source;
	Hosted_object const &pd;
	Hosted_capability *semaphore = nullptr; /* foc: what its handler blocks at */

	Hosted_signal_source(Capability<Signal_source> source, Hosted_object const &pd)
		: Hosted_object(Which::SIGNAL_SOURCE, source), source(source), pd(pd)
	{}

	Hosted_thread const *handler(Hosted_objects const &) const;

	void describe(Writer const &, Hosted_objects const &, uint64_t) const override;

  private:
	/* Noncopyable */
	Hosted_signal_source(Hosted_signal_source const &);
	Hosted_signal_source &operator=(Hosted_signal_source const &);
};

struct Hosted_context : Hosted_object
{
	Signal_context_capability const context;
	Capability<Signal_source> const source;
	addr_t const imprint;

	uint32_t pending = 0;   /* taken out of core's queue while the component is paused */
	String<32> role {};     /* for what the parent holds it */
	bool elsewhere = false; /* given to a session that the runtime does not interpose */

	Hosted_context(Signal_context_capability context, Capability<Signal_source> source,
				   addr_t imprint)
		: Hosted_object(Which::SIGNAL_CONTEXT, context),
		  context(context),
		  source(source),
		  imprint(imprint)
	{}

	void describe(Writer const &, Hosted_objects const &, uint64_t) const override;

  private:
	uint32_t _source_id(Hosted_objects const &) const;
};

/* RPC object: a gate that is bound to an entrypoint's thread */
struct Hosted_rpc_cap : Hosted_object
{
	Native_capability const cap;
	uint64_t const entrypoint; /* badge of the thread's gate */
	uint64_t order;

	/*
	 * Core has freed it, but the component's map may still have it. It stays until core gives the
	 * badge to another object, or a checkpoint finds that the map has it no more.
	 */
	bool dangling = false;

	/* of a restored one: core has it still, for nobody else to get the badge */
	bool reserved = false;

	Hosted_rpc_cap(Native_capability cap, uint64_t entrypoint, uint64_t order)
		: Hosted_object(Which::NATIVE_CAPABILITY, cap),
		  cap(cap),
		  entrypoint(entrypoint),
		  order(order)
	{}

	/* thread with this gate, null if there is none */
	static Hosted_thread const *thread_of(Hosted_objects const &, uint64_t gate);

	bool badge_only() const override { return dangling; }
	void describe(Writer const &, Hosted_objects const &, uint64_t) const override;
};

}

#endif /* CAPIMG__HOST__SIGNALS_H */
