/*
 * Timers that are captured amid a period
 */

#include <gtest/gtest.h>

#include "journey.h"

namespace
{

using namespace Capimg;
using namespace Capimg::Sim;

Timer_session *timer_of(Ecu const &ecu)
{
	for (Object *o : ecu.clocked())
		if (Timer_session *timer = as<Timer_session>(o)) return timer;
	return nullptr;
}

class Timers : public testing::TestWithParam<unsigned>
{};

TEST_P(Timers, a_period_goes_on_where_it_was)
{
	unsigned running = 0;
	for (uint64_t seed = 300; seed < 320; seed++) {
		Journey journey(seed, GetParam());
		journey.options.periodic = true;
		ASSERT_TRUE(journey.begin());

		uint64_t period = 0, elapsed = 0;
		Image_bytes image;
		{
			Ecu const &ecu = journey.node().ecu;
			Checkpointer checkpointer(journey.node(), journey.facts, seed);
			ASSERT_EQ(text(checkpointer.take(image, {},
											 [&] {
												 Timer_session const &timer = *timer_of(ecu);
												 period = timer.timeout;
												 elapsed = period ? ecu.time - timer.started_at : 0;
												 EXPECT_EQ(timer.periodic, period != 0);
											 })),
					  "");
		}
		ASSERT_EQ(journey.node().take_down(), "");

		/* the clock there has run for longer than a period */
		Node &target = journey.node(1);
		target.ecu.time = 1000 + journey.random().below(1000);
		Restorer restorer(target, journey.facts);
		ASSERT_EQ(text(restorer.restore({ &image }, default_policy())), "") << "seed " << seed;
		Timer_session const &timer = *timer_of(target.ecu);
		EXPECT_EQ(timer.timeout, period) << "seed " << seed;
		if (period) {
			running++;
			EXPECT_LT(elapsed, period);
			EXPECT_TRUE(timer.periodic);
			EXPECT_EQ(target.ecu.time - timer.started_at, elapsed) << "seed " << seed;
		}
		ASSERT_TRUE(target.running().finish(300000)) << "seed " << seed;
		ASSERT_EQ(check_finished(target.running(), journey.facts, journey.machines()), "")
			<< "seed " << seed;
	}
	EXPECT_GT(running, 2u);
}

INSTANTIATE_TEST_SUITE_P(layouts, Timers, testing::ValuesIn(running_layouts()));

}
