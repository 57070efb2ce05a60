/*
 * A component that this runtime hosts: what it was started from, its objects, sessions and parent
 */

#ifndef CAPIMG__HOST__CHILD_H
#define CAPIMG__HOST__CHILD_H

#include <capimg_host/code_spans.h>
#include <capimg_host/parent.h>

namespace Capimg::Host
{

class Hosted_child : public Hosted_pd::Parent_policy
{
  public:
	using Name = String<64>;

  private:
	Env &_env;
	Entrypoint &_tracker;
	Allocator &_alloc;

	Constructible<Pd_connection> _real_pd {};
	Constructible<Cpu_connection> _real_cpu {};

	Hosted_pd *_pd = nullptr;
	Hosted_cpu *_cpu = nullptr;
	Constructible<Hosted_parent> _parent {};
	Hosted_object *_parent_capability = nullptr;

	/* Noncopyable */
	Hosted_child(Hosted_child const &);
	Hosted_child &operator=(Hosted_child const &);

  public:
	Name const name;
	Hosted_dataspace::Module const binary;
	System_info const info;
	String<16> const release { "26.02" };
	uint32_t fpu_size = 512;

	/* its first thread was started, or it was restored: not before is there anything to capture */
	bool volatile running = false;

	Hosted_objects objects;
	Unsafe_code unsafe_code {};

	/*
	 * tracker  entrypoint for the parent and the sessions that are interposed there; all else is
	 *          served by the entrypoint of the environment, as the sandbox is
	 */
	Hosted_child(Env &env, Entrypoint &tracker, Allocator &alloc, Name const &name,
				 Hosted_dataspace::Module const &binary, System_info const &info)
		: _env(env),
		  _tracker(tracker),
		  _alloc(alloc),
		  name(name),
		  binary(binary),
		  info(info),
		  objects(alloc)
	{}

	~Hosted_child() { _parent.destruct(); }

	/*
	 * Environment sessions, as the sandbox asks for them
	 */
	Hosted_pd &open_pd(Session_arguments const &, Session::Label const &);
	Hosted_cpu &open_cpu(Session_arguments const &, Session::Label const &, Affinity const &);
	void close_cpu();

	bool complete() const { return _pd && _cpu && _parent.constructed(); }

	Hosted_pd &pd() { return *_pd; }
	Hosted_cpu &cpu() { return *_cpu; }
	Hosted_parent *parent() { return _parent.constructed() ? &*_parent : nullptr; }

	Hosted_object *parent_capability() { return _parent_capability; }

	bool is(Hosted_pd const &pd) const { return _pd == &pd; }
	bool is(Hosted_cpu const &cpu) const { return _cpu == &cpu; }

	void upgrade_pd(Session::Resources const &amount) { _real_pd->upgrade(amount); }
	void upgrade_cpu(Session::Resources const &amount) { _real_cpu->upgrade(amount); }

	/* Hosted_pd::Parent_policy */
	Capability<Parent> interpose_parent(Capability<Parent>) override;
};

}

#endif /* CAPIMG__HOST__CHILD_H */
