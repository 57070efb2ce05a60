/*
 * What the simulation must notice: mistakes that adapters and engines can make
 *
 * Each of these was in the way of somebody who restored components on the real kernel
 * (docs/SIMULATION.md). A mistake shows in some journeys only; of so many there must be one.
 */

#include <gtest/gtest.h>

#include "journey.h"

namespace
{

using namespace Capimg;
using namespace Capimg::Sim;

template <typename LAPSE>
std::string noticed(LAPSE const &lapse, unsigned journeys)
{
	for (uint64_t seed = 1; seed <= journeys; seed++) {
		Journey journey(seed, 0);
		lapse(journey);
		std::string wrong;
		try {
			wrong = journey.once();
		} catch (std::exception const &e) {
			wrong = e.what();
		}
		if (!wrong.empty()) return wrong;
	}
	return {};
}

#define NOTICED(name, journeys, statement)                                                         \
	TEST(Lapse, name##_is_noticed)                                                                 \
	{                                                                                              \
		EXPECT_NE(noticed([](Journey &j) { statement; }, journeys), "")                            \
			<< "in " << journeys << " journeys";                                                   \
	}

bool wakeup_pending(Pd const &pd, Facts const &)
{
	for (Thread const *t : pd.threads)
		if (t->wakeups) return true;
	return false;
}

NOTICED(calls_in_service_not_received_again, 40, j.target_lapses.no_receive_first = true)
NOTICED(tree_of_the_map_not_reseated, 5, j.target_lapses.no_reseat = true)
NOTICED(capability_not_installed, 5, j.target_lapses.no_install = true)
NOTICED(wrong_capability_installed, 5, j.target_lapses.wrong_install = true)
NOTICED(wakeups_lost_at_restore, 40, j.spot = wakeup_pending; j.target_lapses.no_wakeups = true)
NOTICED(pending_signals_not_submitted, 40, j.target_lapses.no_submit = true)
NOTICED(semaphore_bound_behind_the_first_signal, 60, j.target_lapses.late_bind = true)
NOTICED(fpu_lost, 5, j.target_lapses.no_fpu = true)
NOTICED(registers_of_another_thread, 5, j.target_lapses.one_registers = true)
NOTICED(threads_run_before_all_are_started, 20, j.target_lapses.early_release = true)
NOTICED(timeout_not_armed, 60, j.target_lapses.no_arm = true)
NOTICED(message_words_of_the_old_system, 20, j.target_lapses.no_raw_patch = true)

NOTICED(badges_in_message_words_not_told, 20, j.origin_lapses.no_raw_utcb = true)
NOTICED(word_of_the_parent_not_told, 5, j.origin_lapses.no_raw_parent = true)
NOTICED(capture_between_delivery_and_look_up, 40, j.origin_lapses.no_unsafe_code = true)
NOTICED(registers_read_too_early, 10, j.origin_lapses.early_registers = true)
NOTICED(caller_in_service_not_told, 40, j.origin_lapses.no_served_caller = true)
NOTICED(wakeups_not_told, 40, j.spot = wakeup_pending; j.origin_lapses.no_wakeups = true)
NOTICED(drained_signals_lost, 40, j.origin_lapses.no_pending = true)
NOTICED(user_words_of_the_utcb_lost, 60, j.origin_lapses.no_user_words = true)
NOTICED(thread_started_that_never_was, 5, j.origin_lapses.all_started = true)

}
