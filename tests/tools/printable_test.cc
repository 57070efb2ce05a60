#include "tools/printable.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

using namespace Capimg;

TEST(Printable, keeps_text)
{
	EXPECT_EQ(printable("timer -> \"log\" \\ 100%"), "timer -> \"log\" \\ 100%");
	EXPECT_EQ(printable("Gr\u00fc\u00dfe \u65e5\u672c \U0001f600"),
			  "Gr\u00fc\u00dfe \u65e5\u672c \U0001f600");
}

TEST(Printable, escapes_what_would_act_on_a_terminal)
{
	EXPECT_EQ(printable("\033[2Jx\r\n\t\x7f"), "\\x1b[2Jx\\x0d\\x0a\\x09\\x7f");
	EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
	EXPECT_EQ(printable("\u009b1m"), "\\u{9b}1m");             /* CSI in one character */
	EXPECT_EQ(printable("abc\u202edcba"), "abc\\u{202e}dcba"); /* right-to-left override */
}

TEST(Printable, escapes_bytes_that_are_no_utf8)
{
	EXPECT_EQ(printable("\xff"), "\\xff");
	EXPECT_EQ(printable("\xc0\x80"), "\\xc0\\x80");                   /* overlong */
	EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");          /* surrogate */
	EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80"); /* beyond U+10FFFF */
	EXPECT_EQ(printable("\xe2\x82"), "\\xe2\\x82");                   /* cut short */
	EXPECT_EQ(printable("\xe2x"), "\\xe2x");
}

TEST(Printable, counts_columns)
{
	EXPECT_EQ(columns(""), 0u);
	EXPECT_EQ(columns("abc"), 3u);
	EXPECT_EQ(columns("\u00fc"), 1u);
	EXPECT_EQ(columns("u\u0308"), 1u);
	EXPECT_EQ(columns("\u65e5\u672c"), 4u);
}

TEST(Printable, shortens_with_an_ellipsis)
{
	EXPECT_EQ(shortened("abcdef", 6), "abcdef");
	EXPECT_EQ(shortened("abcdef", 5), "abcd\u2026");
	EXPECT_EQ(shortened("abcdef", 1), "\u2026");
	EXPECT_EQ(shortened("abcdef", 0), "");
	EXPECT_EQ(shortened("\u65e5\u672c\u8a9e", 4), "\u65e5\u2026"); /* no half of a wide one */
}

TEST(Printable, any_bytes_become_safe)
{
	bool const holds = rc::check("printable() of any bytes is stable and has no controls", [] {
		auto const bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
		std::string const text = printable(bytes);
		for (unsigned char const c : text) RC_ASSERT(c >= 0x20 && c != 0x7f);
		RC_ASSERT(printable(text) == text);
	});
	EXPECT_TRUE(holds);
}

TEST(Printable, shortened_text_fits)
{
	bool const holds = rc::check("shortened() fits, and is safe still", [] {
		auto const bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
		auto const width = *rc::gen::inRange<std::size_t>(0, 40);
		std::string const text = shortened(printable(bytes), width);
		RC_ASSERT(columns(text) <= width);
		RC_ASSERT(printable(text) == text);
	});
	EXPECT_TRUE(holds);
}
