/*
 * The library's progress, shown on a terminal
 */

#ifndef CAPIMG__TOOLS__PROGRESS_SINK_H
#define CAPIMG__TOOLS__PROGRESS_SINK_H

#include "libimage/writer.h"
#include "progress.h"

namespace Capimg
{

class Shown_progress final : public Progress_sink
{
	Progress _progress;

  public:
	Shown_progress(Terminal const &terminal, std::string const &label, std::uint64_t total)
		: _progress(terminal, label, total)
	{}

	void done(std::uint64_t bytes) override { _progress.update(bytes); }
	void finish() { _progress.finish(); }
};

}

#endif /* CAPIMG__TOOLS__PROGRESS_SINK_H */
