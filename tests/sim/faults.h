/*
 * The k-th operation fails
 *
 * Operations of core, allocations, sessions, appends and reads all count here.
 */

#ifndef CAPIMG__TESTS__SIM__FAULTS_H
#define CAPIMG__TESTS__SIM__FAULTS_H

#include <cstdint>

namespace Capimg::Sim
{

class Faults
{
	uint64_t _count = 0;
	uint64_t _fail_at = 0;
	bool _failed = false;
	bool _forever = false;

  public:
	/* count from now on; operation 'k' from 1 on fails, 0: none; or all from 'k' on */
	void arm(uint64_t k, bool forever = false)
	{
		_forever = forever;
		_count = 0;
		_fail_at = k;
		_failed = false;
	}

	bool hit()
	{
		_count++;
		if (_forever ? !_fail_at || _count < _fail_at : _count != _fail_at) return false;
		_failed = true;
		return true;
	}

	uint64_t count() const { return _count; }
	bool failed() const { return _failed; }
};

}

#endif /* CAPIMG__TESTS__SIM__FAULTS_H */
