/*
 * The component's parent, interposed
 *
 * All sessions are opened through it, so it is here that they become known, with the numbers that
 * the component has for them; and that those whose state matters are interposed, whatever their
 * route. Served by an entrypoint of its own, as it calls the parent that the sandbox provides.
 */

#ifndef CAPIMG__HOST__PARENT_H
#define CAPIMG__HOST__PARENT_H

#include <parent/client.h>

#include <capimg_host/cpu.h>
#include <capimg_host/pd.h>
#include <capimg_host/service.h>
#include <capimg_host/session_requests.h>

namespace Capimg::Host
{

class Hosted_parent : public Rpc_object<Parent>
{
	Entrypoint &_ep;
	Allocator &_alloc;
	Ram_allocator &_ram;
	Genode::Env::Local_rm &_rm;
	Hosted_objects &_objects;
	Parent_client const _real;
	Hosted_dataspace::Module const _binary;

	Served_sessions _served { _alloc };
	bool _env_known = false;

	struct Handler
	{
		char const *role;
		Signal_context_capability cap;
	};
	static constexpr unsigned HANDLERS = 4;
	Handler _handlers[HANDLERS] {
		{ "session", {} }, { "resource", {} }, { "yield", {} }, { "heartbeat", {} }
	};

	Parent_client &_parent() { return const_cast<Parent_client &>(_real); }

	Hosted_session *_find(Client::Id);
	Session_capability _add(Client::Id, Session_info const &, Session_capability);
	void _know_env();
	void _set_handler(unsigned, Signal_context_capability);

	/* asked for, and not there yet */
	struct Pending : List<Pending>::Element
	{
		Session_info const info;
		explicit Pending(Session_info const &info) : info(info) {}
	};
	List<Pending> _pending {};

	void _forget_pending(unsigned long client_id);

	Hosted_session_requests *_requests();

  public:
	Hosted_parent(Entrypoint &, Allocator &, Ram_allocator &, Genode::Env::Local_rm &,
				  Hosted_objects &, Capability<Parent> real,
				  Hosted_dataspace::Module const &binary);
	~Hosted_parent();

	Capability<Parent> real() const { return _real.rpc_cap(); }

	/* sessions that exist before the component runs become known; may block */
	void know_env() { _know_env(); }

	/* with the registry's lock held: contexts that the parent has get their roles */
	void mark_handlers();

	/* restore: a handler that the parent had */
	bool restore_handler(Wire::Text role, Signal_context_capability);

	/* restore: a service that the component has announced, and its sessions on another machine */
	Hosted_service *restore_service(Metadata::Service::Reader const &);

	/* the restored component runs: it is told of its clients */
	void running();

	/* with the registry's lock held */
	Hosted_session *session_of(unsigned long client_id);

	/*
	 * Parent interface
	 */
	void exit(int value) override { _parent().exit(value); }
	void announce(Service_name const &) override;
	void session_sigh(Signal_context_capability) override;
	Session_result session(Client::Id, Service_name const &, Session_args const &,
						   Affinity const &) override;
	Session_cap_result session_cap(Client::Id) override;
	Upgrade_result upgrade(Client::Id, Upgrade_args const &) override;
	Close_result close(Client::Id) override;
	void session_response(Server::Id, Session_response) override;
	void deliver_session_cap(Server::Id, Session_capability) override;
	Thread_capability main_thread_cap() const override { return _real.main_thread_cap(); }
	void resource_avail_sigh(Signal_context_capability) override;
	void resource_request(Resource_args const &args) override { _parent().resource_request(args); }
	void yield_sigh(Signal_context_capability) override;
	Resource_args yield_request() override { return _parent().yield_request(); }
	void yield_response() override { _parent().yield_response(); }
	void heartbeat_sigh(Signal_context_capability) override;
	void heartbeat_response() override { _parent().heartbeat_response(); }
};

}

#endif /* CAPIMG__HOST__PARENT_H */
