/*
 * What stands behind the blocks of an image: sections, their table, and the trailer
 */

#ifndef CAPIMG__IMAGE_TAIL_H
#define CAPIMG__IMAGE_TAIL_H

#include "core/head.h"
#include "core/trailer.h"
#include "gathered_output.h"
#include "writer.h"

namespace Capimg
{

struct Image_tail
{
	Head const &head;
	std::uint64_t head_digest = 0; /* of the head's bytes */
	std::uint64_t blocks = 0;

	/* bytes of the sections; they must stay until 'write' returns */
	std::span<std::byte const> directory {}, manifest {}, storage {};

	/*
	 * All of it, from the output's cursor on, which is the end of blocks and chunks
	 *
	 * Throws 'Image_error'.
	 */
	Trailer write(Gathered_output &, Writer::Make_sections const &) const;
};

}

#endif /* CAPIMG__IMAGE_TAIL_H */
