#include <capimg_host/session.h>

namespace Capimg::Host
{

void Session_info::describe(Metadata::Session::Writer const &w) const
{
	w.ram_upgrade(ram_upgrade);
	w.cap_upgrade(cap_upgrade);
	w.client_id(client_id);
	w.interposed(interposed);
	w.service(text(service));
	w.arguments(text(arguments));

	if (!affinity.valid()) return;
	auto const a = w.init_affinity();
	a.x(affinity.location().xpos());
	a.y(affinity.location().ypos());
	a.width(affinity.location().width());
	a.height(affinity.location().height());
}

void Hosted_plain_session::describe(Writer const &w, Hosted_objects const &, uint64_t) const
{
	if (which == Which::LOG_SESSION)
		info.describe(w.init_log_session().init_session());
	else
		info.describe(w.init_session().init_session());
}

}
