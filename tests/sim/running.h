/*
 * A component on a machine, and the machine's scheduler
 */

#ifndef CAPIMG__TESTS__SIM__RUNNING_H
#define CAPIMG__TESTS__SIM__RUNNING_H

#include <iosfwd>

#include "component.h"

namespace Capimg::Sim
{

class Running : Noncopyable
{
	Ecu &_ecu;
	Pd &_pd;
	Binary const &_binary;
	Address_space _memory;
	std::ostream *_trace = nullptr;

  public:
	Running(Ecu &ecu, Pd &pd, Binary const &binary)
		: _ecu(ecu), _pd(pd), _binary(binary), _memory(ecu, pd)
	{}

	Ecu &ecu() { return _ecu; }
	Pd &pd() { return _pd; }
	Address_space &memory() { return _memory; }

	/* each step is written there */
	void trace(std::ostream *out) { _trace = out; }

	/* one step of this thread, which is ready */
	void step(Thread &);

	/* threads by chance, for so many steps, or until none is ready; returns the steps */
	unsigned run(unsigned steps);

	/* until all have done what they had to do, or 'steps' are over: false */
	bool finish(unsigned steps);
};

}

#endif /* CAPIMG__TESTS__SIM__RUNNING_H */
