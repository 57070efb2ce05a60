/*
 * Components that cannot be restored: told all at once, before anything is created
 */

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journey.h"

namespace
{

using namespace Capimg;
using namespace Capimg::Sim;
using Engine::Refusal_code;
using testing::UnorderedElementsAre;

class Refused : public testing::TestWithParam<unsigned>
{};

/* a component's image; the component is gone */
struct Captured
{
	Journey journey;
	Image_bytes image {};

	Captured(uint64_t seed, unsigned layout, void (*change)(Component_options &))
		: journey(seed, layout)
	{
		change(journey.options);
		EXPECT_TRUE(journey.begin());
		{
			Checkpointer checkpointer(journey.node(), journey.facts, seed);
			EXPECT_EQ(text(checkpointer.take(image)), "");
		}
		EXPECT_EQ(journey.node().take_down(), "");
	}

	/* what a restore that fails says; nothing is created for it */
	std::vector<Refusal_code> refusals(Engine::Policy const &policy)
	{
		Node &target = journey.node(1);
		std::string const before = target.ecu.fingerprint();
		target.ecu.faults.arm(0);
		Restorer restorer(target, journey.facts);
		EXPECT_EQ(restorer.restore({ &image }, policy).code, Code::REFUSED);
		EXPECT_EQ(restorer.steps, 0u);
		EXPECT_EQ(target.ecu.fingerprint(), before);
		EXPECT_TRUE(target.hosted->known().empty());
		return restorer.refusals.codes;
	}
};

TEST_P(Refused, a_component_with_a_device)
{
	Captured captured(200, GetParam(), [](Component_options &o) { o.device = true; });
	EXPECT_THAT(captured.refusals(default_policy()), UnorderedElementsAre(Refusal_code::DEVICE));
}

TEST_P(Refused, sessions_that_nobody_knows)
{
	Captured captured(201, GetParam(), [](Component_options &o) { o.others = 3; });
	auto const state = Refusal_code::SESSION_STATE;
	EXPECT_THAT(captured.refusals({}), UnorderedElementsAre(state, state, state));

	Node &target = captured.journey.node(1);
	Restorer restorer(target, captured.journey.facts);
	ASSERT_EQ(text(restorer.restore({ &captured.image }, default_policy())), "");
	EXPECT_EQ(restorer.difference, "");
	EXPECT_TRUE(target.running().finish(300000));
	EXPECT_EQ(check_finished(target.running(), captured.journey.facts, captured.journey.machines()),
			  "");
}

TEST_P(Refused, for_all_reasons_at_once)
{
	Captured captured(202, GetParam(), [](Component_options &o) {
		o.others = 2;
		o.device = true;
	});
	captured.journey.node(1).ecu.modules.clear();
	auto const state = Refusal_code::SESSION_STATE;
	EXPECT_THAT(captured.refusals({}),
				UnorderedElementsAre(state, state, Refusal_code::DEVICE, Refusal_code::NO_MODULE));
}

INSTANTIATE_TEST_SUITE_P(layouts, Refused, testing::ValuesIn(running_layouts()));

}
