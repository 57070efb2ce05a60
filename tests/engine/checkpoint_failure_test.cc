/*
 * Whatever fails: the component runs on, the capture has ended, and there is no image
 */

#include <gtest/gtest.h>

#include "libimage/image_error.h"
#include "tests/engine/taken_checkpoint.h"
#include "tests/support/component.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

struct Fragile_component
{
	Component component { { .layout = 0, .seed = 3, .count = 512, .capabilities = 30 } };
	Scripted_origin origin {};

	Fragile_component()
	{
		for (auto const &[addr, bytes] : component.memory().segments())
			origin.live.add(addr, bytes);
		add_memory(origin);
		origin.about.kernel = Metadata::Kernel::FOC;
		origin.about.label = "fragile";
		origin.about.genode_version = "26.02";
		origin.about.binary_name = "fragile";
		origin.features = { "sse2", "ssse3" };
		origin.spots = { { 100, true, Metadata::Ipc_phase::USER_MODE, 0x10 } };
		origin.spans = { { 0, 0x100, "ipc_call" } };
		origin.moment = [](Scripted_origin &o, unsigned n) {
			o.spots[0].ip = n % 2 ? 0x10 : 0x1000;
		};
		origin.resumed = [](Scripted_origin &o) { o.spots[0].ip = 0x10; };
		origin.raw = { { Metadata::Raw_badge_place::STACK, 0x40000000, 8, 0x123450, 0, 0 } };
	}
};

}

/* each call of the origin that can fail, in turn */
TEST(Checkpoint_failure, of_the_origin)
{
	unsigned calls = 0;
	{
		Fragile_component c;
		Taken_checkpoint taken(c.origin);
		ASSERT_FALSE(taken.measure());
		unsigned const before = c.origin.calls;
		ASSERT_FALSE(taken.take());
		ASSERT_FALSE(taken.write());
		calls = c.origin.calls - before;
		EXPECT_EQ(c.origin.ran_one, 1u);
	}
	ASSERT_GT(calls, 10u);

	Fragile_component c;
	for (unsigned i = 0; i < calls; i++) {
		Taken_checkpoint taken(c.origin);
		ASSERT_FALSE(taken.measure());
		c.origin.moments = 0;
		c.origin.fail_at = c.origin.calls + i;

		Status status = taken.take();
		EXPECT_FALSE(c.origin.paused);
		if (!status) status = taken.write();
		EXPECT_EQ(status.code, Code::VANISHED) << i;
		EXPECT_EQ(std::string(status.field), "origin");
		EXPECT_TRUE(c.origin.at_rest()) << i;
		EXPECT_EQ(taken.write().code, Code::BAD_STATE);
		EXPECT_THROW(open_image(taken.sink.bytes()), Image_error);
	}
	EXPECT_EQ(c.origin.kept_count, 0u);

	/* nothing of that has left a trace */
	c.origin.fail_at = ~0u;
	c.origin.moments = 0;
	Taken_checkpoint taken(c.origin);
	ASSERT_FALSE(taken.all());
	EXPECT_EQ(open_image(taken.sink.bytes()).manifest().getLabel(), "fragile");
}

/* 'measure' is exact: every byte less is too little */
TEST(Checkpoint_failure, of_memory)
{
	Fragile_component c;
	c.origin.spans.clear();
	Taken_checkpoint whole(c.origin);
	ASSERT_FALSE(whole.measure());
	auto const sizes = whole.sizes;
	ASSERT_FALSE(whole.take());
	ASSERT_FALSE(whole.write());

	for (std::size_t missing = 1; missing <= sizes.manifest; missing += missing < 100 ? 1 : 61) {
		Taken_checkpoint taken(c.origin);
		taken.sizes = sizes;
		Status const status = taken.take({}, missing);
		ASSERT_EQ(status.code, Code::NO_SPACE) << missing << " " << text_of(status);
		ASSERT_TRUE(c.origin.at_rest());
	}
	for (std::size_t missing = 1; missing <= sizes.directory; missing++) {
		Taken_checkpoint taken(c.origin);
		taken.sizes = sizes;
		ASSERT_FALSE(taken.take());
		ASSERT_EQ(taken.write(Profile(), missing).code, Code::NO_SPACE);
		ASSERT_TRUE(c.origin.at_rest());
		EXPECT_EQ(taken.sink.appends(), 0u);
	}

	std::vector<std::byte> work(Engine::Checkpoint::WORK_SIZE - 1);
	Engine::Checkpoint little(c.origin, { work.data(), work.size() });
	EXPECT_EQ(little.measure().error().code, Code::NO_SPACE);
	EXPECT_EQ(little.take({}, {}).code, Code::NO_SPACE);
	EXPECT_TRUE(c.origin.at_rest());
}

TEST(Checkpoint_failure, of_the_sink)
{
	Fragile_component c;
	c.origin.spans.clear();
	Taken_checkpoint whole(c.origin);
	ASSERT_FALSE(whole.all());
	unsigned const kept = c.origin.kept_count;

	for (unsigned i = 0; i < whole.sink.appends(); i++) {
		Taken_checkpoint taken(c.origin);
		taken.sink.fail_at = i;
		EXPECT_EQ(taken.all().code, Code::NO_SPACE);
		EXPECT_TRUE(c.origin.at_rest());
		EXPECT_EQ(c.origin.kept_count, kept);
	}
}

TEST(Checkpoint_failure, wrong_calls)
{
	Fragile_component c;
	c.origin.spans.clear();

	/* another block size, and another machine, than what is written */
	for (bool const machine : { false, true }) {
		Taken_checkpoint taken(c.origin);
		EXPECT_EQ(taken.write().code, Code::BAD_STATE);
		ASSERT_FALSE(taken.measure());
		ASSERT_FALSE(taken.take());
		EXPECT_EQ(taken.take().code, Code::BAD_STATE);
		EXPECT_EQ(taken.checkpoint.measure().error().code, Code::BAD_STATE);

		Head head = head_of(c.origin, { machine ? 4096u : 8192u });
		if (machine) head.machine.architecture = Architecture::ARM_V8;
		EXPECT_EQ(taken.write(head).code, Code::BAD_ARGUMENT);
		EXPECT_TRUE(c.origin.at_rest());
		EXPECT_EQ(taken.sink.appends(), 0u);
	}

	for (std::uint32_t const size : { 0u, 1u, 4095u, 2048u, 2u << 20 }) {
		Taken_checkpoint taken(c.origin, size);
		EXPECT_EQ(taken.measure().code, Code::BAD_ARGUMENT);
		EXPECT_EQ(taken.take().code, Code::BAD_ARGUMENT);
	}

	/* an origin whose objects are in no order */
	std::swap(c.origin.items[0], c.origin.items[1]);
	Taken_checkpoint taken(c.origin);
	EXPECT_EQ(taken.measure().code, Code::OUT_OF_ORDER);
	taken.sizes = { 100000, 100000 };
	EXPECT_EQ(taken.take().code, Code::OUT_OF_ORDER);
	EXPECT_TRUE(c.origin.at_rest());
}
