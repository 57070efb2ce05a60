/*
 * Phases of a restore
 */

#ifndef CAPIMG__RESTORE_PHASE_H
#define CAPIMG__RESTORE_PHASE_H

#include "libimage/core/generated/image.h"

namespace Capimg::Engine
{

/* in this order; a row of a table in restore_phase.cc for each */
enum class Phase : uint8_t {
	PD,          /* PD session with its companions, and the parent */
	SESSIONS,    /* CPU, ROM, RM, LOG and sessions that are opened anew, with companions */
	EXTERNALS,   /* objects of other components */
	DATASPACES,  /* RAM */
	THREADS,     /* in the order of slots, with gates */
	RPC_OBJECTS, /* of the component's own, dangling ones last */
	SIGNALS,     /* sources, then contexts */
	REGION_MAPS, /* those of RM sessions, with managed dataspaces */
	TIMERS,
	HANDLERS,      /* contexts handed to sessions, region maps, threads */
	BADGES,        /* one step: the badge map is known and checked */
	CONTENT,       /* dataspaces filled */
	REGIONS,       /* attached, a step for each region map */
	PATCH,         /* one step: map, pools, raw badges, manifest; and the proof */
	INSTALL,       /* one step for each capability space */
	THREAD_STATE,  /* registers, UTCBs, wakeups */
	START,         /* every started thread, up to the barrier */
	SERVICES,      /* announced */
	RELEASE_CALLS, /* servers and clients of calls in service, outermost first */
	RELEASE,       /* all other threads */
	PENDING,       /* signals submitted */
	TIMEOUTS,      /* armed */
};

static constexpr unsigned PHASE_COUNT = unsigned(Phase::TIMEOUTS) + 1;

char const *phase_name(Phase); /* "threads", for JSON; never null */
char const *phase_text(Phase); /* "Threads, in the order of their slots" */

/* which steps a phase has */
enum class Phase_scope : uint8_t {
	CREATE, /* one for each object that is made in it */
	OBJECT, /* one for each object that was made, and of which 'has' is true */
	ONCE,   /* one */
	SPACE,  /* one for each capability space */
	CALLS,  /* one for each call in service */
};

struct Phase_row
{
	char const *name, *text;
	Phase_scope scope;
	/* of OBJECT, else null */
	bool (*has)(Wire::Struct_list_reader<Metadata::Object::Reader> const &,
				Metadata::Object::Reader const &);
};

Phase_row const &phase_row(Phase);

/* the phase in which objects of a kind are made if they are made at all; false: in none */
bool phase_of(Metadata::Object::Which, Phase &);

}

#endif /* CAPIMG__RESTORE_PHASE_H */
