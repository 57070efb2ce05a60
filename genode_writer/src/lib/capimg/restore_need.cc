#include "capimg/restore_plan.h"
#include "capimg/session_kind.h"

namespace Capimg::Engine
{

using namespace Metadata;

using Which = Object::Which;

/* sums of hostile numbers stay at the highest one */
static void add_to(uint64_t &sum, uint64_t value)
{
	if (!add(sum, value, sum)) sum = ~uint64_t(0);
}

/* core takes a capability of the PD's quota for each of these */
static bool costs_capability(Which which)
{
	return which == Which::DATASPACE || which == Which::SIGNAL_SOURCE ||
		   which == Which::SIGNAL_CONTEXT || which == Which::NATIVE_CAPABILITY;
}

Restore_plan::Need Restore_plan::need() const
{
	auto const objects = _manifest.objects();
	Need sessions {}, own {};

	for (uint32_t i = 0; i < objects.size(); i++) {
		if (!_roles[i].made) continue;
		Object::Reader const object = objects[i];

		Session::Reader const session = session_of(object);
		add_to(sessions.ram, quota_argument(session.arguments(), "ram_quota"));
		add_to(sessions.ram, session.ram_upgrade());
		add_to(sessions.caps, quota_argument(session.arguments(), "cap_quota"));
		add_to(sessions.caps, session.cap_upgrade());

		if (_roles[i].companion || _roles[i].dangling) continue;
		add_to(own.ram, object.dataspace().size());
		if (costs_capability(object.which())) add_to(own.caps, 1);
	}

	/* what sessions were given is no longer part of the PD's quota */
	if (_roles.pd() != Restore_role::NONE) {
		Pd_session::Reader const pd = objects[_roles.pd()].pd_session();
		own = { max(own.ram, pd.ram_quota()), max(own.caps, pd.cap_quota()) };
	}
	add_to(own.ram, sessions.ram);
	add_to(own.caps, sessions.caps);
	return own;
}

}
