#include "tools/progress.h"

#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include "tools/printable.h"

using namespace Capimg;
using namespace std::chrono_literals;

namespace
{

/* progress on a terminal of 80 columns, with a clock that the test moves */
struct Progress_test : testing::Test
{
	int controller = -1, terminal = -1;
	Progress::Time now {};
	std::vector<std::string> written {};

	Progress_test()
	{
		struct winsize size
		{};
		size.ws_col = 80;
		if (::openpty(&controller, &terminal, nullptr, nullptr, &size) != 0) std::abort();
	}

	~Progress_test() override
	{
		::close(controller);
		::close(terminal);
	}

	Progress progress(int fd, std::uint64_t total)
	{
		return Progress(
			Terminal(fd, Color_mode::NEVER), "import", total, [this] { return now; },
			[this](std::string const &text) { written.push_back(text); });
	}
};

}

TEST(Human_size, has_at_most_four_digits)
{
	EXPECT_EQ(human_size(0), "0 B");
	EXPECT_EQ(human_size(1023), "1023 B");
	EXPECT_EQ(human_size(1024), "1.0 KiB");
	EXPECT_EQ(human_size(1536), "1.5 KiB");
	EXPECT_EQ(human_size((1u << 20) - 1), "1.0 MiB");
	EXPECT_EQ(human_size(std::uint64_t(4) << 30), "4.0 GiB");
	EXPECT_EQ(human_size(~std::uint64_t(0)), "16.0 EiB");
}

TEST_F(Progress_test, nothing_is_shown_of_what_is_quick)
{
	{
		Progress p = progress(terminal, 1000);
		now += 499ms;
		p.update(990);
	}
	EXPECT_TRUE(written.empty());
}

TEST_F(Progress_test, shown_after_the_delay_and_removed_at_the_end)
{
	{
		Progress p = progress(terminal, 4096);
		now += 500ms;
		p.update(1024);
		ASSERT_EQ(written.size(), 1u);
		EXPECT_EQ(written[0], "\r\033[Kimport  [" + std::string(7, '#') + std::string(24, '.') +
								  "]   25 %  1.0 KiB of 4.0 KiB, 2.0 KiB/s");

		now += 99ms;
		p.update(2048);
		EXPECT_EQ(written.size(), 1u);
		now += 1ms;
		p.update(2048);
		EXPECT_EQ(written.size(), 2u);
	}
	ASSERT_EQ(written.size(), 3u);
	EXPECT_EQ(written[2], "\r\033[K");
}

TEST_F(Progress_test, finish_once)
{
	Progress p = progress(terminal, 0);
	now += 1s;
	p.update(1);
	p.finish();
	p.finish();
	EXPECT_EQ(written.size(), 2u);
}

TEST_F(Progress_test, nothing_is_shown_where_there_is_no_terminal)
{
	int fds[2];
	ASSERT_EQ(::pipe(fds), 0);
	{
		Progress p = progress(fds[1], 1000);
		now += 10s;
		p.update(500);
	}
	::close(fds[0]);
	::close(fds[1]);
	EXPECT_TRUE(written.empty());
}

TEST(Progress_line, fits_any_width_and_any_numbers)
{
	std::uint64_t const most = ~std::uint64_t(0);
	for (unsigned width = 0; width < 200; width++)
		for (std::uint64_t total :
			 { std::uint64_t(0), std::uint64_t(1), std::uint64_t(7777), most })
			for (std::uint64_t done : { std::uint64_t(0), total / 2, total, most })
				for (double seconds : { 0.0, 1e-300, 1.0, 1e9 })
					EXPECT_LE(columns(progress_line("verify", done, total, seconds, width)), width);
}

TEST(Progress_line, more_than_all_is_all)
{
	std::string const line = progress_line("x", 30, 20, 0, 80);
	EXPECT_NE(line.find("100 %"), std::string::npos);
	EXPECT_EQ(line.find('.'), std::string::npos);
}
