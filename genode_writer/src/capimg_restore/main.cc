/*
 * A runtime in the manner of init whose components go on from images; checkpoints of them can be
 * taken again
 */

#include <base/component.h>

#include <capimg_host/checkpoint_agent.h>
#include <capimg_host/restore_agent.h>

namespace Capimg::Host
{
struct Main;
}

struct Capimg::Host::Main : Runtime::Policy
{
	Env &_env;
	Heap _heap { _env.ram(), _env.rm() };
	Runtime _runtime { _env, _heap, *this };
	Restore_agent _restore { _env, _heap, _runtime };
	Constructible<Checkpoint_agent> _checkpoint {};

	/* Runtime::Policy */
	void appeared(Hosted_child &child) override
	{
		if (!Restore_agent::wanted(_runtime.config(), child.name)) return;

		/* core starts the process there, and no thread is started that could be kept from it */
		if (child.info.kernel == Kernel::LINUX) {
			error("restore of ", child.name, " failed: not on linux, where it begins anew");
			return;
		}
		child.pd().begin_restore();
		Mutex::Guard guard(child.objects.mutex);
		child.objects.begin_restore();
	}

	bool start(Hosted_child &child, Hosted_thread &, addr_t) override
	{
		if (!Restore_agent::wanted(_runtime.config(), child.name)) return true;
		_restore.restore(child.name);
		return false;
	}

	void vanishing(Hosted_child &child) override
	{
		_restore.vanishing(child);
		if (_checkpoint.constructed()) _checkpoint->vanishing(child);
	}

	explicit Main(Env &env) : _env(env)
	{
		_runtime.start();
		if (_runtime.config().has_sub_node("checkpoint"))
			_checkpoint.construct(_env, _heap, _runtime);
	}
};

void Component::construct(Genode::Env &env) { static Capimg::Host::Main main(env); }
