/*
 * Clients in other components, and the services that they come through
 */

#include <gtest/gtest.h>

#include "journey.h"
#include "outside.h"

namespace
{

using namespace Capimg;
using namespace Capimg::Sim;

class Clients : public testing::TestWithParam<unsigned>
{};

/* objects that stay as long as the component does */
void give_all(Outside &client, Node &node, Facts const &facts)
{
	for (auto const &rpc : facts.rpcs)
		for (auto const &[number, o] : node.ecu.objects())
			if (o->pd == node.hosted->pd && o->identity == rpc.identity)
				client.give(*as<Gate>(o.get()));
}

Service *service_of(Node &node)
{
	for (auto const &[number, o] : node.ecu.objects())
		if (Service *service = as<Service>(o.get())) return service;
	return nullptr;
}

void run(Node &node, Outside &client, unsigned turns)
{
	for (unsigned i = 0; i < turns; i++) {
		client.step();
		node.running().run(unsigned(node.ecu.random.between(1, 12)));
	}
}

void add(std::map<uint64_t, uint64_t> &sum, std::map<uint64_t, uint64_t> const &more)
{
	for (auto const &[identity, count] : more) sum[identity] += count;
}

TEST_P(Clients, requests_that_were_received_are_executed_once)
{
	unsigned waited = 0, served = 0;
	for (uint64_t seed = 400; seed < 420; seed++) {
		Journey journey(seed, GetParam());
		journey.options.service = true;
		ASSERT_TRUE(journey.begin());
		Node &from = journey.node();
		auto client = std::make_unique<Outside>(from.ecu);
		give_all(*client, from, journey.facts);
		run(from, *client, unsigned(journey.random().between(10, 200)));

		Image_bytes image;
		std::map<uint32_t, std::vector<uint8_t>> captured;
		{
			Checkpointer checkpointer(from, journey.facts, seed);
			ASSERT_EQ(text(checkpointer.take(image, {},
											 [&] {
												 captured = checkpointer.origin.captured_bytes();
												 add(journey.facts.outside_requests,
													 client->received());
												 waited += client->state() == Thread::Run::SENDING;
												 served += client->state() == Thread::Run::REPLY;
											 })),
					  "")
				<< "seed " << seed;
		}

		/* who called or calls now waits for ever; nobody is taken for somebody else */
		(void)from.take_down();
		client->step();
		EXPECT_EQ(client->state(), Thread::Run::LOST);
		EXPECT_EQ(client->wrong(), 0u);
		client.reset();
		EXPECT_TRUE(from.empty());

		/* a new client comes through the service */
		Node &to = journey.node(1);
		Restorer restorer(to, journey.facts);
		restorer.captured = captured;
		ASSERT_EQ(text(restorer.restore({ &image }, default_policy())) + restorer.refusals.text, "")
			<< "seed " << seed;
		ASSERT_EQ(restorer.difference, "") << "seed " << seed;
		Service *const service = service_of(to);
		ASSERT_NE(service, nullptr);
		ASSERT_NE(service->root, nullptr);
		EXPECT_EQ(service->name, "Sim");
		EXPECT_EQ(service->root->identity, journey.facts.rpcs[2].identity);
		Outside next(to.ecu);
		next.give(*service->root);
		run(to, next, 200);
		ASSERT_TRUE(to.running().finish(300000)) << "seed " << seed;
		add(journey.facts.outside_requests, next.received());
		EXPECT_GT(next.received().at(service->root->identity), 1u);
		EXPECT_EQ(next.wrong(), 0u);
		ASSERT_EQ(check_finished(to.running(), journey.facts, journey.machines()), "")
			<< "seed " << seed;
	}
	EXPECT_GT(waited, 0u);
	EXPECT_GT(served, 0u);
}

TEST_P(Clients, a_service_goes_with_a_restore_that_fails)
{
	Journey journey(430, GetParam());
	journey.options.service = true;
	journey.options.foreign = false;
	ASSERT_TRUE(journey.begin());
	Image_bytes image;
	{
		Checkpointer checkpointer(journey.node(), journey.facts, 430);
		ASSERT_EQ(text(checkpointer.take(image)), "");
	}
	Node &to = journey.node(1);
	std::string const before = to.ecu.fingerprint();

	/* which operation is the last one */
	to.ecu.faults.arm(0);
	uint64_t last = 0;
	{
		Restorer restorer(to, journey.facts);
		ASSERT_EQ(text(restorer.restore({ &image }, default_policy())), "");
		last = to.ecu.faults.count();
		(void)to.take_down();
	}
	ASSERT_EQ(to.ecu.fingerprint(), before);
	Restorer restorer(to, journey.facts);
	to.ecu.faults.arm(last);
	EXPECT_NE(text(restorer.restore({ &image }, default_policy())), "");
	to.ecu.faults.arm(0);
	EXPECT_EQ(to.ecu.fingerprint(), before);
}

INSTANTIATE_TEST_SUITE_P(layouts, Clients, testing::ValuesIn(running_layouts()));

}
