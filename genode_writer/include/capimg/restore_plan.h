/*
 * What the loader will do, in which order: worked out before anything is done
 *
 * The order is that of the phases; within a phase objects come by ascending old badges (threads
 * by slots), so that new badges ascend as the old ones did where the system lets them. 'capimg
 * plan' prints what the loader executes: both walk the same steps.
 */

#ifndef CAPIMG__ENGINE__RESTORE_PLAN_H
#define CAPIMG__ENGINE__RESTORE_PLAN_H

#include "capimg/environment.h"
#include "capimg/refusal.h"
#include "libimage/core/arena.h"

namespace Capimg::Engine
{

/* in this order; a row of a table in restore_plan.cc for each */
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
	PATCH,         /* one step for each capability space: map, pools, raw badges */
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

struct Step
{
	Phase phase {};
	uint32_t object =
		0; /* number in the manifest, not the id; the space's number for PATCH, INSTALL */

	bool operator==(Step const &) const = default;
};

class Restore_plan : Noncopyable
{
	Metadata::Manifest::Reader const _manifest;
	Arena _arena;
	uint32_t *_order = nullptr; /* objects by the order of their creation */
	uint32_t *_calls = nullptr; /* threads that serve one another, outermost first */
	uint32_t _call_count = 0;

  public:
	static size_t work_size(Metadata::Manifest::Reader const &);

	/* 'manifest' has passed 'check_manifest'; 'work' holds 'work_size' bytes and outlives this */
	Restore_plan(Metadata::Manifest::Reader const &manifest, Bytes work)
		: _manifest(manifest), _arena(work)
	{}

	/* NO_SPACE */
	Status open();

	/*
	 * Report every reason for which this image cannot be restored there
	 *
	 * Memory is not looked at: 'ABSENT_MEMORY', 'REDACTED' and 'MEMORY' are the loader's to find.
	 */
	void check(Head const &, Environment const &, Policy const &, Refusal_sink &) const;

	/* quota that the component needs: its dataspaces, sessions, and what core keeps for it */
	struct Need
	{
		uint64_t ram = 0, caps = 0;
	};
	Need need() const;

	/* number of steps, and step 'n' of them; in O(1) after 'open' but for a search over phases */
	uint32_t steps() const;
	Step step(uint32_t n) const;
};

}

#endif /* CAPIMG__ENGINE__RESTORE_PLAN_H */
