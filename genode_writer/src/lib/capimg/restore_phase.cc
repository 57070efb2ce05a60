#include "capimg/restore_phase.h"

#include "capimg/restore_roles.h"
#include "libimage/core/manifest_check.h"

namespace Capimg::Engine
{

using namespace Metadata;

using Which = Object::Which;
using Objects = Wire::Struct_list_reader<Object::Reader>;

namespace
{

struct Handler_row
{
	Which which;
	uint32_t (*handler)(Object::Reader const &);
};

}

static constexpr Handler_row HANDLERS[] {
	{ Which::CPU_SESSION,
	  [](Object::Reader const &o) { return o.cpu_session().exception_handler(); } },
	{ Which::ROM_SESSION, [](Object::Reader const &o) { return o.rom_session().handler(); } },
	{ Which::TIMER_SESSION, [](Object::Reader const &o) { return o.timer_session().handler(); } },
	{ Which::THREAD, [](Object::Reader const &o) { return o.thread().exception_handler(); } },
	{ Which::REGION_MAP, [](Object::Reader const &o) { return o.region_map().fault_handler(); } },
};

uint32_t handler_of(Object::Reader const &object)
{
	for (Handler_row const &row : HANDLERS)
		if (row.which == object.which()) return row.handler(object);
	return 0;
}

/* an object that gives a handler away, or a context that somebody holds who does not say so */
static bool has_handler(Objects const &objects, Object::Reader const &object)
{
	if (object.which() != Which::SIGNAL_CONTEXT) return handler_of(object);

	auto const context = object.signal_context();
	if (!context.holder()) return !context.role().empty();
	return handler_of(objects[find_object(objects, context.holder())]) != object.id();
}

static bool has_content(Objects const &, Object::Reader const &object)
{
	auto const dataspace = object.dataspace();
	return dataspace.stored() && dataspace.kind() != Dataspace_kind::ROM &&
		   dataspace.kind() != Dataspace_kind::MANAGED;
}

static bool has_regions(Objects const &, Object::Reader const &object)
{
	return object.region_map().regions().size();
}

static bool is_started(Objects const &, Object::Reader const &object)
{
	return object.thread().started();
}

static bool has_pending(Objects const &, Object::Reader const &object)
{
	return object.signal_context().pending();
}

static bool has_timeout(Objects const &, Object::Reader const &object)
{
	return object.timer_session().timeout();
}

using enum Phase_scope;

static constexpr Phase_row PHASES[] {
	{ "pd", "Protection domain, and what comes with it", CREATE, nullptr },
	{ "sessions", "Sessions", CREATE, nullptr },
	{ "externals", "Objects of other components", CREATE, nullptr },
	{ "dataspaces", "Dataspaces", CREATE, nullptr },
	{ "threads", "Threads, in the order of their slots", CREATE, nullptr },
	{ "rpc-objects", "RPC objects", CREATE, nullptr },
	{ "signals", "Signal sources and contexts", CREATE, nullptr },
	{ "region-maps", "Region maps of RM sessions", CREATE, nullptr },
	{ "timers", "Timer sessions", CREATE, nullptr },
	{ "handlers", "Signal handlers given away", OBJECT, has_handler },
	{ "badges", "Badges of this system checked", ONCE, nullptr },
	{ "content", "Dataspaces filled", OBJECT, has_content },
	{ "regions", "Dataspaces attached", OBJECT, has_regions },
	{ "patch", "Badges in memory and registers replaced", ONCE, nullptr },
	{ "install", "Capabilities installed", SPACE, nullptr },
	{ "thread-state", "Registers and UTCBs", OBJECT, is_started },
	{ "start", "Threads started up to the barrier", OBJECT, is_started },
	{ "services", "Services announced", CREATE, nullptr },
	{ "release-calls", "Threads that serve each other's calls released", CALLS, nullptr },
	{ "release", "All other threads released", OBJECT, is_started },
	{ "pending", "Pending signals submitted", OBJECT, has_pending },
	{ "timeouts", "Timeouts armed", OBJECT, has_timeout },
};

static_assert(sizeof(PHASES) / sizeof(PHASES[0]) == PHASE_COUNT);

Phase_row const &phase_row(Phase phase)
{
	unsigned const i = unsigned(phase);
	return PHASES[i < PHASE_COUNT ? i : 0];
}

char const *phase_name(Phase phase) { return phase_row(phase).name; }
char const *phase_text(Phase phase) { return phase_row(phase).text; }

namespace
{

struct Kind_row
{
	Which which;
	Phase phase;
};

}

static constexpr Kind_row KINDS[] {
	{ Which::EXTERNAL, Phase::EXTERNALS },
	{ Which::PD_SESSION, Phase::PD },
	{ Which::CPU_SESSION, Phase::SESSIONS },
	{ Which::RM_SESSION, Phase::SESSIONS },
	{ Which::ROM_SESSION, Phase::SESSIONS },
	{ Which::LOG_SESSION, Phase::SESSIONS },
	{ Which::TIMER_SESSION, Phase::TIMERS },
	{ Which::SESSION, Phase::SESSIONS },
	{ Which::SERVICE, Phase::SERVICES },
	{ Which::THREAD, Phase::THREADS },
	{ Which::DATASPACE, Phase::DATASPACES },
	{ Which::REGION_MAP, Phase::REGION_MAPS },
	{ Which::SIGNAL_SOURCE, Phase::SIGNALS },
	{ Which::SIGNAL_CONTEXT, Phase::SIGNALS },
	{ Which::NATIVE_CAPABILITY, Phase::RPC_OBJECTS },
	{ Which::PARENT_CAPABILITY, Phase::PD },
};

bool phase_of(Which which, Phase &phase)
{
	for (Kind_row const &row : KINDS) {
		if (row.which != which) continue;
		phase = row.phase;
		return true;
	}
	return false;
}

}
