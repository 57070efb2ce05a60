/*
 * Components that nobody captures: the simulation itself
 */

#include <gtest/gtest.h>

#include "properties.h"
#include "tests/support/rounds.h"

namespace
{

using namespace Capimg;
using namespace Capimg::Sim;

class Alone : public testing::TestWithParam<unsigned>
{};

TEST_P(Alone, components_finish_and_everything_holds)
{
	for (uint64_t seed = 1; seed <= Capimg::Test::rounds(10); seed++) {
		Ecu ecu({ seed, GetParam(), Badge_alloc::Reuse(seed % 3), 50 });
		furnish(ecu);
		Facts facts;
		Component_options options;
		options.seed = seed;
		Pd &pd = make_component(ecu, options, facts);
		Running running(ecu, pd, facts.binary);
		EXPECT_EQ(check_capabilities(running, facts), "") << "seed " << seed;
		EXPECT_EQ(check_quota(ecu), "") << "seed " << seed;
		EXPECT_TRUE(running.finish(200000)) << "seed " << seed;
		ASSERT_EQ(check_finished(running, facts, { &ecu }), "") << "seed " << seed;
		ASSERT_EQ(check_capabilities(running, facts), "") << "seed " << seed;
		ASSERT_EQ(check_quota(ecu), "") << "seed " << seed;
	}
}

INSTANTIATE_TEST_SUITE_P(layouts, Alone, testing::ValuesIn(running_layouts()));

}
