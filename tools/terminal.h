/*
 * What a stream of the program is connected to, and what may be written to it
 *
 * Data goes to stdout, all else to stderr, so there are two of these. Objects are immutable
 * after construction, but for 'width', which asks the system each time.
 */

#ifndef CAPIMG__TOOLS__TERMINAL_H
#define CAPIMG__TOOLS__TERMINAL_H

#include <optional>
#include <string>
#include <string_view>

namespace Capimg
{

/* '--color' */
enum class Color_mode { AUTO, ALWAYS, NEVER };

/* "auto", "always", "never"; anything else is none */
std::optional<Color_mode> color_mode_from(std::string_view);

/*
 * Whether to use colours
 *
 * With AUTO: on a terminal, unless NO_COLOR is set to anything but "" (no-color.org) or TERM is
 * "dumb". Environment variables are null when not set. ALWAYS and NEVER decide alone.
 */
bool use_color(Color_mode, bool terminal, char const *no_color, char const *term);

enum class Style { PLAIN, BOLD, DIM, GOOD, WARNING, BAD };

/* the text in a style, as escape sequences */
std::string styled(Style, std::string_view text);

class Terminal
{
	int _fd;
	bool _terminal;
	bool _color;

  public:
	/* 'fd' is 1 or 2, or any other one in tests */
	Terminal(int fd, Color_mode);

	bool terminal() const { return _terminal; }
	bool color() const { return _color; }

	/*
	 * Columns to fit into; 0: no limit, since this is no terminal
	 *
	 * The terminal's own answer, else COLUMNS, else 80.
	 */
	unsigned width() const;

	/* the text in a style if colours are used, else as it is */
	std::string style(Style, std::string_view text) const;

	/*
	 * To be called before binary data is written
	 *
	 * Throws Image_error (BAD_ARGUMENT) if this is a terminal; 'what' names the data, such as
	 * "an image".
	 */
	void refuse_binary(std::string_view what) const;
};

}

#endif /* CAPIMG__TOOLS__TERMINAL_H */
