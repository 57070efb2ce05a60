/* Calls in service: who is released when */

#include <algorithm>
#include <random>
#include <set>

#include <capnp/message.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "libimage/core/manifest_check.h"
#include "libimage/manifest.h"
#include "opened_plan.h"

using namespace Capimg;
using namespace Capimg::Test;
using Engine::Phase;

namespace
{

/* threads that call each other: 'calls' whose server, 'serves' whose client; -1: nobody */
struct Thread
{
	int calls = -1, serves = -1;
	bool sending = false;
	bool started = true;
};

/* objects: PD 1, CPU 2, then a thread and its gate for each thread */
std::uint32_t thread_id(int i) { return std::uint32_t(3 + 2 * i); }
std::uint32_t gate_id(int i) { return thread_id(i) + 1; }

struct Threads
{
	capnp::MallocMessageBuilder message {};
	std::vector<Capimg::uint8_t> bytes {};
	Metadata::Manifest::Reader manifest {};
	std::unique_ptr<Exact_bytes> work {};
	std::unique_ptr<Engine::Restore_plan> plan {};

	explicit Threads(std::vector<Thread> const &threads)
	{
		auto root = message.initRoot<Schema::Manifest>();
		auto objects = root.initObjects(unsigned(2 + 2 * threads.size()));
		for (unsigned i = 0; i < objects.size(); i++) objects[i].setId(i + 1);
		objects[0].initPdSession().initSession();
		objects[1].initCpuSession();

		for (int i = 0; i < int(threads.size()); i++) {
			Thread const &t = threads[std::size_t(i)];
			auto thread = objects[thread_id(i) - 1].initThread();
			thread.setSlot(unsigned(i));
			thread.setGate(gate_id(i));
			thread.setStarted(t.started);
			thread.setPhase(t.sending     ? Schema::IpcPhase::SENDING
							: t.calls < 0 ? Schema::IpcPhase::USER_MODE
										  : Schema::IpcPhase::RECEIVING);
			if (t.calls >= 0) thread.setCallTarget(gate_id(t.calls));
			if (t.serves >= 0) thread.setServedCaller(thread_id(t.serves));
			objects[gate_id(i) - 1].setCapability();
		}
		auto const encoded = encode_manifest(root.asReader());
		auto const *const base = reinterpret_cast<Capimg::uint8_t const *>(encoded.data());
		bytes.assign(base, base + encoded.size());
		auto const checked = check_manifest({ bytes.data(), bytes.size() }, {});
		if (checked.failed()) throw std::runtime_error(checked.error().field);
		manifest = *checked;

		work = std::make_unique<Exact_bytes>(Engine::Restore_plan::work_size(manifest));
		plan = std::make_unique<Engine::Restore_plan>(manifest, work->bytes());
		if (plan->open()) throw std::runtime_error("plan");
	}

	/* places of threads, in the order of a phase */
	std::vector<int> places(Phase phase) const
	{
		std::vector<int> places;
		for (std::uint32_t n = plan->first(phase); n < plan->end(phase); n++)
			places.push_back((int(plan->step(n).object) - 2) / 2);
		return places;
	}

	Reasons refusals() const
	{
		Collected_refusals refusals;
		plan->calls().check(refusals);
		return refusals.reasons;
	}
};

using Places = std::vector<int>;

}

TEST(Plan_calls, ServerAndClient)
{
	Threads const t({ { 1, -1 }, { -1, 0 }, {} });
	EXPECT_EQ(t.places(Phase::RELEASE_CALLS), (Places { 1 }));
	EXPECT_EQ(t.places(Phase::RELEASE), (Places { 2 }));
	EXPECT_EQ(t.refusals(), Reasons {});
}

TEST(Plan_calls, ChainOutermostFirst)
{
	/* 3 calls 1, which calls 0, which calls 2 */
	Threads const t({ { 2, 1 }, { 0, 3 }, { -1, 0 }, { 1, -1 } });
	EXPECT_EQ(t.places(Phase::RELEASE_CALLS), (Places { 1, 0, 2 }));
	EXPECT_EQ(t.places(Phase::RELEASE), Places {});
	EXPECT_EQ(t.refusals(), Reasons {});
}

TEST(Plan_calls, WhoWaitsForAServerComesBehindIt)
{
	/* 1 serves 0 and waits to call 2, which serves 3 */
	Threads const t({ { 1, -1 }, { 2, 0, true }, { -1, 3 }, { 2, -1 } });
	EXPECT_EQ(t.places(Phase::RELEASE_CALLS), (Places { 2, 1 }));
}

