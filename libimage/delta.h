/*
 * A core becomes an image that builds on an earlier one
 */

#ifndef CAPIMG__DELTA_H
#define CAPIMG__DELTA_H

#include "image.h"
#include "import.h"

namespace Capimg
{

/*
 * Let the plan's dataspaces inherit what they can from 'parent'
 *
 * A block is inherited if its bytes equal those of the parent's dataspace of the same address and
 * size, at the same offset; bytes are compared, so that no two blocks of one digest are taken
 * for each other. Blocks of zeros, and those that are absent in part, are not inherited. The
 * manifest gets its parent, and the number behind the parent's as sequence number.
 *
 * The parent, with its own parents connected, must outlive the plan; the writer's profile has
 * its block size, and the head INHERITED. Image_error: WRONG_PARENT for one of another machine;
 * LIMIT if there is no next sequence number.
 */
void inherit(Import_plan &, Image const &parent);

}

#endif /* CAPIMG__DELTA_H */
