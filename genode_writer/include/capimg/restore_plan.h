/*
 * What the loader will do, in which order: worked out before anything is done
 *
 * The order is that of the phases; within a phase objects come by ascending old badges (threads
 * by slots), so that new badges ascend as the old ones did where the system lets them. Companions
 * follow the object they come with, by their ids. 'capimg plan' prints what the loader executes:
 * both walk the same steps. Nothing here takes more than n log n in the size of the manifest.
 */

#ifndef CAPIMG__ENGINE__RESTORE_PLAN_H
#define CAPIMG__ENGINE__RESTORE_PLAN_H

#include "capimg/code_spans.h"
#include "capimg/environment.h"
#include "capimg/refusal.h"
#include "capimg/restore_calls.h"
#include "capimg/restore_phase.h"
#include "capimg/restore_roles.h"

namespace Capimg::Engine
{

struct Step
{
	Phase phase {};

	/* number in the manifest, not the id; of the space for INSTALL; 0 for BADGES and PATCH */
	uint32_t object = 0;

	bool operator==(Step const &) const = default;
};

class Restore_plan : Noncopyable
{
	Metadata::Manifest::Reader const _manifest;
	Arena _arena;
	Restore_roles _roles;
	Restore_calls _calls;
	Code_spans _unsafe_code {};

	uint32_t *_steps = nullptr;
	uint32_t _begin[PHASE_COUNT + 1] {}; /* of each phase, in '_steps' */

	uint32_t _phases_of(uint32_t object) const;
	void _count(uint32_t const *order, uint32_t made);
	void _place(uint32_t const *order, uint32_t made);

  public:
	static size_t work_size(Metadata::Manifest::Reader const &);

	/* 'manifest' has passed 'check_manifest'; 'work' holds 'work_size' bytes and outlives this */
	Restore_plan(Metadata::Manifest::Reader const &manifest, Bytes work)
		: _manifest(manifest), _arena(work), _roles(manifest), _calls(manifest, _roles)
	{}

	/* NO_SPACE */
	Status open();

	Metadata::Manifest::Reader const &manifest() const { return _manifest; }
	Restore_roles const &roles() const { return _roles; }
	Restore_calls const &calls() const { return _calls; }
	Code_spans const &unsafe_code() const { return _unsafe_code; }

	/*
	 * Report every reason for which this image cannot be restored there
	 *
	 * Memory is not looked at, but for what the manifest says of it: see memory_check.h. Without
	 * a PD only the machine is compared.
	 */
	void check(Head const &, Environment const &, Policy const &, Refusal_sink &) const;

	/* quota that the component needs: its own, at least what its objects take, and its sessions' */
	struct Need
	{
		uint64_t ram = 0, caps = 0;
	};
	Need need() const;

	/* number of steps, and step 'n' of them; in O(1) after 'open' but for a search over phases */
	uint32_t steps() const { return _begin[PHASE_COUNT]; }
	Step step(uint32_t n) const;

	/* the steps of a phase are [first, end) */
	uint32_t first(Phase phase) const { return _begin[unsigned(phase)]; }
	uint32_t end(Phase phase) const { return _begin[unsigned(phase) + 1]; }
};

}

#endif /* CAPIMG__ENGINE__RESTORE_PLAN_H */
