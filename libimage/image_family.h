/*
 * Images that are compared, and the parents that they inherit from
 *
 * One of those compared may be another one's parent.
 */

#ifndef CAPIMG__IMAGE_FAMILY_H
#define CAPIMG__IMAGE_FAMILY_H

#include <memory>
#include <vector>

#include "image.h"

namespace Capimg
{

using Image_family = std::vector<std::shared_ptr<Image>>;

/*
 * Give each image its parent, as far as it is there
 *
 * The first 'compared' images are those that the user asks about, the others parents, in any
 * order. Throws 'Image_error': WRONG_PARENT for a parent that nobody names, CYCLE.
 */
void connect_family(Image_family const &, std::size_t compared);

}

#endif /* CAPIMG__IMAGE_FAMILY_H */