TEST(Plan_calls, WaitingClientIsReleasedLast)
{
	Threads const t({ { 1, -1 }, { -1, 0 }, { 1, -1, true } });
	EXPECT_EQ(t.places(Phase::RELEASE_CALLS), (Places { 1 }));
	EXPECT_EQ(t.places(Phase::RELEASE), (Places { 2 }));
}

TEST(Plan_calls, CirclesAreRefused)
{
	Threads const t({ { 1, 1 }, { 0, 0 }, { 3, -1 }, { -1, 2 } });
	EXPECT_EQ(t.refusals(), (Reasons { "call-cycle 3", "call-cycle 5" }));
	EXPECT_EQ(t.places(Phase::RELEASE_CALLS), (Places { 3 }));

	Threads const self({ { 0, 0 } });
	EXPECT_EQ(self.refusals(), (Reasons { "call-cycle 3" }));
}

TEST(Plan_calls, ContradictionsAreRefused)
{
	/* the client calls nobody, another one, is not heard yet, or was never started */
	EXPECT_EQ(Threads({ {}, { -1, 0 } }).refusals(), (Reasons { "unbound 5" }));
	EXPECT_EQ(Threads({ { 2, -1 }, { -1, 0 }, {} }).refusals(), (Reasons { "unbound 5" }));
	EXPECT_EQ(Threads({ { 1, -1, true }, { -1, 0 } }).refusals(), (Reasons { "unbound 5" }));
	EXPECT_EQ(Threads({ { 1, -1, false, false }, { -1, 0 } }).refusals(),
			  (Reasons { "unbound 5" }));
	EXPECT_EQ(Threads({ { 1, -1 }, { -1, 0, false, false } }).refusals(),
			  (Reasons { "unbound 5" }));
}

TEST(Plan_calls, ReplyToSomebodyOutsideIsLost)
{
	Opened_plan const plan(whole_component([](Schema::Manifest::Builder manifest) {
		whole_object(manifest, Whole::MAIN).getThread().setServedCaller(Whole::EXTERNAL);
	}));
	EXPECT_EQ(plan.plan.calls().count(), 0u);
}

/*
 * Any forest of calls: each server is released once, and when it receives the call that it
 * serves, nobody else has been released who would call it
 */
TEST(Plan_calls, NobodyGetsInBetween)
{
	rc::check([] {
		int const count = *rc::gen::inRange(2, 40);
		std::mt19937 random(*rc::gen::arbitrary<unsigned>());

		/* each one calls one of higher number, so that there is no circle; names are shuffled */
		std::vector<int> name(static_cast<std::size_t>(count));
		for (int i = 0; i < count; i++) name[std::size_t(i)] = i;
		std::shuffle(name.begin(), name.end(), random);

		std::vector<Thread> threads(static_cast<std::size_t>(count));
		for (int i = 0; i + 1 < count; i++) {
			if (random() % 4 == 0) continue;
			unsigned const above = random() % unsigned(count - i - 1);
			int const server = name[std::size_t(i) + 1 + above];
			Thread &client = threads[std::size_t(name[std::size_t(i)])];
			client.calls = server;
			client.sending = true;
			Thread &s = threads[std::size_t(server)];
			if (s.serves < 0 && random() % 3) {
				s.serves = name[std::size_t(i)];
				client.sending = false;
			}
		}

		Threads const t(threads);
		RC_ASSERT(t.refusals() == Reasons {});

		std::set<int> released;
		std::size_t servers = 0;
		for (Thread const &thread : threads) servers += thread.serves >= 0;

		Places const order = t.places(Phase::RELEASE_CALLS);
		RC_ASSERT(order.size() == servers);
		for (int server : order) {
			int const client = threads[std::size_t(server)].serves;
			RC_ASSERT(released.insert(server).second);
			bool const serves = threads[std::size_t(client)].serves >= 0;
			RC_ASSERT(released.insert(client).second == !serves);

			/* whoever is released and calls this server is its client */
			for (int other : released)
				RC_ASSERT(other == client || threads[std::size_t(other)].calls != server);
		}
		for (int i : t.places(Phase::RELEASE)) RC_ASSERT(released.insert(i).second);
		RC_ASSERT(int(released.size()) == count);
	});
}
