/*
 * An image changed in place: which bytes of the file become others
 *
 * The result is, byte for byte, what 'Image_copy::write' makes of the same image. Nothing is
 * written here: that is for 'Locked_image'.
 */

#ifndef CAPIMG__IMAGE_EDIT_H
#define CAPIMG__IMAGE_EDIT_H

#include "edit_signer.h"
#include "file_change.h"
#include "image_copy.h"

namespace Capimg
{

struct Image_edit
{
	std::vector<File_change> changes {};           /* ascending, disjoint, behind the head */
	std::uint64_t size_before = 0, size_after = 0; /* of the file, with a signature */
	std::uint64_t image_size = 0;                  /* afterwards, without */
	State_digest state_before {}, state_after {};

	/*
	 * A signature is removed, or made anew if there is a signer
	 *
	 * Image_error: UNSUPPORTED if a block cannot be changed in place (edit_layout.h); what is
	 * wrong with the image; what the signer throws
	 */
	static Image_edit of(Image_copy const &, Edit_signer const *signer = nullptr);
};

}

#endif /* CAPIMG__IMAGE_EDIT_H */
