/*
 * The same state in another profile
 */

#ifndef CAPIMG__CONVERT_H
#define CAPIMG__CONVERT_H

#include <string>
#include <vector>

#include "image.h"
#include "sink.h"
#include "writer.h"

namespace Capimg
{

struct Convert_options
{
	Profile profile {};                    /* of the result */
	std::optional<std::uint16_t> minor {}; /* version of the format, or the image's own */
	Writer::Options writer {};
};

struct Convert_report
{
	Writer::Summary summary {};
	bool state_changed = false; /* another block size: the state has another digest */
};

/*
 * With the same block size, the state digest stays; with another one, the places of blocks in
 * the manifest change and so the digest, and a record of provenance names the old one.
 *
 * An image of a newer minor version becomes one of 'minor' only if nothing is lost: no reserved
 * byte or optional feature is set in the head, and there is no section of a kind that is kept for
 * later versions. What a manifest has of a later version stays: all readers carry it along.
 *
 * Image_error: what 'Image_copy' throws; UNSUPPORTED for an image with inherited blocks whose size
 * would change, or with something of a later version; INCONSISTENT if the image's state digest
 * is not that of its contents.
 */
Convert_report convert(Image const &, Sink &, Convert_options const &);

}

#endif /* CAPIMG__CONVERT_H */
