/*
 * Component to be checkpointed: waits for signals, of its own and of a timer
 *
 * A thread submits signals to two handlers and counts them, the handlers count what arrives.
 * Signals may be merged, so 'num' is summed up by a receiver of its own: none may be lost, none may
 * come twice.
 */

#include <base/component.h>
#include <base/log.h>
#include <base/signal.h>
#include <base/thread.h>
#include <timer_session/connection.h>

namespace Test
{
using namespace Genode;
struct Submitter;
struct Receiving;
struct Main;
}

/* waits for signals by itself, without an entrypoint */
struct Test::Receiving : Thread
{
	Signal_receiver _receiver {};
	Signal_context _context {};
	Signal_context_capability const cap = _receiver.manage(_context);
	unsigned long volatile received = 0;

	explicit Receiving(Env &env) : Thread(env, { "receiving" }, Stack_size { 16 * 1024 }) {}

	void entry() override
	{
		for (;;) {
			Signal const signal = _receiver.wait_for_signal();
			received = received + signal.num();
		}
	}
};

struct Test::Submitter : Thread
{
	Blockade blockade {};
	Receiving &_to;
	unsigned long volatile submitted = 0;

	Submitter(Env &env, Receiving &to)
		: Thread(env, { "submitter" }, Stack_size { 16 * 1024 }), _to(to)
	{}

	void entry() override
	{
		for (;;) {
			blockade.block();
			for (unsigned i = 0; i < 25; i++) {
				Signal_transmitter(_to.cap).submit();
				submitted = submitted + 1;
			}
		}
	}
};

struct Test::Main
{
	Env &_env;
	Timer::Connection _timer { _env };
	Receiving _receiving { _env };
	Submitter _submitter { _env, _receiving };
	Signal_handler<Main> _tick_handler { _env.ep(), *this, &Main::_tick };
	Signal_handler<Main> _own_handler { _env.ep(), *this, &Main::_own };
	unsigned _ticks = 0, _own_count = 0;
	unsigned long _settled = 0; /* submitted by the last tick */

	void _own() { _own_count++; }

	void _tick()
	{
		_ticks++;

		/* what was submitted a tick ago has arrived, and no more than was submitted */
		unsigned long const received = _receiving.received, submitted = _submitter.submitted;
		if (received < _settled || received > submitted)
			error("WRONG: ", received, " signals received of ", submitted, ", ", _settled,
				  " before");
		if (_own_count + 1 < _ticks) error("WRONG: ", _own_count, " own signals in ", _ticks);
		_settled = submitted;

		Signal_transmitter(_own_handler).submit();
		_submitter.blockade.wakeup();
		log("tick ", _ticks, " received ", received);
	}

	explicit Main(Env &env) : _env(env)
	{
		_receiving.start();
		_submitter.start();
		_timer.sigh(_tick_handler);
		_timer.trigger_periodic(250 * 1000);
		log("signals started");
	}
};

void Component::construct(Genode::Env &env) { static Test::Main main(env); }
