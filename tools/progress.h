/*
 * Progress bar for what takes long
 *
 * Shown on stderr if that is a terminal, and not before half a second has passed: what is quick
 * leaves no trace. One line, drawn over itself, and removed by 'finish' or the destructor, so
 * that messages start on an empty line. One thread calls 'update'; it is cheap enough to be
 * called for every block.
 */

#ifndef CAPIMG__TOOLS__PROGRESS_H
#define CAPIMG__TOOLS__PROGRESS_H

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "terminal.h"

namespace Capimg
{

/* "1023 B", "1.5 KiB", "4.0 GiB": at most four digits */
std::string human_size(std::uint64_t bytes);

/*
 * The line of a progress bar, at most 'width' columns
 *
 * total  bytes in all; 0: not known, so that neither bar nor percentage are shown
 */
std::string progress_line(std::string const &label, std::uint64_t done, std::uint64_t total,
						  double seconds, unsigned width);

class Progress
{
  public:
	using Time = std::chrono::steady_clock::time_point;
	using Clock = std::function<Time()>;
	using Write = std::function<void(std::string const &)>;

	static constexpr std::chrono::milliseconds DELAY { 500 }, INTERVAL { 100 };

	/*
	 * label  what is done, such as "import"
	 * total  bytes to do, 0 if not known
	 * write  where the line goes; empty: to stderr
	 */
	Progress(Terminal const &, std::string const &label, std::uint64_t total,
			 Clock = std::chrono::steady_clock::now, Write = {});

	~Progress() { finish(); }

	Progress(Progress const &) = delete;
	Progress &operator=(Progress const &) = delete;

	void update(std::uint64_t done);

	void finish() noexcept;

  private:
	Terminal const _terminal;
	std::string const _label;
	std::uint64_t const _total;
	Clock const _clock;
	Write const _write;
	Time const _start;
	Time _next;
	bool _shown = false;
};

}

#endif /* CAPIMG__TOOLS__PROGRESS_H */
