/*
 * Signals and timers
 */

#include "maker.h"

namespace Capimg::Sim
{

using namespace Field;

void Maker::_make_signals()
{
	Source &source = must(_ecu.create<Source>(Kind::SOURCE, _label("source"), _own(0)));
	source.semaphore = &must(
		_ecu.create<Semaphore>(Kind::SEMAPHORE, source.label + ".semaphore", _part_of(source)));
	source.semaphore->source = &source;

	uint64_t const data = _allocate(SIGNALS_WORDS);
	_store(data, SEMAPHORE_CAP, _give(*source.semaphore));
	_store(data, SOURCE_CAP, _give(source));
	source.semaphore->bound = &_thread(SIGNALS, data);

	auto context = [&](uint64_t &handler) -> Context & {
		Context &c = must(_ecu.create<Context>(Kind::CONTEXT, _label("context"), _own(0)));
		handler = _allocate(HANDLER_WORDS);
		_facts.handlers.push_back(handler);
		c.source = &source;
		c.imprint = handler;
		return c;
	};

	uint64_t const submitter = _allocate(FIRST + 3 * VARIABLE_WORDS);
	_store(submitter, ROUNDS, _options.rounds * 2);
	_store(submitter, VARIABLES, 3);
	for (unsigned i = 0; i < 3; i++) {
		uint64_t handler = 0;
		uint64_t const v = _variable(submitter, i);
		_store(v, CAP, _give(context(handler)));
		_store(v, PASSED, handler);
	}
	_thread(SUBMITTER, submitter);

	auto &timer = _session<Timer_session>(Kind::TIMER, "Timer", "ram_quota=8192, cap_quota=3");
	uint64_t handler = 0;
	Context &tick = context(handler);
	_facts.handlers.pop_back(); /* signals of timers are not counted by who submits */
	timer.handler = &tick;
	tick.holder = &timer;
	_give(tick);

	/* the parent holds one, too */
	Context &resource = context(handler);
	_facts.handlers.pop_back();
	resource.holder = _pd->parent;

	uint64_t const data_of_timer = _allocate(FIRST + VARIABLE_WORDS);
	_store(data_of_timer, ROUNDS, 2 + _random.below(4));
	_store(data_of_timer, PERIODIC, _options.periodic);
	uint64_t const v = _variable(data_of_timer, 0);
	_store(v, CAP, _give(timer));
	_store(v, IDENTITY, timer.identity);
	Thread &client = _thread(TIMER, data_of_timer);
	_store(tick.imprint, WAKES, client.slot + 1);
}

}
