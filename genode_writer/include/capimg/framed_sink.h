/*
 * An image sent over a line in frames (docs/RECEIVE.md)
 */

#ifndef CAPIMG__ENGINE__FRAMED_SINK_H
#define CAPIMG__ENGINE__FRAMED_SINK_H

#include "capimg/io.h"
#include "libimage/core/transfer_frame.h"

namespace Capimg::Engine
{

class Framed_sink final : public Sink
{
	Sink &_line;
	uint64_t const _stream;
	uint32_t _number = 0;
	uint64_t _total = 0;
	uint8_t _frame[Transfer_frame::HEADER_SIZE + Transfer_frame::MAX_PAYLOAD] {};
	size_t _used = 0; /* bytes of the payload */

	Status _send(Transfer_frame::Kind);

  public:
	/* stream: another number for each image that crosses the line */
	Framed_sink(Sink &line, uint64_t stream) : _line(line), _stream(stream) {}

	/* errors of the line, after which the stream is broken */
	Status append(Const_bytes) override;

	/* the image is complete */
	Status end();
};

}

#endif /* CAPIMG__ENGINE__FRAMED_SINK_H */
