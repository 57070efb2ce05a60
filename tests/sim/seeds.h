/*
 * How many seeds the tests run
 */

#ifndef CAPIMG__TESTS__SIM__SEEDS_H
#define CAPIMG__TESTS__SIM__SEEDS_H

#include <cstdint>

namespace Capimg::Sim
{

/* of 'count' seeds a third with sanitizers, which take five times as long; for tests only */
constexpr uint64_t seeds(uint64_t count)
{
#ifdef CAPIMG_SANITIZED
	return (count + 2) / 3;
#else
	return count;
#endif
}

}

#endif /* CAPIMG__TESTS__SIM__SEEDS_H */
