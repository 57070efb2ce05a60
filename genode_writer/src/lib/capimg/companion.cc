#include "capimg/companion.h"

namespace Capimg::Engine
{

using namespace Metadata;

using Which = Object::Which;

static constexpr char const *NAMES[] { "address-space", "stack-area",  "linker-area", "native-pd",
									   "native-cpu",    "thread-gate", "semaphore",   "rom-content",
									   "managed",       "buffer",      "parent" };

static constexpr unsigned COUNT = sizeof(NAMES) / sizeof(NAMES[0]);
static_assert(COUNT == unsigned(Companion::PARENT) + 1);

static constexpr Companion_row ROWS[] {
	{ Companion::ADDRESS_SPACE, Which::PD_SESSION,
	  [](Object::Reader const &o) { return o.pd_session().address_space(); } },
	{ Companion::STACK_AREA, Which::PD_SESSION,
	  [](Object::Reader const &o) { return o.pd_session().stack_area(); } },
	{ Companion::LINKER_AREA, Which::PD_SESSION,
	  [](Object::Reader const &o) { return o.pd_session().linker_area(); } },
	{ Companion::NATIVE_PD, Which::PD_SESSION,
	  [](Object::Reader const &o) { return o.pd_session().native_pd(); } },
	{ Companion::NATIVE_CPU, Which::CPU_SESSION,
	  [](Object::Reader const &o) { return o.cpu_session().native_cpu(); } },
	{ Companion::GATE, Which::THREAD, [](Object::Reader const &o) { return o.thread().gate(); } },
	{ Companion::SEMAPHORE, Which::SIGNAL_SOURCE,
	  [](Object::Reader const &o) { return o.signal_source().semaphore(); } },
	{ Companion::CONTENT, Which::ROM_SESSION,
	  [](Object::Reader const &o) { return o.rom_session().dataspace(); } },
	{ Companion::MANAGED, Which::REGION_MAP,
	  [](Object::Reader const &o) { return o.region_map().dataspace(); } },
};

char const *companion_name(Companion companion)
{
	unsigned const i = unsigned(companion);
	return i < COUNT ? NAMES[i] : "unknown";
}

Companion_table companion_table() { return { ROWS, sizeof(ROWS) / sizeof(ROWS[0]) }; }

bool can_be(Companion companion, Which which)
{
	switch (companion) {
	case Companion::ADDRESS_SPACE:
	case Companion::STACK_AREA:
	case Companion::LINKER_AREA: return which == Which::REGION_MAP;
	case Companion::CONTENT:
	case Companion::MANAGED:
	case Companion::BUFFER: return which == Which::DATASPACE;
	case Companion::PARENT: return which == Which::PARENT_CAPABILITY;

	/* nothing but a capability is known of these */
	case Companion::NATIVE_PD:
	case Companion::NATIVE_CPU:
	case Companion::GATE:
	case Companion::SEMAPHORE: break;
	}
	return which == Which::CAPABILITY || which == Which::EXTERNAL ||
		   which == Which::NATIVE_CAPABILITY;
}

}
