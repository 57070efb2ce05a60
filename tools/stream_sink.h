/*
 * Standard output as a sink, for documents that are written as they come
 */

#ifndef CAPIMG__TOOLS__STREAM_SINK_H
#define CAPIMG__TOOLS__STREAM_SINK_H

#include <iostream>

#include "libimage/image_error.h"
#include "libimage/sink.h"

namespace Capimg
{

/* errors stick to std::cout, which is checked at the end of the run */
class Stream_sink final : public Sink
{
  public:
	void append(std::span<std::span<std::byte const> const> pieces) override
	{
		for (std::span<std::byte const> const piece : pieces)
			std::cout.write(reinterpret_cast<char const *>(piece.data()),
							std::streamsize(piece.size()));
	}

	/* nobody who writes documents asks for it */
	void read_at(std::uint64_t, std::span<std::byte>) override
	{
		throw Image_error(
			{ "-", Code::UNSUPPORTED, {}, "output", "standard output cannot be read back", {} });
	}
};

}

#endif /* CAPIMG__TOOLS__STREAM_SINK_H */
