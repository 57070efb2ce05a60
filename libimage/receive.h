/*
 * Images that arrive in frames over a line (docs/RECEIVE.md)
 */

#ifndef CAPIMG__RECEIVE_H
#define CAPIMG__RECEIVE_H

#include <istream>
#include <string>

#include "sink.h"

namespace Capimg
{

struct Receive_report
{
	std::uint64_t bytes = 0;  /* of the image */
	std::uint64_t frames = 0; /* the last one included */
	std::uint64_t noise = 0;  /* bytes that belong to no frame of the stream */
	std::uint64_t stream = 0;
};

/*
 * Read from 'line' up to the end of one stream, and append its image to 'sink'
 *
 * Bytes between frames are skipped: a log may share the line. Frames of a stream that was not
 * seen from its begin are skipped as well, so that a reader may come late.
 *
 * name  of the line, for errors
 *
 * Throws 'Image_error': DAMAGED with the number of the frame that is missing or damaged; INCOMPLETE
 * if the line ends before the stream does; NOT_FOUND if there was no stream at all.
 */
Receive_report receive_image(std::istream &line, Sink &sink, std::string const &name);

}

#endif /* CAPIMG__RECEIVE_H */
