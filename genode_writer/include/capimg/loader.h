/*
 * Restoring a component
 *
 * 'verify' checks everything that can be checked without creating an object: the bytes of all
 * images of the chain, machine, sessions, modules, quota, and that memory and manifest agree.
 * 'restore' then executes the plan's steps. If one fails, all that were done are undone in reverse
 * order, and the system is as before. Not to be shared between threads.
 */

#ifndef CAPIMG__ENGINE__LOADER_H
#define CAPIMG__ENGINE__LOADER_H

#include "capimg/chain.h"
#include "capimg/restore_plan.h"
#include "capimg/target.h"
#include "libimage/core/badge_map.h"
#include "libimage/core/badge_rewrite.h"

namespace Capimg::Engine
{

/* told what happens, for logs and reports */
class Step_sink : Noncopyable
{
  protected:
	~Step_sink() = default;

  public:
	/* before a step is executed, or undone; steps that leave nothing behind are not undone */
	virtual void step(Step const &, bool) {}
};

class Loader : Noncopyable
{
  public:
	/*
	 * Bytes for the order of steps, new badges, and re-seating of trees
	 *
	 * About 100 for each object of the manifest, and 25 for each capability. Nothing is needed
	 * besides but what the chain was given.
	 */
	static size_t badges_size(Metadata::Manifest::Reader const &);

  private:
	Chain &_chain;
	Target &_target;
	Policy const _policy;
	Bytes const _memory;
	Metadata::Manifest::Reader const _manifest;
	Wire::Struct_list_reader<Metadata::Object::Reader> const _objects;

	Restore_plan _plan;
	Bytes _assignment_work {}, _old_work {}, _rewrite_work {}; /* parts of it */

	Badge_assignment *_badges = nullptr; /* while 'restore' runs */
	uint64_t *_old = nullptr;            /* badges of all objects before the restore */

	bool _planned = false, _verified = false, _patched = false;
	uint32_t _done = 0; /* steps */

	using Object = Metadata::Object;

	/* what is done in a phase; rows of a table in loader.cc */
	struct Action;
	static Action const &_action(Phase);

	Object::Reader _object(uint32_t number) const { return _objects[number]; }
	uint32_t _id(uint32_t number) const { return _object(number).id(); }

	Status _make(uint32_t);
	Status _take_badge(uint32_t, uint64_t badge);
	Status _check_badges(uint32_t);
	Status _fill(uint32_t);
	Status _fill(uint32_t id, Block_range const &, Copy);
	Status _attach(uint32_t);
	Status _patch(uint32_t);
	Status _patch_space(Badge_rewrite &);
	Status _prove();
	Status _install(uint32_t space);
	Status _connect(uint32_t);
	Status _thread_state(uint32_t);
	Status _start(uint32_t);
	Status _release_call(uint32_t);
	Status _release(uint32_t);
	Status _submit(uint32_t);
	Status _arm(uint32_t);

	void _destroy(uint32_t);
	void _detach(uint32_t);
	void _detach(uint32_t, uint32_t regions);
	void _unpatch(uint32_t);
	void _stop(uint32_t);

	Status _execute(Step_sink &);
	void _undo(Step_sink &);

  public:
	/*
	 * The chain is connected, and outlives this; its newest image's message will be patched
	 *
	 * memory  'badges_size' bytes, which outlive this
	 *
	 * Once 'restore' has succeeded, the message says what the target's badges are.
	 */
	Loader(Chain &chain, Target &target, Policy const &policy, Bytes memory);

	Restore_plan const &plan() const { return _plan; }

	/*
	 * REFUSED if 'refusals' were reported, all of them. Other errors are those of the chain
	 * (damage, missing codecs), whatever was reported before, and NO_SPACE. Nothing is created.
	 * BAD_STATE once restored.
	 */
	Status verify(Refusal_sink &refusals);

	/*
	 * BAD_STATE without a 'verify' that succeeded, and if it is restored already. 'field' of an
	 * error is the name of the phase at which it came up, where the target or image gave none.
	 * May be tried again after a failure.
	 */
	Status restore(Step_sink &);

	/* take down what 'restore' has made, running threads included */
	void destroy();
};

}

#endif /* CAPIMG__ENGINE__LOADER_H */
