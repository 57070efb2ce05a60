/*
 * How many rounds tests that take long go
 */

#ifndef CAPIMG__TESTS__SUPPORT__ROUNDS_H
#define CAPIMG__TESTS__SUPPORT__ROUNDS_H

namespace Capimg::Test
{

#ifdef CAPIMG_SANITIZED
inline constexpr unsigned PART = 4;
#else
inline constexpr unsigned PART = 1;
#endif

/* of 'count' rounds a quarter with sanitizers, which take about as many times as long */
constexpr unsigned rounds(unsigned count) { return (count + PART - 1) / PART; }

/* distance of places of which each 'distance'-th is tried, so that the sanitizers see all residues
 */
constexpr unsigned sparse(unsigned distance)
{
	return PART == 1 ? distance : distance * (PART + 1);
}

}

#endif /* CAPIMG__TESTS__SUPPORT__ROUNDS_H */
