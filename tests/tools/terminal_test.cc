#include "tools/terminal.h"

#include <cstdlib>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "libimage/image_error.h"

using namespace Capimg;

namespace
{

/* a terminal of our own */
class Pty
{
	int _controller = -1, _terminal = -1;

  public:
	explicit Pty(unsigned short width)
	{
		struct winsize size
		{};
		size.ws_col = width;
		size.ws_row = 24;
		if (::openpty(&_controller, &_terminal, nullptr, nullptr, &size) != 0) std::abort();
	}

	~Pty()
	{
		::close(_controller);
		::close(_terminal);
	}

	Pty(Pty const &) = delete;
	Pty &operator=(Pty const &) = delete;

	int fd() const { return _terminal; }
};

/* an environment variable for the time of a test; null removes it */
class Variable
{
	char const *_name;
	std::optional<std::string> _before {};

  public:
	Variable(char const *name, char const *value) : _name(name)
	{
		if (char const *before = std::getenv(name)) _before = before;
		if (value)
			::setenv(name, value, 1);
		else
			::unsetenv(name);
	}

	~Variable()
	{
		if (_before)
			::setenv(_name, _before->c_str(), 1);
		else
			::unsetenv(_name);
	}

	Variable(Variable const &) = delete;
	Variable &operator=(Variable const &) = delete;
};

/* something that is no terminal */
class Pipe
{
	int _fds[2] { -1, -1 };

  public:
	Pipe()
	{
		if (::pipe(_fds) != 0) std::abort();
	}

	~Pipe()
	{
		::close(_fds[0]);
		::close(_fds[1]);
	}

	Pipe(Pipe const &) = delete;
	Pipe &operator=(Pipe const &) = delete;

	int fd() const { return _fds[1]; }
};

}

TEST(Terminal, color_mode_names)
{
	EXPECT_EQ(color_mode_from("auto"), Color_mode::AUTO);
	EXPECT_EQ(color_mode_from("always"), Color_mode::ALWAYS);
	EXPECT_EQ(color_mode_from("never"), Color_mode::NEVER);
	EXPECT_EQ(color_mode_from("Auto"), std::nullopt);
	EXPECT_EQ(color_mode_from(""), std::nullopt);
}

TEST(Terminal, who_decides_about_colors)
{
	EXPECT_TRUE(use_color(Color_mode::AUTO, true, nullptr, "xterm"));
	EXPECT_TRUE(use_color(Color_mode::AUTO, true, "", nullptr));
	EXPECT_FALSE(use_color(Color_mode::AUTO, true, "1", "xterm"));
	EXPECT_FALSE(use_color(Color_mode::AUTO, true, nullptr, "dumb"));
	EXPECT_FALSE(use_color(Color_mode::AUTO, false, nullptr, "xterm"));
	EXPECT_TRUE(use_color(Color_mode::ALWAYS, false, "1", "dumb"));
	EXPECT_FALSE(use_color(Color_mode::NEVER, true, nullptr, "xterm"));
}

TEST(Terminal, width_and_color_of_a_terminal)
{
	Variable const no_color("NO_COLOR", nullptr), term("TERM", "xterm");
	Pty const pty(133);
	Terminal const terminal(pty.fd(), Color_mode::AUTO);
	EXPECT_TRUE(terminal.terminal());
	EXPECT_TRUE(terminal.color());
	EXPECT_EQ(terminal.width(), 133u);
	EXPECT_EQ(terminal.style(Style::BAD, "x"), "\033[1;31mx\033[0m");
	EXPECT_EQ(terminal.style(Style::PLAIN, "x"), "x");
	EXPECT_EQ(terminal.style(Style::BAD, ""), "");
}

TEST(Terminal, width_if_the_terminal_does_not_know)
{
	Pty const pty(0);
	Terminal const terminal(pty.fd(), Color_mode::AUTO);
	for (auto [columns, width] : { std::pair("97", 97u), std::pair("", 80u), std::pair("0", 80u),
								   std::pair("12x", 80u), std::pair("99999999999999999999", 80u) })
	{
		Variable const variable("COLUMNS", columns);
		EXPECT_EQ(terminal.width(), width) << columns;
	}
	Variable const variable("COLUMNS", nullptr);
	EXPECT_EQ(terminal.width(), 80u);
}

TEST(Terminal, no_terminal_has_no_limit)
{
	Variable const columns("COLUMNS", "40");
	Pipe const pipe;
	Terminal const stream(pipe.fd(), Color_mode::AUTO);
	EXPECT_FALSE(stream.terminal());
	EXPECT_FALSE(stream.color());
	EXPECT_EQ(stream.width(), 0u);
	EXPECT_EQ(stream.style(Style::BAD, "x"), "x");
	EXPECT_NO_THROW(stream.refuse_binary("an image"));
}

TEST(Terminal, refuses_binary)
{
	Pty const pty(80);
	try {
		Terminal(pty.fd(), Color_mode::NEVER).refuse_binary("an image");
		FAIL() << "nothing thrown";
	} catch (Image_error const &e) {
		EXPECT_EQ(e.info().code, Code::BAD_ARGUMENT);
		EXPECT_NE(e.info().message.find("an image"), std::string::npos);
		EXPECT_FALSE(e.info().hint.empty());
	}
}
