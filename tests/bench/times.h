/*
 * How long something takes, over several runs
 */

#ifndef CAPIMG__TESTS__BENCH__TIMES_H
#define CAPIMG__TESTS__BENCH__TIMES_H

#include <algorithm>
#include <chrono>
#include <vector>

namespace Capimg::Test
{

/* nanoseconds */
struct Times
{
	std::vector<double> samples {};

	template <typename FN>
	void measure(FN const &work)
	{
		auto const start = std::chrono::steady_clock::now();
		work();
		std::chrono::duration<double, std::nano> const time =
			std::chrono::steady_clock::now() - start;
		samples.push_back(time.count());
	}

	double median()
	{
		auto const middle = samples.begin() + std::ptrdiff_t(samples.size() / 2);
		std::nth_element(samples.begin(), middle, samples.end());
		return *middle;
	}
};

}

#endif /* CAPIMG__TESTS__BENCH__TIMES_H */
