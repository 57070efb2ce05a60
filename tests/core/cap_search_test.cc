/*
 * The search in generated memory: histories, sizes, several maps, and any options
 */

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tests/support/component_compare.h"

using namespace Capimg;
using Test_options = Capimg::Test::Component_options;
using Capimg::Test::but_kernel;
using Capimg::Test::Component;
using Capimg::Test::Component_entry;
using Capimg::Test::difference;
using Capimg::Test::find;
using Capimg::Test::read;

TEST(Cap_search, HistoriesLeaveTreesOutOfBalance)
{
	/* otherwise the generator would not show that balance is not asked for */
	Test_options options {};
	options.churn = 3000;
	unsigned worst = 0;
	for (uint64_t seed = 1; seed <= 4; seed++) {
		options.seed = seed;
		Component c(options);
		worst = std::max(worst, c.avl().worst_balance(c.map().root));
		EXPECT_EQ(find(c.memory()).count, 1u);
	}
	EXPECT_GE(worst, 2u);
}

TEST(Cap_search, AMillionEntries)
{
	Test_options options {};
	options.count = Limit::MAX_CAP_ENTRIES;
	options.capabilities = 300000;
	options.churn = 100;
	Component const c(options);

	Cap_find_result const found = find(c.memory());
	ASSERT_EQ(found.count, 1u);
	EXPECT_EQ(found.candidates[0].map, c.map());
	EXPECT_FALSE(found.exhausted);
	EXPECT_GT(found.candidates[0].used, 290000u);
	EXPECT_EQ(difference(c, read(c.memory(), c.map())), "");
}

TEST(Cap_search, OnePlaceHoldsOneMapInTheLayoutThatFitsBest)
{
	/*
	 * Linux until 20.02 and Fiasco have entries of one shape with 32 bit; only the range of
	 * destinations differs, and the few entries that contradict Fiasco's could be accidents
	 */
	Test_options options {};
	options.layout = 11;
	options.capabilities = 6;
	options.churn = 0;
	options.pools = 0;
	Component const c(options);
	ASSERT_EQ(c.layout().kernel, Cap_kernel::LINUX);

	Cap_find_result const found = find(c.memory());
	ASSERT_EQ(found.count, 1u);
	EXPECT_EQ(found.candidates[0].map, c.map());
	EXPECT_EQ(found.candidates[0].contradictions, 0u);

	/* whoever knows better is believed */
	Cap_hints fiasco {};
	fiasco.kernel = Cap_kernel::FIASCO;
	Cap_find_result const other = find(c.memory(), fiasco);
	ASSERT_EQ(other.count, 1u);
	EXPECT_EQ(other.candidates[0].map.kernel, Cap_kernel::FIASCO);
	EXPECT_EQ(other.candidates[0].contradictions, 6u);
}

TEST(Cap_search, ReleasesOfLinuxAreToldApartByFreeEntries)
{
	/* with no foreign capability but replies, the trees of old and new are the same */
	for (unsigned layout : { 8u, 10u }) {
		Test_options options {};
		options.layout = layout;
		options.capabilities = 8;
		options.churn = 0;
		options.pools = 0;
		for (options.seed = 1; options.seed <= 20; options.seed++) {
			Component const c(options);
			unsigned local = 0;
			for (Component_entry const &e : c.entries()) local += e.in_tree;
			if (local < 2) continue;

			Cap_find_result const found = find(c.memory());
			ASSERT_EQ(found.count, 1u) << layout << " " << options.seed;
			EXPECT_EQ(found.candidates[0].map, c.map());
		}
	}
}

TEST(Cap_search, OfTwoMapsTheLargerIsBetterAndEqualOnesAreAmbiguous)
{
	Test_options small {}, large {};
	small.capabilities = 50;
	large.capabilities = 400;
	small.pools = large.pools = 0;

	/* the second component's memory at its own addresses beside the first one's */
	Component a(small), b(large);
	uint64_t const shift = 0x10000000;
	auto beside = [&](Component const &from) {
		Capimg::Test::Segment_memory both;
		for (auto const &[addr, bytes] : a.memory().segments()) both.add(addr, bytes);
		for (auto const &[addr, bytes] : from.memory().segments()) both.add(addr + shift, bytes);

		/* all pointers into the array and to the root move along */
		Cap_map const &map = from.map();
		uint64_t const end = align_up(map.array + map.size(), 8);
		auto move = [&](uint64_t at) {
			uint64_t const value = both.load(at + shift, 8);
			if (value) both.store(at + shift, value + shift, 8);
		};
		move(map.root);
		move(end);
		for (uint64_t i = 0; i < map.count; i++)
			for (unsigned k = 0; k < 3; k++) move(map.slot(i) + 8 * k);
		return find(both);
	};

	Cap_find_result const larger = beside(b);
	ASSERT_EQ(larger.count, 2u);
	EXPECT_EQ(larger.candidates[0].map.array, b.map().array + shift);
	EXPECT_EQ(larger.candidates[0].reason, Cap_reason::MORE_CAPABILITIES);
	EXPECT_EQ(larger.best().value().array, b.map().array + shift);

	Component const twin(small);
	Cap_find_result const equal = beside(twin);
	ASSERT_EQ(equal.count, 2u);
	EXPECT_EQ(equal.best().error().code, Code::AMBIGUOUS);
}

RC_GTEST_PROP(Cap_search_property, WhatWasGeneratedIsFoundAndRead, ())
{
	Test_options options {};
	options.layout = *rc::gen::inRange(0u, cap_layouts().count);
	options.seed = *rc::gen::arbitrary<uint64_t>();
	options.count = 64 * *rc::gen::inRange(9u, 80u);
	options.capabilities = *rc::gen::inRange(3u, 300u);
	options.churn = *rc::gen::inRange(0u, 600u);
	options.pools = *rc::gen::inRange(0u, 5u);
	options.objects = *rc::gen::inRange(1u, 40u);
	options.split = *rc::gen::arbitrary<bool>();

	Component const c(options);
	uint64_t live = 0;
	for (Component_entry const &e : c.entries()) live += e.in_tree;
	RC_PRE(live >= 2);

	Cap_find_result const found = find(c.memory());
	RC_ASSERT(found.count == 1u);
	RC_ASSERT(but_kernel(found.candidates[0].map, c.map().kernel) == c.map());
	RC_ASSERT(found.candidates[0].nodes == live);
	RC_ASSERT(difference(c, read(c.memory(), c.map())) == "");
	RC_ASSERT(difference(c.pools(), c.memory(), c.map()) == "");
}
