/*
 * Component to be checkpointed: hundreds of RPC objects at two entrypoints
 *
 * A client thread of its own asks them all, one after the other, and makes and dissolves objects
 * meanwhile; a client in another component does the same by a session. Each object counts how often
 * it was asked: a call that is lost or executed twice shows, as does an answer of another object.
 */

#include <base/component.h>
#include <base/heap.h>
#include <base/log.h>
#include <base/rpc_server.h>
#include <base/thread.h>
#include <capimg_test_session/client.h>
#include <root/component.h>
#include <timer_session/connection.h>

namespace Test
{
using namespace Genode;
using namespace Capimg_test;
struct Object_component;
struct Objects;
struct Internal_client;
struct Session_component;
struct Root;
struct Main;
}

struct Test::Object_component : Rpc_object<Capimg_test::Object>
{
	unsigned const number;
	unsigned long asked = 0;

	explicit Object_component(unsigned n) : number(n) {}

	Answer ask(unsigned question) override
	{
		asked++;
		return { number, right_answer(number, question), asked };
	}
};

struct Test::Objects
{
	static constexpr unsigned COUNT = 300;

	Entrypoint &_ep_0, &_ep_1;
	Constructible<Object_component> _objects[COUNT] {};

	Entrypoint &_ep(unsigned n) { return n % 3 ? _ep_0 : _ep_1; }

	void make(unsigned n)
	{
		_objects[n].construct(n);
		_ep(n).manage(*_objects[n]);
	}

	void dissolve(unsigned n)
	{
		_ep(n).dissolve(*_objects[n]);
		_objects[n].destruct();
	}

	Objects(Entrypoint &ep_0, Entrypoint &ep_1) : _ep_0(ep_0), _ep_1(ep_1)
	{
		for (unsigned n = 0; n < COUNT; n++) make(n);
	}

	Capability<Capimg_test::Object> cap(unsigned n)
	{
		return n < COUNT && _objects[n].constructed() ? _objects[n]->cap()
													  : Capability<Capimg_test::Object>();
	}
};

struct Test::Internal_client : Thread
{
	/* these are its own: made anew in each round, and asked by nobody else */
	static constexpr unsigned OWN = 40;

	Objects &_objects;
	unsigned long _asked[Objects::COUNT] {};
	unsigned long volatile rounds = 0;
	bool volatile wrong = false;

	Internal_client(Env &env, Objects &objects)
		: Thread(env, { "client" }, Stack_size { 32 * 1024 }), _objects(objects)
	{}

	void _ask(unsigned n, unsigned question)
	{
		Answer const answer = Object_client(_objects.cap(n)).ask(question);
		_asked[n]++;

		bool const own = n < OWN;
		if (answer.object != n || answer.answer != right_answer(n, question) ||
			(own ? answer.asked != _asked[n] : answer.asked < _asked[n]))
		{
			error("WRONG: object ", n, " answered as ", answer.object, ", asked ", answer.asked,
				  " times, not ", _asked[n]);
			wrong = true;
		}
	}

	void entry() override
	{
		for (unsigned question = 1; !wrong; question++) {
			for (unsigned n = 0; n < Objects::COUNT; n++) _ask(n, question);

			unsigned const n = question % OWN;
			_objects.dissolve(n);
			_objects.make(n);
			_asked[n] = 0;
			rounds = rounds + 1;
		}
	}
};

struct Test::Session_component : Rpc_object<Capimg_test::Session>
{
	Objects &_objects;

	explicit Session_component(Objects &objects) : _objects(objects) {}

	/* those that the client thread makes anew are not for others */
	unsigned objects() override { return Objects::COUNT - Internal_client::OWN; }

	Capability<Capimg_test::Object> object(unsigned n) override
	{
		return _objects.cap(n + Internal_client::OWN);
	}
};

struct Test::Root : Root_component<Session_component>
{
	Objects &_objects;

	Root(Env &env, Allocator &alloc, Objects &objects)
		: Root_component<Session_component>(env.ep(), alloc), _objects(objects)
	{}

	Create_result _create_session(char const *) override
	{
		return *new (md_alloc()) Session_component(_objects);
	}
};

struct Test::Main
{
	Env &_env;
	Sliced_heap _heap { _env.ram(), _env.rm() };
	Timer::Connection _timer { _env };
	Entrypoint _second { _env, 4 * 4096 * sizeof(long), "second", {} };
	Objects _objects { _env.ep(), _second };
	Internal_client _client { _env, _objects };
	Root _root { _env, _heap, _objects };
	Signal_handler<Main> _handler { _env.ep(), *this, &Main::_tick };
	unsigned _ticks = 0;
	unsigned long _last = 0;

	void _tick()
	{
		_ticks++;
		unsigned long const rounds = _client.rounds;
		if (_ticks % 8 == 0) {
			if (rounds == _last) error("WRONG: client stands still");
			_last = rounds;
		}
		if (!_client.wrong) log("tick ", _ticks, " rounds ", rounds);
	}

	explicit Main(Env &env) : _env(env)
	{
		_client.start();
		_env.parent().announce(_env.ep().manage(_root));
		_timer.sigh(_handler);
		_timer.trigger_periodic(500 * 1000);
		log("server started, ", +Objects::COUNT, " objects");
	}
};

void Component::construct(Genode::Env &env) { static Test::Main main(env); }
