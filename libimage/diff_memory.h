/*
 * Which pages of a dataspace differ between two images
 *
 * By the index where that tells: chunks with equal content digests are skipped as a whole, blocks
 * with equal digests are not read, and blocks of one page with different digests need not be.
 * Larger blocks are read and compared page by page, and so is everything if the block sizes of
 * the images differ. Digests are taken at their word: 'verify' is what proves them.
 *
 * Known and not known is a difference of its own. Throws 'Image_error'; inherited blocks need
 * the parent where bytes are needed. Not thread-safe.
 */

#ifndef CAPIMG__DIFF_MEMORY_H
#define CAPIMG__DIFF_MEMORY_H

#include "dataspace_reader.h"
#include "page_map.h"

namespace Capimg
{

/* page of both machines; if they are not of one size or an odd one, 4 KiB */
std::uint64_t diff_page_size(Image const &, Image const &);

/*
 * Pages of what both dataspaces have in common, that is up to the smaller size
 *
 * 'a' and 'b' are ids of dataspaces. 'page' is a power of two from 4 KiB on.
 */
Page_map diff_pages(Image const &image_a, std::uint32_t a, Image const &image_b, std::uint32_t b,
					std::uint64_t page);

}

#endif /* CAPIMG__DIFF_MEMORY_H */
