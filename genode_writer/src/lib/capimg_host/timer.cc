#include <capimg_host/signals.h>
#include <capimg_host/timer.h>

namespace Capimg::Host
{

Hosted_timer::Hosted_timer(Entrypoint &ep, Hosted_objects &objects, Session_capability real,
						   Session_info const &info)
	: Hosted_session(Which::TIMER_SESSION, ep.manage(*this), real, info), _ep(ep), _objects(objects)
{
	Hosted_session::info.interposed = true;
}

Hosted_timer::~Hosted_timer() { _ep.dissolve(*this); }

void Hosted_timer::trigger_once(Genode::uint64_t us)
{
	_real().call<Rpc_trigger_once>(us);
	uint64_t const now = _now();
	Mutex::Guard guard(_objects.mutex);
	_timeout = us;
	_begin = now;
	_periodic = false;
}

void Hosted_timer::trigger_periodic(Genode::uint64_t us)
{
	_real().call<Rpc_trigger_periodic>(us);
	uint64_t const now = _now();
	Mutex::Guard guard(_objects.mutex);
	_timeout = us;
	_begin = now;
	_periodic = us != 0;
}

void Hosted_timer::sigh(Signal_context_capability cap)
{
	_real().call<Rpc_sigh>(cap);
	Mutex::Guard guard(_objects.mutex);
	handler = cap;
}

void Hosted_timer::arm(uint64_t timeout, bool periodic, uint64_t elapsed)
{
	if (_timeout || !timeout) return;
	uint64_t const gone = periodic ? elapsed % timeout : min(elapsed, timeout);
	if (!periodic) return trigger_once(max<uint64_t>(timeout - gone, 1));

	/* the session offers no period that begins elsewhere: the first one is whole */
	trigger_periodic(timeout);
}

/*
 * A timeout that has ended is over once its signal was pending or handled. Shortly after its end
 * the timer may not have come to it yet: then it is programmed again at a restore, as a signal too
 * many does no harm.
 */
void Hosted_timer::describe(Writer const &w, Hosted_objects const &objects, uint64_t) const
{
	uint64_t const now = _now(), elapsed = now - _begin;
	Hosted_context const *const context = objects.find_as<Hosted_context>(handler);
	bool const signalled = context && context->pending;
	bool const over =
		!_periodic && (elapsed >= _timeout + LATE || (elapsed >= _timeout && signalled));

	auto const t = w.init_timer_session();
	t.handler(objects.id(handler));
	t.timeout(over ? 0 : _timeout);
	t.periodic(_periodic);
	t.elapsed(!_timeout || over ? 0 : _periodic ? elapsed % _timeout : min(elapsed, _timeout));
	t.time_base(now + _offset);
	info.describe(t.init_session());
}

}
