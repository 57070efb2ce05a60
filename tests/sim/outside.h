/*
 * A client in another component, which calls objects of the one that is tested
 *
 * It has a PD and a thread of its own, which no checkpoint knows. When the component goes, its
 * capabilities are dead.
 */

#ifndef CAPIMG__TESTS__SIM__OUTSIDE_H
#define CAPIMG__TESTS__SIM__OUTSIDE_H

#include "kernel.h"

namespace Capimg::Sim
{

class Outside : Noncopyable
{
	Ecu &_ecu;
	Pd *_pd = nullptr;
	Thread *_thread = nullptr;
	std::vector<uint64_t> _callees {}; /* identities, by kcap */
	std::map<uint64_t, uint64_t> _answered {};
	uint64_t _called = 0; /* identity whose answer it waits for, 0: none */
	unsigned _wrong = 0;

  public:
	explicit Outside(Ecu &);
	~Outside();

	/* it gets a capability of this object */
	void give(Gate &);

	/* takes the answer if there is one, and calls the next object */
	void step();

	Thread::Run state() const { return _thread->run; }
	unsigned wrong() const { return _wrong; }

	/* requests that a server has received, by the object's identity */
	std::map<uint64_t, uint64_t> received() const;
};

}

#endif /* CAPIMG__TESTS__SIM__OUTSIDE_H */
