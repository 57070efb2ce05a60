/*
 * What the component's parent has to do with services of the component
 */

#include <capimg_host/parent.h>

namespace Capimg::Host
{

Hosted_session_requests *Hosted_parent::_requests()
{
	Mutex::Guard guard(_objects.mutex);
	Hosted_session_requests *result = nullptr;
	_objects.for_each([&](Hosted_object &object) {
		if (object.which == Which::ROM_SESSION && !result)
			result = dynamic_cast<Hosted_session_requests *>(&object);
	});
	return result;
}

void Hosted_parent::announce(Service_name const &name)
{
	_objects.add(*new (_alloc) Hosted_service(Host::Service_name(Cstring(name.string())), _served));
	_parent().announce(name);
}

Hosted_service *Hosted_parent::restore_service(Metadata::Service::Reader const &reader)
{
	auto const name = Host::Service_name(Cstring(reader.name().string(), reader.name().size()));
	Hosted_service *const service = new (_alloc) Hosted_service(name, _served);
	_objects.add(*service);
	{
		Mutex::Guard guard(_objects.mutex);
		auto const sessions = reader.sessions();
		for (uint32_t i = 0; i < sessions.size(); i++) {
			auto const label = sessions[i].label(), arguments = sessions[i].arguments();
			if (arguments.empty()) continue;
			_served.add_foreign(i, name, String<160>(Cstring(label.string(), label.size())),
								Session_arguments(Cstring(arguments.string(), arguments.size())));
		}
	}
	_parent().announce(name.string());
	return service;
}

void Hosted_parent::running()
{
	if (Hosted_session_requests *const requests = _requests()) requests->wake();
}

/* by the component's number; what concerns another machine's client, ends here */
void Hosted_parent::session_response(Server::Id id, Session_response response)
{
	bool known = false, foreign = false;
	unsigned long real = 0;
	{
		Mutex::Guard guard(_objects.mutex);
		Served_sessions::Session *const session = _served.find(id.value);
		if ((known = session)) {
			foreign = session->foreign;
			real = session->real;
			if (response != Session_response::OK) _served.remove(*session);
		}
	}
	if (known && !foreign) _parent().session_response({ real }, response);
}

/* a client of another machine that was about to get its session: it is closed again */
void Hosted_parent::deliver_session_cap(Server::Id id, Session_capability cap)
{
	bool known = false, foreign = false;
	unsigned long real = 0;
	{
		Mutex::Guard guard(_objects.mutex);
		Served_sessions::Session const *const session = _served.find(id.value);
		if ((known = session)) {
			foreign = session->foreign;
			real = session->real;
		}
	}
	if (!known) return;
	if (foreign)
		running();
	else
		_parent().deliver_session_cap({ real }, cap);
}

}
