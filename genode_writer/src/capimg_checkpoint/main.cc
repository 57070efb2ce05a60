/*
 * A runtime in the manner of init that takes checkpoints of a component it hosts
 */

#include <base/component.h>

#include <capimg_host/checkpoint_agent.h>

namespace Capimg::Host
{
struct Main;
}

struct Capimg::Host::Main : Runtime::Policy
{
	Env &_env;
	Heap _heap { _env.ram(), _env.rm() };
	Runtime _runtime { _env, _heap, *this };
	Constructible<Checkpoint_agent> _agent {};

	/* Runtime::Policy */
	void vanishing(Hosted_child &child) override
	{
		if (_agent.constructed()) _agent->vanishing(child);
	}

	explicit Main(Env &env) : _env(env)
	{
		_runtime.start();
		_agent.construct(_env, _heap, _runtime);
	}
};

void Component::construct(Genode::Env &env) { static Capimg::Host::Main main(env); }
