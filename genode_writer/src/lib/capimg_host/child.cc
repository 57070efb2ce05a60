#include <capimg_host/child.h>

namespace Capimg::Host
{

Hosted_pd &Hosted_child::open_pd(Session_arguments const &args, Session::Label const &label)
{
	_real_pd.construct(_env, label);

	Session_info info {};
	info.client_id = Parent::Env::pd().value;
	info.service = "PD";
	info.arguments = args;
	_pd = new (_alloc) Hosted_pd(_env.ep(), _alloc, _env.rm(), objects, *this, _real_pd->cap(),
								 info, this->info.kernel);
	objects.add(*_pd);
	return *_pd;
}

Hosted_cpu &Hosted_child::open_cpu(Session_arguments const &args, Session::Label const &label,
								   Affinity const &affinity)
{
	long const priority = (long)Arg_string::find_arg(args.string(), "priority")
							  .ulong_value(Cpu_session::DEFAULT_PRIORITY);
	_real_cpu.construct(_env, label, priority, affinity);

	Session_info session {};
	session.client_id = Parent::Env::cpu().value;
	session.service = "CPU";
	session.arguments = args;
	session.affinity = affinity;
	_cpu = new (_alloc) Hosted_cpu(_env.ep(), _alloc, _env.rm(), objects, *_pd, _real_cpu->cap(),
								   session, info.kernel);
	objects.add(*_cpu);
	return *_cpu;
}

void Hosted_child::close_cpu()
{
	if (!_cpu) return;
	objects.retire(*_cpu);
	_cpu = nullptr;
	_real_cpu.destruct();
}

Capability<Parent> Hosted_child::interpose_parent(Capability<Parent> real)
{
	_parent.construct(_tracker, _alloc, _env.ram(), _env.rm(), objects, real, binary);
	_parent_capability = new (_alloc) Hosted_parent_capability(_parent->cap());
	objects.add(*_parent_capability);
	return _parent->cap();
}

}
