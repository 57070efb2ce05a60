/*
 * States of pages against a list of them, and of more pages than memory could list
 */

#include <gtest/gtest.h>

#include <random>

#include "libimage/page_map.h"

using namespace Capimg;

namespace
{

struct Model
{
	std::vector<Page_state> pages;

	void mark(std::uint64_t first, std::uint64_t count, Page_state state)
	{
		for (std::uint64_t i = first; i < first + count && i < pages.size(); i++)
			pages[i] = std::max(pages[i], state);
	}
};

void expect_same(Page_map const &map, Model const &model)
{
	std::uint64_t counts[5] {};
	for (std::uint64_t i = 0; i < model.pages.size(); i++) {
		ASSERT_EQ(map.state(i), model.pages[i]) << i;
		counts[std::size_t(model.pages[i])]++;
	}
	for (unsigned s = 1; s < 5; s++) EXPECT_EQ(map.count(Page_state(s)), counts[s]) << s;
	EXPECT_EQ(map.differing(), model.pages.size() - counts[0]);

	/* runs are the longest ones, and nothing lies between */
	std::uint64_t at = 0;
	while (auto const run = map.next(at)) {
		ASSERT_GT(run->count, 0u);
		for (; at < run->first; at++) ASSERT_EQ(model.pages[at], Page_state::SAME) << at;
		for (; at < run->first + run->count; at++) ASSERT_EQ(model.pages[at], run->state) << at;
		if (at < model.pages.size()) {
			ASSERT_NE(model.pages[at], run->state) << at;
		}
	}
	for (; at < model.pages.size(); at++) ASSERT_EQ(model.pages[at], Page_state::SAME) << at;
}

}

TEST(Page_map, says_what_was_marked)
{
	std::mt19937_64 random(1);
	for (std::uint64_t const pages : { 1u, 1023u, 1024u, 1025u, 5000u, 8192u })
		for (unsigned round = 0; round < 40; round++) {
			Page_map map(pages);
			Model model { std::vector<Page_state>(pages) };
			for (unsigned n = 0; n < 12; n++) {
				std::uint64_t first = random() % pages, count = 1 + random() % pages;
				if (random() % 2) first = first / 1024 * 1024;
				if (random() % 2) count = (count + 1023) / 1024 * 1024;
				if (random() % 2) count = 1 + random() % 3;
				auto const state = Page_state(random() % 5);
				map.mark(first, count, state);
				model.mark(first, count, state);
			}
			expect_same(map, model);
		}
}

TEST(Page_map, takes_no_memory_for_pages_alike)
{
	/* a dataspace of nearly 2^64 bytes of which no file has any, as two images of 1 KiB may say */
	std::uint64_t const pages = std::uint64_t(1) << 52;
	Page_map map(pages);
	map.mark(0, pages, Page_state::REASON);
	map.mark(pages / 2 + 5, 3, Page_state::CHANGED);
	map.mark(pages - 1, 1, Page_state::LOST);

	EXPECT_EQ(map.differing(), pages);
	EXPECT_EQ(map.count(Page_state::CHANGED), 3u);
	EXPECT_EQ(map.next(0)->count, pages / 2 + 5);
	EXPECT_EQ(map.next(pages / 2 + 5)->state, Page_state::CHANGED);
	EXPECT_EQ(map.state(pages - 1), Page_state::LOST);
	EXPECT_EQ(map.state(pages - 2), Page_state::REASON);
}
