#include "terminal.h"

#include <cstdlib>
#include <cstring>
#include <iterator>

#include <sys/ioctl.h>
#include <unistd.h>

#include "libimage/image_error.h"

namespace Capimg
{

static constexpr unsigned DEFAULT_WIDTH = 80;

/* a COLUMNS beyond this is a mistake, and would only make rows of blanks */
static constexpr unsigned long MAX_WIDTH = 10'000;

static constexpr struct
{
	char const *name;
	Color_mode mode;
} MODES[] {
	{ "auto", Color_mode::AUTO },
	{ "always", Color_mode::ALWAYS },
	{ "never", Color_mode::NEVER },
};

/* the eight basic colours only: they follow the user's theme */
static constexpr struct
{
	Style style;
	char const *sequence;
} SEQUENCES[] {
	{ Style::PLAIN, "" },        { Style::BOLD, "\033[1m" },     { Style::DIM, "\033[2m" },
	{ Style::GOOD, "\033[32m" }, { Style::WARNING, "\033[33m" }, { Style::BAD, "\033[1;31m" },
};

std::optional<Color_mode> color_mode_from(std::string_view name)
{
	for (auto const &entry : MODES)
		if (name == entry.name) return entry.mode;
	return std::nullopt;
}

bool use_color(Color_mode mode, bool terminal, char const *no_color, char const *term)
{
	if (mode != Color_mode::AUTO) return mode == Color_mode::ALWAYS;
	if (no_color && *no_color) return false;
	if (term && std::strcmp(term, "dumb") == 0) return false;
	return terminal;
}

std::string styled(Style style, std::string_view text)
{
	for (auto const &entry : SEQUENCES)
		if (entry.style == style && *entry.sequence && !text.empty())
			return std::string(entry.sequence) + std::string(text) + "\033[0m";
	return std::string(text);
}

Terminal::Terminal(int fd, Color_mode mode)
	: _fd(fd),
	  _terminal(::isatty(fd) == 1),
	  _color(use_color(mode, _terminal, std::getenv("NO_COLOR"), std::getenv("TERM")))
{}

unsigned Terminal::width() const
{
	if (!_terminal) return 0;

	struct winsize size
	{};
	if (::ioctl(_fd, TIOCGWINSZ, &size) == 0 && size.ws_col) return size.ws_col;

	if (char const *const text = std::getenv("COLUMNS")) {
		char *end = nullptr;
		unsigned long const value = std::strtoul(text, &end, 10);
		if (end != text && !*end && value && value <= MAX_WIDTH) return unsigned(value);
	}
	return DEFAULT_WIDTH;
}

std::string Terminal::style(Style style, std::string_view text) const
{
	return _color ? styled(style, text) : std::string(text);
}

void Terminal::refuse_binary(std::string_view what) const
{
	if (!_terminal) return;
	throw Image_error({ .file = "-",
						.code = Code::BAD_ARGUMENT,
						.message = "not writing " + std::string(what) + " to a terminal",
						.hint = "redirect the output, or name a file with -o" });
}

}
