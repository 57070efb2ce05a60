/*
 * A service that the component has announced
 *
 * Its root is known to the component alone, which hands out sessions on request:
 * session_requests.h.
 */

#ifndef CAPIMG__HOST__SERVICE_H
#define CAPIMG__HOST__SERVICE_H

#include <capimg_host/served_sessions.h>

namespace Capimg::Host
{

class Hosted_service : public Hosted_object
{
	Served_sessions const &_sessions;

  public:
	Service_name const name;

	Hosted_service(Service_name const &name, Served_sessions const &sessions)
		: Hosted_object(Which::SERVICE, uint64_t(0)), _sessions(sessions), name(name)
	{}

	Label label() const override { return Label(name); }

	/* the component's number of a session is its place in the list */
	void describe(Writer const &w, Hosted_objects const &, uint64_t) const override
	{
		auto const service = w.init_service();
		service.name(text(name));
		auto const list = service.init_sessions(_sessions.end());
		_sessions.for_each([&](Served_sessions::Session const &session) {
			if (session.service != name) return;
			list[session.number].label(text(session.label));
			list[session.number].arguments(text(session.arguments));
		});
	}
};

}

#endif /* CAPIMG__HOST__SERVICE_H */
