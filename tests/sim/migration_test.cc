/*
 * Components that move: whatever they were doing, each call and signal is executed exactly once
 */

#include <gtest/gtest.h>

#include "journey.h"
#include "tests/support/rounds.h"

namespace
{

using namespace Capimg;
using namespace Capimg::Sim;

class Migration : public testing::TestWithParam<unsigned>
{};

/* a machine to another one */
TEST_P(Migration, components_go_on_as_if_nothing_had_happened)
{
	for (uint64_t seed = 1; seed <= Capimg::Test::rounds(200); seed++) {
		Journey journey(seed, GetParam());
		ASSERT_EQ(journey.once(), "") << "seed " << seed << ", layout " << GetParam();
	}
}

TEST_P(Migration, chains_of_machines_and_back)
{
	for (uint64_t seed = 1; seed <= Capimg::Test::rounds(40); seed++) {
		Journey journey(seed, GetParam());
		ASSERT_EQ(journey.around(), "") << "seed " << seed << ", layout " << GetParam();
	}
}

/*
 * Seeds that failed once: how is said in docs/SIMULATION.md
 */

std::string once(uint64_t seed, unsigned layout) { return Journey(seed, layout).once(); }
std::string around(uint64_t seed, unsigned layout) { return Journey(seed, layout).around(); }

/* a pool whose tree is being changed is not found, and so its lock is not looked at */
TEST(Regression, pool_amid_an_operation)
{
	EXPECT_EQ(once(14, 6), "");
	EXPECT_EQ(once(14, 7), "");
	EXPECT_EQ(around(32, 1), "");
	EXPECT_EQ(around(32, 4), "");
}

/* told where a map is that is a list, the engine takes one whose head it does not see */
TEST(Regression, list_at_an_address_amid_an_operation)
{
	for (uint64_t seed = 1; seed < 150; seed++) {
		Journey journey(seed, 7);
		journey.address_for_lists = true;
		EXPECT_EQ(journey.around(), "") << "seed " << seed;
	}
}

/* a capability that points to the list's first entry was taken for the list's head */
TEST(Regression, capability_like_the_head_of_a_list) { EXPECT_EQ(around(221, 6), ""); }

/* the parent's capability is of no object, but goes with the PD */
TEST(Regression, parent_goes_with_a_failed_restore) { EXPECT_EQ(around(107, 6), ""); }

INSTANTIATE_TEST_SUITE_P(layouts, Migration, testing::ValuesIn(running_layouts()));

}
