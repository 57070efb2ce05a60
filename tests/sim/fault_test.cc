/*
 * The k-th operation fails, for every k: both systems are as before, and nothing has leaked
 */

#include <set>

#include <gtest/gtest.h>

#include "life.h"

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

using Images = std::vector<Image_bytes const *>;
using Place = std::pair<void const *, uint64_t>;

/* where images have the entries of their blocks */
std::set<Place> entries_of(Images const &images)
{
	Faults none;
	std::set<Place> result;
	for (Image_bytes const *bytes : images) {
		Open_image opened(*bytes, none);
		EXPECT_EQ(text(opened.open()), "");
		Directory const &directory = opened.image.directory();
		for (uint64_t i = 0; i < directory.chunks(); i++)
			if (directory.chunk(i).stored()) result.insert({ bytes, directory.chunk(i).offset });
	}
	return result;
}

/*
 * An operation that fails, fails the restore: nothing is swallowed
 *
 * But for one: entries of blocks that could not be read are read again when the first of these
 * blocks is asked for (chain_index.cc), and checked then. If all operations from the k-th on fail,
 * there is no exception. Other operations than 'only' do not fail.
 */
void fail_restores(Images const &images, Node &target, Facts const &facts, bool forever,
				   std::string_view only, uint64_t at_least)
{
	std::set<Place> const entries = entries_of(images);
	std::string const before = target.ecu.fingerprint();
	uint64_t failures = 0, repeated = 0;
	for (uint64_t k = 1;; k++) {
		Restorer restorer(target, facts);
		Faults &faults = target.ecu.faults;
		faults.arm(k, forever, only);
		Status const s = restorer.restore(images, default_policy());
		std::string const what(faults.what());
		Place const place { faults.file(), faults.offset() };
		faults.arm(0);
		if (!s) {
			ASSERT_EQ(restorer.difference, "") << "operation " << k;
		}
		if (what.empty()) {
			ASSERT_EQ(text(s), "");
			break;
		}
		failures++;
		bool const again = !forever && what == "source" && entries.count(place);
		ASSERT_EQ(!s, again) << "operation " << k << ", " << what << " " << place.second << ": "
							 << text(s);
		if (again) {
			repeated++;
			ASSERT_EQ(target.take_down(), "") << "operation " << k;
			continue;
		}
		/* and is told as what it is, not as a fault of the image */
		ASSERT_NE(s.code, Code::REFUSED) << "operation " << k << ", " << what;
		ASSERT_NE(s.code, Code::INCONSISTENT) << "operation " << k << ", " << what;
		ASSERT_EQ(target.ecu.fingerprint(), before) << "operation " << k << ", " << text(s);
		ASSERT_TRUE(target.hosted->known().empty()) << "operation " << k << ", " << text(s);
	}
	EXPECT_GT(failures, at_least);
	EXPECT_TRUE(forever || repeated);

	/* the one there goes on */
	EXPECT_TRUE(target.running().finish(300000));
	EXPECT_EQ(check_running(target.running(), facts), "");
	EXPECT_EQ(target.take_down(), "");
}

void fail_restores(uint64_t seed, unsigned layout, bool forever)
{
	Prepared prepared(seed, layout);
	fail_restores({ &prepared.image }, prepared.journey.node(1), prepared.journey.facts, forever,
				  {}, 250);
}

TEST_P(Faulty, a_restore_that_fails_leaves_the_target_as_it_was)
{
	fail_restores(3, GetParam(), false);
}

TEST_P(Faulty, a_restore_that_can_do_nothing_from_a_point_on_fails)
{
	fail_restores(4, GetParam(), true);
}

/* each read of each image, once, and from there on */
TEST_P(Faulty, a_chain_of_which_a_read_fails)
{
	Life life(5, GetParam(), 3, true, false);
	life.checkpointer.reset();
	ASSERT_EQ(life.journey.node().take_down(), "");
	for (bool forever : { false, true })
		fail_restores(life.newest_first(), life.journey.node(1), life.journey.facts, forever,
					  "source", 40);
}

INSTANTIATE_TEST_SUITE_P(layouts, Faulty, testing::Values(0u, 3u, 6u, 12u));

}
