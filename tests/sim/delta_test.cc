/*
 * Checkpoints on top of one another, and what the tools of the host make of them
 */

#include <gtest/gtest.h>

#include "libimage/image_chain.h"
#include "libimage/rewrite.h"
#include "libimage/squash.h"
#include "libimage/verify.h"
#include "life.h"
#include "seeds.h"
#include "tests/support/small_image.h"

namespace
{

using namespace Capimg;
using namespace Capimg::Sim;

std::span<std::byte const> on_host(Image_bytes const &image)
{
	return { reinterpret_cast<std::byte const *>(image.data()), image.size() };
}

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
	for (uint64_t seed = 60; seed < 60 + seeds(10); seed++) {
		Life life(seed, GetParam(), 3);
		life.checkpointer.reset();
		ASSERT_EQ(life.journey.node().take_down(), "");

		Node &target = life.journey.node(1);
		Restorer restorer(target, life.journey.facts);
		restorer.captured = life.captured;
		Status const s = restorer.restore(life.newest_first(), default_policy());
		ASSERT_EQ(text(s) + restorer.refusals.text, "") << "seed " << seed;
		ASSERT_EQ(restorer.difference, "") << "seed " << seed;
		ASSERT_TRUE(target.running().finish(300000));
		ASSERT_EQ(check_finished(target.running(), life.journey.facts, life.journey.machines()), "")
			<< "seed " << seed;
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

/* what the engine wrote, all checks of the host find sound */
TEST_P(Deltas, the_host_finds_images_sound)
{
	for (uint64_t seed = 80; seed < 84; seed++) {
		Life life(seed, GetParam(), 2);
		Verify_options options;
		options.threads = 1;
		for (Image_bytes const &image : life.images) {
			Capimg::Test::Temporary_file const file(on_host(image));
			Verify_report const report = verify(file.path(), options);
			EXPECT_TRUE(report.sound()) << "seed " << seed << ": " << report.findings[0].check
										<< ' ' << report.findings[0].message;
			options.parents = { std::make_shared<Image>(Capimg::Test::open_image(on_host(image))) };
		}
	}
}

/* the host gives all objects other badges, in another order; the loader gives them new ones */
TEST_P(Deltas, a_rewritten_image_is_restored)
{
	for (uint64_t seed = 90; seed < 94; seed++) {
		Life life(seed, GetParam(), 1);
		life.checkpointer.reset();
		ASSERT_EQ(life.journey.node().take_down(), "");

		Image const image = Capimg::Test::open_image(on_host(life.images[0]));
		Badge_request request;
		request.fresh = 0x2000;
		Rewrite_plan const plan(image, request);
		Memory_sink sink;
		(void)plan.write(sink, { 1, nullptr });
		auto const *const base = reinterpret_cast<uint8_t const *>(sink.bytes().data());
		Image_bytes const rewritten(base, base + sink.bytes().size());

		Node &target = life.journey.node(1);
		Restorer restorer(target, life.journey.facts);
		restorer.captured = life.captured;
		Status const s = restorer.restore({ &rewritten }, default_policy());
		ASSERT_EQ(text(s) + restorer.refusals.text, "") << "seed " << seed;
		ASSERT_EQ(restorer.difference, "") << "seed " << seed;
		ASSERT_TRUE(target.running().finish(300000));
		ASSERT_EQ(check_finished(target.running(), life.journey.facts, life.journey.machines()), "")
			<< "seed " << seed;
	}
}

INSTANTIATE_TEST_SUITE_P(layouts, Deltas, testing::ValuesIn(running_layouts()));

}
