/*
 * An image becomes a directory (dump_format.h)
 *
 * Nothing is lost: 'build' (build.h) makes the same image of it, byte for byte, if the image is
 * what its profile says (which every image is that capimg's writer made; 'check' finds out) and
 * the library of its codec has the version that the head names.
 */

#ifndef CAPIMG__DUMP_H
#define CAPIMG__DUMP_H

#include <string>

#include "image.h"
#include "writer.h"

namespace Capimg
{

struct Dump_options
{
	bool force = false;   /* replace a directory that holds a dump and nothing else */
	bool check = false;   /* build the image again in passing, and compare */
	bool durable = true;  /* wait until all is on the medium */
	unsigned threads = 0; /* of the check; 0: as many as the machine has */
	Progress_sink *progress = nullptr;
};

/*
 * The directory appears whole or not at all
 *
 * Memory: the manifest's, and 8 bytes for each inherited block. 'Image_error' besides those of
 * reading: BAD_ARGUMENT if there is something else at 'directory'; NO_PARENT if blocks are
 * inherited by a whole chunk, whose digests only the parent has (Image::set_parent);
 * INCONSISTENT if 'check' finds a difference, with its offset in the image.
 */
void dump(Image const &, std::string const &directory, Dump_options const & = {});

}

#endif /* CAPIMG__DUMP_H */
