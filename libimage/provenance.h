/*
 * What an image was made from
 */

#ifndef CAPIMG__PROVENANCE_H
#define CAPIMG__PROVENANCE_H

#include <string>

#include "image_copy.h"

namespace Capimg
{

/*
 * Add a record to the sections of a copy of 'image', whose records are kept
 *
 * action  "convert", "rewrite", …
 * detail  for people, may be empty
 *
 * The record says that the copy was made from the image's state, by this version of capimg.
 */
void add_provenance(Image_copy::Sections &, Image const &image, std::string const &action,
					std::string const &detail);

}

#endif /* CAPIMG__PROVENANCE_H */
