/*
 * The system that a component is restored on, and its sessions there
 */

#include <rom_session/client.h>

#include <capimg/session_kind.h>
#include <capimg_host/target.h>
#include <capimg_host/timer.h>

namespace Capimg::Host
{

using namespace Engine;

/*
 * Environment
 */

/* of modules whose content the runtime's configuration holds, nothing is known */
Result<Module_info> Target::module(Wire::Text name) const
{
	auto const module = string<Hosted_dataspace::Module>(name);
	if (module == "config" || module == "session_requests") return Module_info {};

	Parent::Client client {};
	Id_space<Parent::Client>::Element const id(client, _env.id_space());
	Session_arguments const args("ram_quota=", unsigned(Rom_session::RAM_QUOTA),
								 ", cap_quota=", unsigned(Rom_session::CAP_QUOTA), ", label=\"",
								 module, "\"");
	Capimg::size_t size = 0;
	_env.try_session(Rom_session::service_name(), id.id(), args.string(), {})
		.with_result(
			[&](Session_capability cap) {
				Rom_session_client rom(reinterpret_cap_cast<Rom_session>(cap));
				Dataspace_capability const ds = rom.dataspace();
				if (ds.valid()) size = Dataspace_client(ds).size();
				_env.close(id.id());
			},
			[&](Session_error) {});
	if (!size) return Capimg::Error { Code::NOT_FOUND, 0, "module" };
	return Module_info { size, {} };
}

/* what the environment's sessions have cost is part of what the component needs */
uint64_t Target::ram_quota() const
{
	return _child.pd().ram_quota().value +
		   quota_argument(text(_child.pd().info.arguments), "ram_quota") +
		   quota_argument(text(_child.cpu().info.arguments), "ram_quota");
}

uint64_t Target::cap_quota() const
{
	return _child.pd().cap_quota().value +
		   quota_argument(text(_child.pd().info.arguments), "cap_quota") +
		   quota_argument(text(_child.cpu().info.arguments), "cap_quota");
}

/*
 * Sessions
 */

Status Target::_upgrade(Metadata::Session::Reader const &reader)
{
	if (!reader.ram_upgrade() && !reader.cap_upgrade()) return ok;
	String<80> const args("ram_quota=", reader.ram_upgrade(), ", cap_quota=", reader.cap_upgrade());
	switch (_child.parent()->upgrade({ (unsigned long)reader.client_id() }, args.string())) {
	case Parent::Upgrade_result::OK:
	case Parent::Upgrade_result::PENDING: return ok;
	case Parent::Upgrade_result::OUT_OF_RAM:
	case Parent::Upgrade_result::OUT_OF_CAPS: break;
	}
	return { Code::NO_QUOTA, 0, "session upgrade" };
}

Created Target::pd(Object_reader const &reader) { return _adopt(reader.id(), &_child.pd()); }

Created Target::_open(Object_reader const &reader, Metadata::Session::Reader const &session)
{
	Parent::Client::Id const id { (unsigned long)session.client_id() };
	Hosted_parent &parent = *_child.parent();

	Affinity const affinity = [&] {
		if (!session.has_affinity()) return Affinity();
		auto const a = session.affinity();
		return Affinity(Affinity::Space(1, 1),
						Affinity::Location(a.x(), a.y(), a.width(), a.height()));
	}();

	/* the server may take its time */
	static constexpr unsigned TRIES = 500, PAUSE_US = 10 * 1000;
	bool denied = false;
	auto const result =
		parent.session(id, string<Service_name>(session.service()).string(),
					   string<Session_arguments>(session.arguments()).string(), affinity);
	bool valid = false;
	result.with_result([&](Session_capability cap) { valid = cap.valid(); },
					   [&](Session_error) { denied = true; });
	for (unsigned i = 0; i < TRIES && !valid && !denied; i++) {
		if (i) _timer.usleep(PAUSE_US);
		parent.session_cap(id).with_result([&](Session_capability cap) { valid = cap.valid(); },
										   [&](Parent::Session_cap_error) { denied = true; });
	}
	if (!valid) return Capimg::Error { Code::DENIED, 0, "session", reader.id() };

	Hosted_session *opened = nullptr;
	{
		Mutex::Guard guard(_objects.mutex);
		opened = parent.session_of(id.value);
	}
	return _adopt(reader.id(), opened);
}

Created Target::session(Object_reader const &reader)
{
	Metadata::Session::Reader const session = session_of(reader);
	Parent::Client::Id const id { (unsigned long)session.client_id() };

	Created const created = [&]() -> Created {
		if (!Parent::Env::session_id(id)) return _open(reader, session);
		Hosted_session *known = nullptr;
		{
			Mutex::Guard guard(_objects.mutex);
			known = _child.parent()->session_of(id.value);
		}
		return _adopt(reader.id(), known);
	}();
	if (created.failed()) return created;
	if (Status const status = _upgrade(session)) {
		destroy(reader.id());
		return status;
	}
	if (Hosted_timer *const timer = _get<Hosted_timer>(reader.id()))
		timer->set_clock(reader.timer_session().time_base());
	return created;
}

}
