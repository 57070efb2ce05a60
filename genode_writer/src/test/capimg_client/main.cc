/*
 * Client of the test server, in a component of its own
 *
 * Asks all objects of a session, round after round, and says so if one does not answer as itself.
 */

#include <base/component.h>
#include <base/connection.h>
#include <base/log.h>
#include <capimg_test_session/client.h>
#include <timer_session/connection.h>

namespace Test
{
using namespace Genode;
using namespace Capimg_test;
struct Connection;
struct Main;
}

struct Test::Connection : Genode::Connection<Capimg_test::Session>, Session_client
{
	explicit Connection(Env &env)
		: Genode::Connection<Capimg_test::Session>(env, Label(), Ram_quota { 64 * 1024 }, Args()),
		  Session_client(cap())
	{}
};

struct Test::Main
{
	Env &_env;
	Connection _server { _env };
	Timer::Connection _timer { _env };
	unsigned const _count = _server.objects();
	Signal_handler<Main> _handler { _env.ep(), *this, &Main::_round };
	unsigned _rounds = 0;
	bool _wrong = false;

	/* objects that the session names have the numbers behind those of the server's own client */
	unsigned _first = 0;

	void _ask(unsigned n)
	{
		unsigned const question = _rounds * 1000 + n;
		Answer const answer = Object_client(_server.object(n)).ask(question);

		if (!n) _first = answer.object;

		if (answer.object != _first + n || answer.answer != right_answer(answer.object, question)) {
			error("WRONG: object ", _first + n, " answered as ", answer.object);
			_wrong = true;
		}
	}

	void _round()
	{
		if (_wrong) return;

		_rounds++;
		for (unsigned n = 0; n < _count; n++) _ask(n);
		if (!_wrong) log("round ", _rounds, ": ", _count, " objects answered");
	}

	explicit Main(Env &env) : _env(env)
	{
		_timer.sigh(_handler);
		_timer.trigger_periodic(1000 * 1000);
	}
};

void Component::construct(Genode::Env &env) { static Test::Main main(env); }
