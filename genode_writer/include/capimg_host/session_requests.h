/*
 * The ROM session that tells a server of its clients, interposed
 *
 * Its content is the parent's, with the numbers of 'Served_sessions', and requests to close the
 * sessions of clients on another machine.
 */

#ifndef CAPIMG__HOST__SESSION_REQUESTS_H
#define CAPIMG__HOST__SESSION_REQUESTS_H

#include <base/attached_ram_dataspace.h>
#include <base/node.h>

#include <capimg_host/rom.h>
#include <capimg_host/served_sessions.h>

namespace Capimg::Host
{

class Hosted_session_requests : public Hosted_rom
{
	/* of the same size on every machine, as the component has it attached */
	static constexpr Genode::size_t SIZE = 16 * 1024;

	Hosted_objects &_all;
	Env::Local_rm &_local_rm;
	Served_sessions &_sessions;
	Attached_ram_dataspace _content;

	void _generate(Genode::Node const &real);
	void _request(Generator &, Genode::Node const &);

  public:
	Hosted_session_requests(Entrypoint &, Allocator &, Ram_allocator &, Env::Local_rm &,
							Hosted_objects &, Served_sessions &, Session_capability real,
							Session_info const &);

	static bool serves(Session_info const &info)
	{
		return info.service == "ROM" &&
			   label_from_args(info.arguments.string()).last_element() == "session_requests";
	}

	/* the component looks at the requests */
	void wake();

	/*
	 * Rom_session interface
	 */
	Rom_dataspace_capability dataspace() override;
	bool update() override;
};

}

#endif /* CAPIMG__HOST__SESSION_REQUESTS_H */
