#include <vector>

#include <gtest/gtest.h>

#include "libimage/foc_selectors.h"

namespace
{

using Capimg::foc_selectors;
using Indices = std::vector<std::uint64_t>;

constexpr std::uint16_t ANY = 9999;

TEST(Foc_selectors, Thread_gates_tell_the_release)
{
	Indices const new_ones { 0xb, 0xc, 0x11, 0x16, 0x300, 0xfff };
	Indices const middle { 0xb, 0xc, 0xf, 0x12, 0x200 };
	Indices const old { 0x8, 0x9, 0xc, 0xf, 0x200 };

	ASSERT_NE(foc_selectors(0, ANY, new_ones), nullptr);
	EXPECT_EQ(foc_selectors(0, ANY, new_ones)->thread_slots, 5u);
	ASSERT_NE(foc_selectors(0, ANY, middle), nullptr);
	EXPECT_EQ(foc_selectors(0, ANY, middle)->thread_slots, 3u);
	EXPECT_EQ(foc_selectors(0, ANY, middle)->parent, 0xbu);
	ASSERT_NE(foc_selectors(0, ANY, old), nullptr);
	EXPECT_EQ(foc_selectors(0, ANY, old)->parent, 0x8u);
}

TEST(Foc_selectors, Gates_of_all_threads_and_nothing_else)
{
	Indices const main { 0xb, 0xc };
	auto const *scheme = foc_selectors(0, ANY, main);
	ASSERT_NE(scheme, nullptr);
	EXPECT_EQ(scheme->first_release, 1905); /* the newest of those that fit */

	unsigned gates = 0;
	for (std::uint64_t i = 0; i < 4096; i++) gates += scheme->thread_gate(i);
	EXPECT_EQ(gates, 128u);
	EXPECT_TRUE(scheme->thread_gate(0xc + 5 * 127));
	EXPECT_FALSE(scheme->thread_gate(0xc + 5 * 128));
	EXPECT_FALSE(scheme->thread_gate(0xb));
	EXPECT_FALSE(scheme->thread_gate(0));
}

TEST(Foc_selectors, Releases_narrow_the_choice)
{
	Indices const main { 0xb, 0xc, 0x201 };
	EXPECT_EQ(foc_selectors(1905, ANY, main), nullptr);  /* 0x201 is within the thread area … */
	ASSERT_NE(foc_selectors(1705, 1705, main), nullptr); /* … but was the first one to allocate */
	EXPECT_EQ(foc_selectors(1608, 1702, main), nullptr);
}

TEST(Foc_selectors, No_scheme_without_a_parent_or_with_unexplained_selectors)
{
	EXPECT_EQ(foc_selectors(0, ANY, Indices {}), nullptr);
	EXPECT_EQ(foc_selectors(0, ANY, Indices { 0xc, 0x11 }), nullptr);
	EXPECT_EQ(foc_selectors(0, ANY, Indices { 0xb, 0xc, 0xd }), nullptr);
}

}
