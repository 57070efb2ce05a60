/*
 * Checkpoints on top of one another
 */

#include <gtest/gtest.h>

#include "libimage/image_chain.h"
#include "libimage/squash.h"
#include "life.h"
#include "tests/support/rounds.h"
#include "tests/support/small_image.h"

namespace
{

using namespace Capimg;
using namespace Capimg::Sim;

class Deltas : public testing::TestWithParam<unsigned>
{};

TEST_P(Deltas, a_squashed_chain_is_the_full_checkpoint)
{
	for (uint64_t seed = 50; seed < 56; seed++) {
		Life life(seed, GetParam(), 4);

		/* the same moment once more, as a whole */
		Checkpointer again(life.journey.node(), life.journey.facts, seed);
		again.origin.sequence = life.checkpointer->origin.sequence - 1;
		Image_bytes full;
		ASSERT_EQ(text(again.take(full)), "");

		auto const opened =
			std::make_shared<Image>(Capimg::Test::open_image(on_host(life.images.back())));
		Images parents;
		for (size_t i = 0; i + 1 < life.images.size(); i++)
			parents.push_back(
				std::make_shared<Image>(Capimg::Test::open_image(on_host(life.images[i]))));
		connect_parents(*opened, parents, Ancestors::ALL);
		Memory_sink sink;
		(void)squash(*opened, sink, { .threads = 1 });
		auto const host = on_host(full);
		ASSERT_TRUE(std::equal(host.begin(), host.end(), sink.bytes().begin(), sink.bytes().end()))
			<< "seed " << seed;
	}
}

TEST_P(Deltas, a_chain_is_restored)
{
	for (uint64_t seed = 60; seed < 60 + Capimg::Test::rounds(10); seed++) {
		Life life(seed, GetParam(), 3);
		ASSERT_EQ(life.restore_there(life.newest_first()), "") << "seed " << seed;
	}
}

TEST_P(Deltas, the_wrong_parent_is_refused)
{
	Life life(71, GetParam(), 3), other(72, GetParam(), 1);
	life.checkpointer.reset();
	ASSERT_EQ(life.journey.node().take_down(), "");
	Node &target = life.journey.node(1);
	std::string const before = target.ecu.fingerprint();

	auto refused = [&](std::vector<Image_bytes const *> const &images) {
		Restorer restorer(target, life.journey.facts);
		return restorer.restore(images, default_policy()).code;
	};
	EXPECT_EQ(refused({ &life.images[2], &life.images[0] }), Code::WRONG_PARENT);
	EXPECT_EQ(refused({ &life.images[1], &other.images[0] }), Code::WRONG_PARENT);
	EXPECT_EQ(refused({ &life.images[2], &life.images[1] }), Code::NO_PARENT);
	EXPECT_EQ(refused({ &life.images[1] }), Code::NO_PARENT);
	EXPECT_EQ(target.ecu.fingerprint(), before);
}

INSTANTIATE_TEST_SUITE_P(layouts, Deltas, testing::ValuesIn(running_layouts()));

}
