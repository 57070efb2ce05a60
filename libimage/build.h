/*
 * A directory that 'dump' made, or a person, becomes an image (dump_format.h)
 *
 * Everything is checked before the first byte of the image is written: image.json strictly
 * (strict_json.h, message_json.h), the manifest by core's own check, each file by its size. The
 * number of a dataspace's first block may be left out: it follows from the sizes.
 */

#ifndef CAPIMG__BUILD_H
#define CAPIMG__BUILD_H

#include <string>
#include <vector>

#include "sink.h"
#include "writer.h"

namespace Capimg
{

struct Build_options
{
	unsigned threads = 0; /* 0: as many as the machine has */
	Progress_sink *progress = nullptr;
};

struct Build_result
{
	Writer::Summary summary {};
	std::vector<std::string> warnings {};
};

/*
 * Throws 'Image_error' with the file, and for image.json the path of the value. A file that
 * changes in the meantime gives an image with the old or the new bytes.
 */
Build_result build(std::string const &directory, Sink &, Build_options const & = {});

}

#endif /* CAPIMG__BUILD_H */
