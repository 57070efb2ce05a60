#include "capimg/loader.h"

#include "capimg/memory_check.h"

namespace Capimg::Engine
{

using namespace Metadata;

/* part of the caller's memory; too short where that is: who uses it says NO_SPACE */
static Bytes part(Bytes all, size_t from, size_t size)
{
	from = min(from, all.size());
	return { all.base() + from, min(size, all.size() - from) };
}

namespace
{

/* what needs how much of the memory for badges */
struct Sizes
{
	size_t plan, assignment, old, rewrite;

	explicit Sizes(Manifest::Reader const &manifest)
		: plan(Restore_plan::work_size(manifest)),
		  assignment(Badge_assignment::work_size(manifest)),
		  old(Arena::size_of<uint64_t>(manifest.objects().size())),
		  rewrite(Badge_rewrite::work_size(manifest))
	{}
};

}

size_t Loader::badges_size(Manifest::Reader const &manifest)
{
	Sizes const sizes(manifest);
	return sizes.plan + sizes.assignment + sizes.old + sizes.rewrite;
}

Loader::Loader(Chain &chain, Target &target, Policy const &policy, Bytes memory)
	: _chain(chain),
	  _target(target),
	  _policy(policy),
	  _memory(memory),
	  _manifest(chain.newest().manifest()),
	  _objects(_manifest.objects()),
	  _plan(_manifest, part(memory, 0, Restore_plan::work_size(_manifest)))
{
	Sizes const sizes(_manifest);
	size_t at = sizes.plan;
	_assignment_work = part(memory, at, sizes.assignment);
	at += sizes.assignment;
	_old_work = part(memory, at, sizes.old);
	at += sizes.old;
	_rewrite_work = part(memory, at, sizes.rewrite);
}

namespace
{

struct Counting_sink final : Refusal_sink
{
	Refusal_sink &next;
	bool any = false;

	explicit Counting_sink(Refusal_sink &next) : next(next) {}

	void refusal(Refusal const &refusal) override
	{
		any = true;
		next.refusal(refusal);
	}
};

}

Status Loader::verify(Refusal_sink &refusals)
{
	if (_done) return { Code::BAD_STATE, 0, "verify" };
	_verified = false;

	if (_memory.size() < badges_size(_manifest))
		return { Code::NO_SPACE, 0, "work", _memory.size(), badges_size(_manifest) };

	if (!_planned)
		if (Status const s = _plan.open()) return s;
	_planned = true;

	Counting_sink sink(refusals);
	_plan.check(_chain.newest().head(), _target, _policy, sink);
	if (Status const s = check_memory(_chain, _plan, _policy, _rewrite_work, sink)) return s;
	if (sink.any) return { Code::REFUSED, 0, "image" };

	_verified = true;
	return ok;
}

struct Loader::Action
{
	Status (Loader::*run)(uint32_t);
	void (Loader::*undo)(uint32_t); /* null: undone with what others made */
};

Loader::Action const &Loader::_action(Phase phase)
{
	static constexpr Action MAKE { &Loader::_make, &Loader::_destroy };

	/* in the order of phases */
	static constexpr Action ACTIONS[] {
		MAKE,
		MAKE,
		MAKE,
		MAKE,
		MAKE,
		MAKE,
		MAKE,
		MAKE,
		MAKE,
		{ &Loader::_connect, nullptr },
		{ &Loader::_check_badges, nullptr },
		{ &Loader::_fill, nullptr },
		{ &Loader::_attach, &Loader::_detach },
		{ &Loader::_patch, &Loader::_unpatch },
		{ &Loader::_install, nullptr },
		{ &Loader::_thread_state, nullptr },
		{ &Loader::_start, &Loader::_stop },
		MAKE,
		{ &Loader::_release_call, nullptr },
		{ &Loader::_release, nullptr },
		{ &Loader::_submit, nullptr },
		{ &Loader::_arm, nullptr },
	};
	static_assert(sizeof(ACTIONS) / sizeof(ACTIONS[0]) == PHASE_COUNT);
	return ACTIONS[unsigned(phase)];
}

Status Loader::_execute(Step_sink &sink)
{
	for (uint32_t const count = _plan.steps(); _done < count; _done++) {
		Step const step = _plan.step(_done);
		sink.step(step, false);

		Status status = (this->*_action(step.phase).run)(step.object);
		if (!status) continue;
		if (!status.field[0]) status.field = phase_name(step.phase);
		return status;
	}
	return ok;
}

void Loader::_undo(Step_sink &sink)
{
	while (_done) {
		Step const step = _plan.step(--_done);
		auto const undo = _action(step.phase).undo;
		if (!undo) continue;
		sink.step(step, true);
		(this->*undo)(step.object);
	}
}

Status Loader::restore(Step_sink &sink)
{
	if (!_verified || _done) return { Code::BAD_STATE, 0, "restore" };

	Badge_assignment badges(_manifest, _assignment_work);
	if (Status const s = badges.open()) return s;

	_old = Arena(_old_work).take<uint64_t>(badges.count());
	if (!_old && badges.count()) return { Code::NO_SPACE, 0, "work" };
	for (uint32_t i = 0; i < badges.count(); i++) _old[i] = badges.old_badge(i);

	_badges = &badges;
	Status const status = _execute(sink);
	_badges = nullptr;
	if (status) _undo(sink);
	return status;
}

void Loader::destroy()
{
	struct Silent final : Step_sink
	{
	} silent;
	_undo(silent);
}

}
