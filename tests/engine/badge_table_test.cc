/*
 * Objects by badge, against a model
 */

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "capimg/badge_table.h"
#include "tests/engine/written_image.h"

using namespace Capimg;
using namespace Capimg::Test;
using Engine::Badge_table;

RC_GTEST_PROP(Engine_badge_table, equals_a_model, ())
{
	using Seen = std::pair<std::uint64_t, std::uint32_t>;
	auto const badge = rc::gen::inRange<std::uint64_t>(1, 30);
	auto const known = *rc::gen::container<std::vector<std::uint64_t>>(badge);
	auto const seen = *rc::gen::container<std::vector<Seen>>(
		rc::gen::pair(badge, rc::gen::inRange<std::uint32_t>(1, 4)));

	std::map<std::uint64_t, std::uint32_t> ids;
	std::map<Seen, std::uint32_t> unknown;
	for (std::uint32_t i = 0; i < known.size(); i++) ids.try_emplace(known[i], 10 + i);
	for (Seen const &s : seen)
		if (!ids.contains(s.first)) unknown[s] = 0;
	std::uint32_t next = 1000;
	for (auto &[s, id] : unknown) id = next++;

	std::size_t const need = 16 * (ids.size() + unknown.size());
	std::size_t const extra = *rc::gen::inRange<std::size_t>(0, 40);
	std::size_t const missing = need && *rc::gen::arbitrary<bool>() ? 1 : 0;
	Guarded_memory memory(missing ? need - 1 : need + extra);
	Badge_table table(memory.bytes());

	Status status = ok;
	for (std::uint32_t i = 0; i < known.size() && !status; i++)
		status = table.known(known[i], 10 + i);
	for (std::size_t i = 0; i < seen.size() && !status; i++)
		status = table.seen(seen[i].first, seen[i].second);
	RC_ASSERT(status.code == (missing ? Code::NO_SPACE : Code::OK));
	RC_ASSERT(memory.intact());
	if (missing) return;

	RC_ASSERT(table.unknown() == unknown.size());
	RC_ASSERT(table.size() == need);
	table.give_ids(1000);

	std::vector<std::pair<std::uint32_t, std::uint64_t>> listed;
	table.for_each_unknown([&](auto id, auto b) { listed.emplace_back(id, b); });
	RC_ASSERT(listed.size() == unknown.size());
	std::size_t i = 0;
	for (auto const &[s, id] : unknown) {
		RC_ASSERT(listed[i++] == std::pair(id, s.first));
		RC_ASSERT(table.find(s.first, s.second) == id);
		RC_ASSERT(table.find(s.first) == unknown.lower_bound({ s.first, 0 })->second);
	}
	for (auto const &[b, id] : ids) {
		RC_ASSERT(table.find(b) == id);
		RC_ASSERT(table.find(b, 2) == id);
	}
	RC_ASSERT(table.find(30) == 0u);
	RC_ASSERT(table.find(0) == 0u);
}

/* the order is that of sockets, and no two are the same */
TEST(Engine_badge_table, details)
{
	std::uint32_t last = 0;
	for (int const socket : { -1, 0, 1, 2, 1000, (1 << 30) - 2 })
		for (bool const foreign : { false, true }) {
			EXPECT_GT(Badge_table::detail(socket, foreign), last);
			last = Badge_table::detail(socket, foreign);
		}
	EXPECT_NE(Badge_table::detail(-2147483647 - 1, false), 0u);
	EXPECT_NE(Badge_table::detail(2147483647, true), 0u);
}

/* who is gone is there once his badge was seen, and only then */
TEST(Engine_badge_table, objects_that_are_gone)
{
	Guarded_memory memory(16 * 8);
	Badge_table table(memory.bytes());
	ASSERT_FALSE(table.known(5, 10));
	ASSERT_FALSE(table.gone(7, 11));
	ASSERT_FALSE(table.gone(9, 12));
	ASSERT_FALSE(table.gone(5, 13)); /* another one has the badge */
	ASSERT_FALSE(table.seen(9, 3));
	ASSERT_FALSE(table.seen(8, 3));
	ASSERT_FALSE(table.seen(5, 3));
	EXPECT_EQ(table.find(7), 0u);

	EXPECT_EQ(table.unknown(), 1u);
	table.give_ids(100);
	std::vector<std::uint32_t> unnamed;
	table.for_each_unnamed([&](std::uint32_t id) { unnamed.push_back(id); });
	EXPECT_EQ(unnamed, (std::vector<std::uint32_t> { 13, 11 }));
	EXPECT_EQ(table.find(5, 3), 10u);
	EXPECT_EQ(table.find(7, 3), 0u);
	EXPECT_EQ(table.find(8, 3), 100u);
	EXPECT_EQ(table.find(9, 3), 12u);
	EXPECT_EQ(table.find(9), 12u);
	EXPECT_TRUE(memory.intact());
}
