/*
 * Images that build on each other
 *
 * A delta names its parent by state digest and inherits blocks from it; the parent may be a
 * delta itself.
 */

#ifndef CAPIMG__IMAGE_CHAIN_H
#define CAPIMG__IMAGE_CHAIN_H

#include <memory>
#include <string>
#include <vector>

#include "image.h"

namespace Capimg
{

using Images = std::vector<std::shared_ptr<Image>>;

/* all of them opened; throws 'Image_error' */
Images open_images(std::vector<std::string> const &paths, Reading_limits const & = {});

/* whether all ancestors must be there, up to one that is whole */
enum class Ancestors { ALL, AS_GIVEN };

/*
 * Give an image and its ancestors their parents, from 'candidates' in any order
 *
 * Afterwards the candidates are an unbroken line of ancestors of 'image'. Image_error: NO_PARENT
 * if one is missing, naming its state digest and who wants it; WRONG_PARENT for a candidate that
 * nobody names, or with blocks of another size; DUPLICATE for one that is given twice; CYCLE.
 */
void connect_parents(Image &image, Images const &candidates, Ancestors);

/* the parents from the nearest to the last */
std::vector<Image const *> ancestors(Image const &);

/* the image, and these */
std::vector<Image const *> with_ancestors(Image const &);

}

#endif /* CAPIMG__IMAGE_CHAIN_H */
