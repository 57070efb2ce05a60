/*
 * How long something takes, over several runs
 */

#ifndef CAPIMG__TESTS__BENCH__TIMES_H
#define CAPIMG__TESTS__BENCH__TIMES_H

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace Capimg::Test
{

/* nanoseconds, run by run */
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

	/* all of them: ratios are taken run by run */
	std::string json() const
	{
		std::string text = "[";
		for (double const sample : samples)
			text += (text.size() > 1 ? ", " : "") + std::to_string(std::uint64_t(sample));
		return text + "]";
	}
};

}

#endif /* CAPIMG__TESTS__BENCH__TIMES_H */
