#include "progress.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string_view>
#include <utility>

#include "printable.h"

namespace Capimg
{

static constexpr std::size_t MIN_BAR = 10, MAX_BAR = 40;

/* bytes per second that no machine reaches; what is above comes from a clock that stands */
static constexpr double MAX_RATE = 1e18;

/* back to the first column, erase the line */
static constexpr char const *ERASE = "\r\033[K";

std::string human_size(std::uint64_t bytes)
{
	static constexpr char const *UNITS[] { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };

	double value = double(bytes);
	std::size_t unit = 0;

	/* 1023.96 would be shown as 1024.0 */
	for (; value >= 1023.95 && unit + 1 < std::size(UNITS); unit++) value /= 1024;

	char text[32];
	std::snprintf(text, sizeof(text), unit ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
	return text;
}

std::string progress_line(std::string const &label, std::uint64_t done, std::uint64_t total,
						  double seconds, unsigned width)
{
	std::string amount = human_size(done);
	if (total) amount += " of " + human_size(total);
	if (double const rate = double(done) / seconds; seconds > 0 && rate < MAX_RATE)
		amount += ", " + human_size(std::uint64_t(rate)) + "/s";
	if (!total) return shortened(label + "  " + amount, width);

	double const part = std::min(1.0, double(done) / double(total));
	char percent[8];
	std::snprintf(percent, sizeof(percent), "%3d %%", int(part * 100));

	/* two blanks between the parts, and the brackets of the bar */
	std::size_t const other =
		columns(label) + std::size(std::string_view(percent)) + columns(amount) + 3 * 2 + 2;
	if (other + MIN_BAR > width) return shortened(label + "  " + percent + "  " + amount, width);

	std::size_t const size = std::min(width - other, MAX_BAR);
	std::size_t const full = std::size_t(part * double(size));
	return label + "  [" + std::string(full, '#') + std::string(size - full, '.') + "]  " +
		   percent + "  " + amount;
}

static void write_to_stderr(std::string const &text)
{
	std::fwrite(text.data(), 1, text.size(), stderr);
	std::fflush(stderr);
}

Progress::Progress(Terminal const &terminal, std::string const &label, std::uint64_t total,
				   Clock clock, Write write)
	: _terminal(terminal),
	  _label(printable(label)),
	  _total(total),
	  _clock(std::move(clock)),
	  _write(write ? std::move(write) : Write(write_to_stderr)),
	  _start(_clock()),
	  _next(_start + DELAY)
{}

void Progress::update(std::uint64_t done)
{
	if (!_terminal.terminal()) return;

	Time const now = _clock();
	if (now < _next) return;

	/* one column less: a full line would wrap on some terminals */
	double const seconds = std::chrono::duration<double>(now - _start).count();
	unsigned const width = std::max(1u, _terminal.width()) - 1;
	_write(ERASE + progress_line(_label, done, _total, seconds, width));
	_shown = true;
	_next = now + INTERVAL;
}

void Progress::finish() noexcept
{
	if (!_shown) return;
	_shown = false;
	try {
		_write(ERASE);
	} catch (...) {
		/* the bar is decoration: what goes wrong with it concerns nobody */
	}
}

}
