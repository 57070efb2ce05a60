/*
 * The k-th operation fails, for every k: both systems are as before, and nothing has leaked
 */

#include <gtest/gtest.h>

#include "journey.h"

namespace
{

using namespace Capimg;
using namespace Capimg::Sim;

class Faulty : public testing::TestWithParam<unsigned>
{};

bool quiet(Pd const &pd, Facts const &)
{
	for (Thread const *t : pd.threads)
		if (t && (t->run == Thread::Run::FOREIGN || !t->log.empty())) return false;
	return true;
}

/* a component at a point where it can be captured without running on */
struct Prepared
{
	Journey journey;
	std::unique_ptr<Checkpointer> checkpointer {};
	Image_bytes image {};

	Prepared(uint64_t seed, unsigned layout) : journey(seed, layout)
	{
		journey.options.foreign = false;
		journey.spot = quiet;
		journey.begin();
		checkpointer = std::make_unique<Checkpointer>(journey.node(), journey.facts, seed);
		EXPECT_EQ(text(checkpointer->take(image)), "");
	}
};

TEST_P(Faulty, a_checkpoint_that_fails_leaves_the_component_as_it_was)
{
	for (uint64_t seed : { 3, 4 }) {
		Prepared prepared(seed, GetParam());
		Ecu &ecu = prepared.journey.node().ecu;
		std::string const before = ecu.fingerprint();
		uint64_t failures = 0;
		for (uint64_t k = 1;; k++) {
			Image_bytes image;
			ecu.faults.arm(k);
			Status const s = prepared.checkpointer->take(image);
			bool const failed = ecu.faults.failed();
			ecu.faults.arm(0);
			if (!failed) {
				EXPECT_EQ(text(s), "");
				break;
			}
			failures++;
			ASSERT_TRUE(s) << "operation " << k;
			ASSERT_TRUE(image.empty());
			ASSERT_TRUE(prepared.checkpointer->origin.idle())
				<< "operation " << k << ", " << text(s);
			ASSERT_EQ(ecu.fingerprint(), before) << "operation " << k << ", " << text(s);
		}
		EXPECT_GT(failures, 100u);
		prepared.checkpointer.reset();
		EXPECT_EQ(prepared.journey.finish(), "");
	}
}

/*
 * A read that fails once may have been tried again, or not been needed: then the component must be
 * all right. If all operations from the k-th on fail, so does the restore.
 */
void fail_restores(uint64_t seed, unsigned layout, uint64_t stride, bool forever)
{
	Prepared prepared(seed, layout);
	Node &target = prepared.journey.node(1);
	std::string const before = target.ecu.fingerprint();
	uint64_t failures = 0;
	for (uint64_t k = 1;; k += stride) {
		Restorer restorer(target, prepared.journey.facts);
		target.ecu.faults.arm(k, forever);
		Status const s = restorer.restore({ &prepared.image }, default_policy());
		bool const failed = target.ecu.faults.failed();
		target.ecu.faults.arm(0);
		if (!s) {
			ASSERT_EQ(restorer.difference, "") << "operation " << k;
		}
		if (!failed) {
			ASSERT_EQ(text(s), "");
			break;
		}
		failures++;
		if (!s) {
			ASSERT_FALSE(forever) << "operation " << k;
			ASSERT_EQ(target.take_down(), "") << "operation " << k;
			continue;
		}
		ASSERT_EQ(target.ecu.fingerprint(), before) << "operation " << k << ", " << text(s);
		ASSERT_TRUE(target.hosted->known().empty()) << "operation " << k << ", " << text(s);
	}
	EXPECT_GT(failures * stride, 1000u);

	/* the one there goes on */
	EXPECT_TRUE(target.running().finish(300000));
	EXPECT_EQ(check_running(target.running(), prepared.journey.facts), "");
	EXPECT_EQ(target.take_down(), "");
}

TEST_P(Faulty, a_restore_that_fails_leaves_the_target_as_it_was)
{
	fail_restores(3, GetParam(), GetParam() ? 11 : 1, false);
}

TEST_P(Faulty, a_restore_that_can_do_nothing_from_a_point_on_fails)
{
	fail_restores(4, GetParam(), GetParam() ? 11 : 3, true);
}

INSTANTIATE_TEST_SUITE_P(layouts, Faulty, testing::Values(0u, 3u, 6u, 12u));

}
