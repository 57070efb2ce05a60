/*
 * Components that move: whatever they were doing, each call and signal is executed exactly once
 */

#include <gtest/gtest.h>

#include "journey.h"

namespace
{

using namespace Capimg;
using namespace Capimg::Sim;

class Migration : public testing::TestWithParam<unsigned>
{};

/* a machine to another one */
TEST_P(Migration, components_go_on_as_if_nothing_had_happened)
{
	for (uint64_t seed = 1; seed <= 40; seed++) {
		Journey journey(seed, GetParam());
		ASSERT_EQ(journey.once(), "") << "seed " << seed << ", layout " << GetParam();
	}
}

TEST_P(Migration, chains_of_machines_and_back)
{
	for (uint64_t seed = 1; seed <= 10; seed++) {
		Journey journey(seed, GetParam());
		ASSERT_EQ(journey.around(), "") << "seed " << seed << ", layout " << GetParam();
	}
}

INSTANTIATE_TEST_SUITE_P(layouts, Migration, testing::ValuesIn(running_layouts()));

}
