/*
 * What a search finds in memory and a manifest does not declare, declared
 */

#ifndef CAPIMG__DECLARE_FOUND_H
#define CAPIMG__DECLARE_FOUND_H

#include "image.h"

namespace Capimg
{

struct Found_declarations
{
	std::vector<std::byte> message {};   /* the manifest with what was found */
	std::vector<std::uint64_t> pools {}; /* tree objects that it did not declare */
	bool parent_word = false;            /* so for the raw badge of the parent capability */
};

/*
 * Searches all memory of the first capability space (capability_scan.h)
 *
 * Throws 'Image_error' with INCONSISTENT if the capability map is not where and what the manifest
 * says, or memory holds one that it does not declare at all.
 */
Found_declarations declare_found(Image const &);

}

#endif /* CAPIMG__DECLARE_FOUND_H */
