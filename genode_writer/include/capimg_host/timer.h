/*
 * A timer session of the component, interposed
 *
 * Its timeout is state, and so is the time that it has told the component: after a restore it goes
 * on from there.
 */

#ifndef CAPIMG__HOST__TIMER_H
#define CAPIMG__HOST__TIMER_H

#include <timer_session/timer_session.h>

#include <capimg_host/session.h>

namespace Capimg::Host
{

class Hosted_timer : public Rpc_object<Timer::Session>, public Hosted_session
{
	Entrypoint &_ep;
	Hosted_objects &_objects;

	uint64_t _timeout = 0, _begin = 0;
	bool _periodic = false;
	uint64_t _offset = 0; /* what the component's clock is ahead of the session's */

	Capability<Timer::Session> _real() const { return reinterpret_cap_cast<Timer::Session>(real); }

	uint64_t _now() const { return _real().call<Rpc_elapsed_us>(); }

  public:
	Signal_context_capability handler {};

	/* one that ended as short a time ago may not have been signalled yet */
	static constexpr uint64_t LATE = 20 * 1000;

	Hosted_timer(Entrypoint &, Hosted_objects &, Session_capability real, Session_info const &);
	~Hosted_timer();

	void describe(Writer const &, Hosted_objects const &, uint64_t) const override;

	/* restore: the clock goes on from 'time_base' */
	void set_clock(uint64_t time_base)
	{
		uint64_t const now = _now();
		_offset = time_base > now ? time_base - now : 0;
	}

	/* restore: program what had been programmed, unless the component has done so since */
	void arm(uint64_t timeout, bool periodic, uint64_t elapsed);

	/*
	 * Timer::Session interface
	 */
	void trigger_once(Genode::uint64_t us) override;
	void trigger_periodic(Genode::uint64_t us) override;
	void sigh(Signal_context_capability) override;
	Genode::uint64_t elapsed_ms() const override { return elapsed_us() / 1000; }
	Genode::uint64_t elapsed_us() const override { return _now() + _offset; }
	void msleep(Genode::uint64_t) override {}
	void usleep(Genode::uint64_t) override {}
};

}

#endif /* CAPIMG__HOST__TIMER_H */
