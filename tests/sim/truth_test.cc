/*
 * The engine's images are, byte for byte, those that the simulation's truth gives
 */

#include <gtest/gtest.h>

#include "journey.h"
#include "truth.h"

namespace
{

using namespace Capimg;
using namespace Capimg::Sim;

class Truths : public testing::TestWithParam<unsigned>
{};

bool quiet(Pd const &pd, Facts const &)
{
	for (Thread const *t : pd.threads)
		if (t && (t->run == Thread::Run::FOREIGN || !t->log.empty())) return false;
	return true;
}

/* offset of the first byte that differs, or ~0 */
size_t first_difference(Image_bytes const &a, std::vector<std::byte> const &b)
{
	for (size_t i = 0; i < std::max(a.size(), b.size()); i++)
		if (i >= a.size() || i >= b.size() || a[i] != uint8_t(b[i])) return i;
	return ~size_t(0);
}

TEST_P(Truths, the_engine_writes_what_is_there)
{
	unsigned compared = 0;
	for (uint64_t seed = 2000; seed < 2040; seed++) {
		Journey journey(seed, GetParam());
		journey.spot = quiet;
		if (!journey.begin()) continue;
		Node &node = journey.node();
		std::vector<std::byte> const truth = Truth(*node.hosted, journey.facts).image();

		/* as long as nobody had to run on to get to a point that is consistent */
		uint64_t const time = node.ecu.time;
		Checkpointer checkpointer(node, journey.facts, seed);
		Image_bytes image;
		ASSERT_EQ(text(checkpointer.take(image)), "") << "seed " << seed;
		if (node.ecu.time != time) continue;
		compared++;
		if (compared == 1) {
			node.running().run(1);
			EXPECT_NE(first_difference(image, Truth(*node.hosted, journey.facts).image()),
					  ~size_t(0));
		}
		ASSERT_EQ(first_difference(image, truth), ~size_t(0))
			<< "seed " << seed << ", " << image.size() << " and " << truth.size() << " bytes";
	}
	EXPECT_GT(compared, 10u);
}

INSTANTIATE_TEST_SUITE_P(layouts, Truths, testing::ValuesIn(running_layouts()));

}
