/*
 * All chance of a simulation: a seed gives the same run on every machine
 */

#ifndef CAPIMG__TESTS__SIM__RANDOM_H
#define CAPIMG__TESTS__SIM__RANDOM_H

#include <cstdint>
#include <random>

namespace Capimg::Sim
{

class Random
{
	std::mt19937_64 _engine;

  public:
	explicit Random(uint64_t seed) : _engine(seed * 0x9e3779b97f4a7c15 + 1) {}

	uint64_t word() { return _engine(); }
	uint64_t below(uint64_t bound) { return bound ? _engine() % bound : 0; }
	bool chance(unsigned one_in) { return below(one_in) == 0; }
	uint64_t between(uint64_t low, uint64_t high) { return low + below(high - low + 1); }
};

}

#endif /* CAPIMG__TESTS__SIM__RANDOM_H */
