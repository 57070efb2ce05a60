/*
 * A chain of images becomes one whole image
 */

#ifndef CAPIMG__SQUASH_H
#define CAPIMG__SQUASH_H

#include "image.h"
#include "sink.h"
#include "writer.h"

namespace Capimg
{

struct Squash_report
{
	Writer::Summary summary {};
	std::uint64_t inherited = 0; /* blocks that came from the parents */
	std::uint64_t parents = 0;   /* images */
};

/*
 * Write the image with the blocks that it inherits, and without a parent
 *
 * 'image' has its parents: connect_parents. The result has the bytes that a writer would have
 * made of the same state with the image's profile; it has no record of provenance for that
 * reason. Throws what 'Image_copy' throws.
 */
Squash_report squash(Image const &image, Sink &, Writer::Options);

}

#endif /* CAPIMG__SQUASH_H */
