#include <capimg_host/parent.h>
#include <capimg_host/rm.h>
#include <capimg_host/rom.h>
#include <capimg_host/timer.h>

namespace Capimg::Host
{

Hosted_parent::Hosted_parent(Entrypoint &ep, Allocator &alloc, Ram_allocator &ram,
							 Genode::Env::Local_rm &rm, Hosted_objects &objects,
							 Capability<Parent> real, Hosted_dataspace::Module const &binary)
	: _ep(ep), _alloc(alloc), _ram(ram), _rm(rm), _objects(objects), _real(real), _binary(binary)
{
	_ep.manage(*this);
}

Hosted_parent::~Hosted_parent()
{
	_ep.dissolve(*this);
	while (Pending *const pending = _pending.first()) {
		_pending.remove(pending);
		destroy(_alloc, pending);
	}
}

Hosted_session *Hosted_parent::session_of(unsigned long client_id)
{
	Hosted_session *result = nullptr;
	_objects.for_each([&](Hosted_object &object) {
		Hosted_session *const session = dynamic_cast<Hosted_session *>(&object);
		if (session && session->info.client_id == client_id) result = session;
	});
	return result;
}

Hosted_session *Hosted_parent::_find(Client::Id id)
{
	Mutex::Guard guard(_objects.mutex);
	return session_of(id.value);
}

/* the kinds that are interposed here; PD and CPU are, where the sandbox opens them */
Session_capability Hosted_parent::_add(Client::Id id, Session_info const &info,
									   Session_capability cap)
{
	if (!cap.valid()) return cap;
	if (Hosted_session *const known = _find(id)) return known->session_cap();

	Hosted_session *session = nullptr;
	if (Hosted_session_requests::serves(info))
		session = new (_alloc)
			Hosted_session_requests(_ep, _alloc, _ram, _rm, _objects, _served, cap, info);
	else if (info.service == "ROM")
		session = new (_alloc) Hosted_rom(_ep, _alloc, _rm, _objects, cap, info);
	else if (info.service == "RM")
		session = new (_alloc) Hosted_rm(_ep, _alloc, _rm, _objects, cap, info);
	else if (info.service == "Timer")
		session = new (_alloc) Hosted_timer(_ep, _objects, cap, info);
	else
		session = new (_alloc) Hosted_plain_session(cap, info);

	session->bootstrapped = Env::session_id(id);
	_objects.add(*session);
	return session->session_cap();
}

/* those that the sandbox opens; of the ROMs' dataspaces the linker's is attached already */
void Hosted_parent::_know_env()
{
	if (_env_known) return;
	_env_known = true;

	struct Row
	{
		Client::Id id;
		char const *service;
	};
	Row const rows[] { { Env::log(), "LOG" }, { Env::binary(), "ROM" }, { Env::linker(), "ROM" } };

	for (Row const &row : rows) {
		Session_info info {};
		info.client_id = row.id.value;
		info.service = row.service;
		if (row.id == Env::linker()) info.arguments = "label=\"ld.lib.so\"";
		if (row.id == Env::binary()) info.arguments = { "label=\"", _binary, "\"" };
		_parent().session_cap(row.id).with_result(
			[&](Session_capability cap) { (void)_add(row.id, info, cap); },
			[&](Session_cap_error) {});
	}
	if (Hosted_rom *const linker = dynamic_cast<Hosted_rom *>(_find(Env::linker())))
		(void)linker->dataspace();
}

void Hosted_parent::_forget_pending(unsigned long client_id)
{
	for (Pending *p = _pending.first(); p; p = p->next()) {
		if (p->info.client_id != client_id) continue;
		_pending.remove(p);
		destroy(_alloc, p);
		return;
	}
}

Parent::Session_result Hosted_parent::session(Client::Id id, Service_name const &name,
											  Session_args const &args, Affinity const &affinity)
{
	_know_env();

	Session_info info {};
	info.client_id = id.value;
	info.service = Cstring(name.string());
	info.arguments = Cstring(args.string());
	info.affinity = affinity;

	return _parent()
		.session(id, name, args, affinity)
		.convert<Session_result>(
			[&](Session_capability cap) -> Session_result {
				if (cap.valid()) return _add(id, info, cap);
				_pending.insert(new (_alloc) Pending(info));
				return cap;
			},
			[&](Session_error e) -> Session_result { return e; });
}

Parent::Session_cap_result Hosted_parent::session_cap(Client::Id id)
{
	_know_env();
	if (Hosted_session *const known = _find(id)) return known->session_cap();

	return _parent().session_cap(id).convert<Session_cap_result>(
		[&](Session_capability cap) -> Session_cap_result {
			Session_info info {};
			info.client_id = id.value;
			for (Pending const *p = _pending.first(); p; p = p->next())
				if (p->info.client_id == id.value) info = p->info;
			if (!cap.valid() || !info.service.valid()) return cap;
			_forget_pending(id.value);
			return _add(id, info, cap);
		},
		[&](Session_cap_error e) -> Session_cap_result {
			_forget_pending(id.value);
			return e;
		});
}

Parent::Upgrade_result Hosted_parent::upgrade(Client::Id id, Upgrade_args const &args)
{
	Upgrade_result const result = _parent().upgrade(id, args);
	if (result != Upgrade_result::OK && result != Upgrade_result::PENDING) return result;

	Mutex::Guard guard(_objects.mutex);
	if (Hosted_session *const session = session_of(id.value)) {
		session->info.ram_upgrade +=
			Arg_string::find_arg(args.string(), "ram_quota").ulong_value(0);
		session->info.cap_upgrade +=
			Arg_string::find_arg(args.string(), "cap_quota").ulong_value(0);
	}
	return result;
}

Parent::Close_result Hosted_parent::close(Client::Id id)
{
	_forget_pending(id.value);
	Hosted_session *const session = _find(id);

	/* dataspaces go with their session */
	if (session && !Env::session_id(id)) {
		if (Hosted_rom *const rom = dynamic_cast<Hosted_rom *>(session))
			if (rom->content()) release_dataspace(_objects, *rom->content());
		_objects.retire(*session);
	}
	return _parent().close(id);
}

/*
 * Handlers
 */

void Hosted_parent::_set_handler(unsigned i, Signal_context_capability cap)
{
	Mutex::Guard guard(_objects.mutex);
	_handlers[i].cap = cap;
}

void Hosted_parent::mark_handlers()
{
	for (Handler const &handler : _handlers)
		if (Hosted_context *const context = _objects.find_as<Hosted_context>(handler.cap))
			context->role = handler.role;
}

bool Hosted_parent::restore_handler(Wire::Text role, Signal_context_capability cap)
{
	if (role == Wire::Text("session")) return session_sigh(cap), true;
	if (role == Wire::Text("resource")) return resource_avail_sigh(cap), true;
	if (role == Wire::Text("yield")) return yield_sigh(cap), true;
	if (role == Wire::Text("heartbeat")) return heartbeat_sigh(cap), true;
	return false;
}

void Hosted_parent::session_sigh(Signal_context_capability cap)
{
	_parent().session_sigh(cap);
	_set_handler(0, cap);
}

void Hosted_parent::resource_avail_sigh(Signal_context_capability cap)
{
	_parent().resource_avail_sigh(cap);
	_set_handler(1, cap);
}

void Hosted_parent::yield_sigh(Signal_context_capability cap)
{
	_parent().yield_sigh(cap);
	_set_handler(2, cap);
}

void Hosted_parent::heartbeat_sigh(Signal_context_capability cap)
{
	_parent().heartbeat_sigh(cap);
	_set_handler(3, cap);
}

}
