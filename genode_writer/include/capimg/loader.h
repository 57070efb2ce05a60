/*
 * Restoring a component
 *
 * 'verify' checks everything that can be checked without creating an object: the bytes of all
 * images of the chain, machine, sessions, modules, quota, and that memory and manifest agree.
 * 'restore' then executes the plan's steps. If one fails, all that were done are undone in reverse
 * order, and the system is as before.
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
	/* before a step is executed, or undone */
	virtual void step(Step const &, bool) {}
};

class Loader : Noncopyable
{
  public:
	/* 256 KiB whatever the image's size: what the chain needs, and 16 KiB for the loader */
	static constexpr size_t WORK_SIZE = 256 * 1024;
	static_assert(Chain::WORK_SIZE <= WORK_SIZE);

	struct Memory
	{
		Bytes badges {}; /* 'badges_size': new badges, order of steps, re-seating of trees */
		Bytes work {};   /* WORK_SIZE, part of which the chain was given */
	};

	static size_t badges_size(Metadata::Manifest::Reader const &);

  private:
	Chain &_chain;
	Target &_target;
	Policy const _policy;
	Memory const _memory;
	bool _verified = false;

  public:
	/* the chain is connected; its newest image's message will be patched */
	Loader(Chain &chain, Target &target, Policy const &policy, Memory const &memory)
		: _chain(chain), _target(target), _policy(policy), _memory(memory)
	{}

	/*
	 * REFUSED if 'refusals' were reported; other errors are those of the chain: damage, missing
	 * codecs. Nothing is created.
	 */
	Status verify(Refusal_sink &refusals);

	/*
	 * BAD_STATE without a 'verify' that succeeded. 'field' of an error is the name of the phase
	 * at which it came up, where the target or image gave none.
	 */
	Status restore(Step_sink &);

	/* take down what 'restore' has made, running threads included */
	void destroy();
};

}

#endif /* CAPIMG__ENGINE__LOADER_H */
