/*
 * A session that the component has opened
 *
 * Kinds whose state matters are interposed, each in a file of its own; of all others the component
 * holds the real capability.
 */

#ifndef CAPIMG__HOST__SESSION_H
#define CAPIMG__HOST__SESSION_H

#include <base/entrypoint.h>
#include <base/rpc_client.h>
#include <base/rpc_server.h>
#include <base/session_label.h>
#include <util/arg_string.h>

#include <capimg_host/objects.h>

namespace Capimg::Host
{

using Service_name = String<64>;

/* what all sessions have */
struct Session_info
{
	unsigned long client_id = 0;
	Service_name service {};
	Session_arguments arguments {};
	Affinity affinity {};
	uint64_t ram_upgrade = 0, cap_upgrade = 0;
	bool interposed = false;

	void describe(Metadata::Session::Writer const &) const;

	String<160> label() const
	{
		Session_label const label = label_from_args(arguments.string());
		return String<160>(label);
	}
};

class Hosted_session : public Hosted_object
{
  public:
	Session_info info;
	Session_capability const real;

	Hosted_session(Which which, Untyped_capability const &cap, Session_capability real,
				   Session_info const &info)
		: Hosted_object(which, cap), info(info), real(real)
	{}

	/* what the component gets */
	Session_capability session_cap() const
	{
		return reinterpret_cap_cast<Genode::Session>(capability);
	}

	Label label() const override { return info.label(); }
};

/* LOG, and those that nobody knows */
class Hosted_plain_session : public Hosted_session
{
  public:
	Hosted_plain_session(Session_capability real, Session_info const &info)
		: Hosted_session(info.service == "LOG" ? Which::LOG_SESSION : Which::SESSION, real, real,
						 info)
	{}

	void describe(Writer const &, Hosted_objects const &, uint64_t) const override;
};

}

#endif /* CAPIMG__HOST__SESSION_H */
