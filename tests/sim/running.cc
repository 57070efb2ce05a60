#include "running.h"

#include <ostream>

namespace Capimg::Sim
{

void Running::step(Thread &t)
{
	if (_trace) {
		uint64_t const ip = t.reg[IP];
		unsigned const routine = unsigned((ip - CODE) / ROUTINE_SIZE);
		*_trace << _ecu.time << " slot " << t.slot << ' '
				<< (ip >= CODE && routine < ROUTINES ? program(routine).name : "?") << ' '
				<< ip % ROUTINE_SIZE / STEP_SIZE << '\n';
	}
	Cpu(_ecu, t, _memory, _binary).step();
	if (_trace && t.run == Thread::Run::FAULT) *_trace << "  " << t.fault << '\n';
	Kernel(_ecu).tick();
}

unsigned Running::run(unsigned steps)
{
	std::vector<Thread *> ready;
	unsigned done = 0;
	for (unsigned idle = 0; done < steps && idle < 200;) {
		ready.clear();
		for (Thread *t : _pd.threads)
			if (t && t->run == Thread::Run::READY) ready.push_back(t);
		if (ready.empty()) {

			/* somebody may wait for time to pass */
			Kernel(_ecu).tick();
			idle++;
			continue;
		}
		idle = 0;
		step(*ready[_ecu.random.below(ready.size())]);
		done++;
	}
	return done;
}

bool Running::finish(unsigned steps) { return run(steps) < steps; }

}
