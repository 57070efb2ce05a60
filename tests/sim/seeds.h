/*
 * How many seeds the tests run
 */

#ifndef CAPIMG__TESTS__SIM__SEEDS_H
#define CAPIMG__TESTS__SIM__SEEDS_H

#include <cstdint>

namespace Capimg::Sim
{

/* of 'count' seeds an eighth with sanitizers, which take about as many times as long */
constexpr uint64_t seeds(uint64_t count)
{
#ifdef CAPIMG_SANITIZED
	return (count + 7) / 8;
#else
	return count;
#endif
}

}

#endif /* CAPIMG__TESTS__SIM__SEEDS_H */
