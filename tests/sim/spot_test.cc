/*
 * Threads at places where a restore is difficult: each goes on exactly once, with the right object
 */

#include <gtest/gtest.h>

#include "journey.h"

namespace
{

using namespace Capimg;
using namespace Capimg::Sim;
using Run = Thread::Run;

template <typename TEST>
bool any_thread(Pd const &pd, TEST const &test)
{
	for (Thread const *t : pd.threads)
		if (t && test(*t)) return true;
	return false;
}

bool at(Thread const &t, Routine routine, unsigned step)
{
	return t.run == Run::READY && t.reg[IP] == code_address(routine, step);
}

struct Named_spot
{
	char const *name;
	Spot spot;
};

constexpr Named_spot SPOTS[] {
	{ "waits_to_send",
	  [](Pd const &pd, Facts const &) {
		  return any_thread(pd, [](Thread const &t) { return t.run == Run::SENDING; });
	  } },
	{ "waits_for_a_reply",
	  [](Pd const &pd, Facts const &) {
		  return any_thread(pd, [](Thread const &t) { return t.run == Run::REPLY; });
	  } },
	{ "call_over_two_servers",
	  [](Pd const &pd, Facts const &) {
		  return any_thread(pd, [](Thread const &t) { return t.run == Run::REPLY && t.caller; });
	  } },
	{ "just_behind_a_receive",
	  [](Pd const &pd, Facts const &) {
		  return any_thread(pd, [](Thread const &t) { return at(t, PLAIN_SERVER, 2); });
	  } },
	{ "between_receive_and_look_up",
	  [](Pd const &pd, Facts const &) {
		  return any_thread(pd, [](Thread const &t) { return at(t, SERVER, 6); });
	  } },
	{ "received_capability",
	  [](Pd const &pd, Facts const &) {
		  return any_thread(pd, [](Thread const &t) { return at(t, SERVER, 3); });
	  } },
	{ "pending_wakeup",
	  [](Pd const &pd, Facts const &) {
		  return any_thread(pd, [](Thread const &t) { return t.wakeups != 0; });
	  } },
	{ "amid_a_tree",
	  [](Pd const &pd, Facts const &) {
		  return any_thread(pd, [](Thread const &t) { return t.log.size() > 2; });
	  } },
	{ "call_to_another_component",
	  [](Pd const &pd, Facts const &) {
		  return any_thread(pd, [](Thread const &t) { return t.run == Run::FOREIGN; });
	  } },
	{ "reply_with_a_capability",
	  [](Pd const &pd, Facts const &) {
		  return any_thread(pd, [](Thread const &t) { return at(t, SERVER, 39); });
	  } },
	{ "pending_signal",
	  [](Pd const &pd, Facts const &) {
		  return any_thread(pd, [](Thread const &t) {
			  return t.slot && t.reg[IP] == code_address(SIGNALS, 2) && t.run == Run::READY;
		  });
	  } },
};

class Spots : public testing::TestWithParam<Named_spot>
{};

TEST_P(Spots, a_component_captured_there_goes_on)
{
	unsigned reached = 0;
	for (unsigned layout : running_layouts())
		for (uint64_t seed = 1000; seed < 1005; seed++) {
			Journey journey(seed, layout);
			journey.spot = GetParam().spot;
			ASSERT_EQ(journey.once(), "") << "seed " << seed << ", layout " << layout;
			reached += journey.spotted();
		}
	EXPECT_GT(reached, 5u);
}

INSTANTIATE_TEST_SUITE_P(all, Spots, testing::ValuesIn(SPOTS),
						 [](auto const &info) { return std::string(info.param.name); });

}
