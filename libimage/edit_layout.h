/*
 * Can blocks get other bytes where they are?
 *
 * They can if a writer of the image with the new bytes would store each block where it stands
 * now: every block concerned is raw, no other one shares its bytes, and the choices of
 * deduplication stay the same (docs/FORMAT.md, "Deduplication"). The whole index is read, as any
 * block may share the bytes of another; blocks are read only to compare equal digests.
 */

#ifndef CAPIMG__EDIT_LAYOUT_H
#define CAPIMG__EDIT_LAYOUT_H

#include "image_copy.h"

namespace Capimg
{

/*
 * Throws 'Image_error': UNSUPPORTED, with the block and the reason, if a new file is needed; what
 * is wrong with the image
 */
void check_layout_stays(Image_copy const &);

}

#endif /* CAPIMG__EDIT_LAYOUT_H */
