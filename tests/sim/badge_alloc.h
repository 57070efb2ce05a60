/*
 * Core's allocator of badges
 *
 * On Fiasco.OC multiples of 4 of up to 16 or 28 bit, elsewhere any number. Badges that were freed
 * are given out again: which of them first is the policy. A system that has run for a while has
 * holes.
 */

#ifndef CAPIMG__TESTS__SIM__BADGE_ALLOC_H
#define CAPIMG__TESTS__SIM__BADGE_ALLOC_H

#include <deque>
#include <set>

#include "random.h"

namespace Capimg::Sim
{

class Badge_alloc
{
  public:
	enum class Reuse { LOWEST, FIFO, RANDOM };

  private:
	uint64_t const _step, _highest;
	Reuse const _reuse;
	Random _random;
	uint64_t _next; /* never given out, as all above */
	std::deque<uint64_t> _freed {};
	std::set<uint64_t> _used {};

  public:
	Badge_alloc(uint64_t step, uint64_t highest, Reuse reuse, uint64_t seed);

	/* 0: there is none left */
	uint64_t alloc();
	void free(uint64_t badge);

	/* badges that came and went before anybody looked */
	void age(unsigned count);

	std::set<uint64_t> const &used() const { return _used; }
	uint64_t step() const { return _step; }
	uint64_t highest() const { return _highest; }
};

}

#endif /* CAPIMG__TESTS__SIM__BADGE_ALLOC_H */
