/*
 * Journal of a change that is made in place: what is written where
 *
 * A file beside the image, complete and on the medium before the first byte of the image changes,
 * removed when the change is on the medium. Layout and rules: docs/FORMAT.md, "Journal". Whoever
 * reads one has found it beside an image, and trusts nothing in it.
 */

#ifndef CAPIMG__EDIT_JOURNAL_H
#define CAPIMG__EDIT_JOURNAL_H

#include "core/bytes.h"
#include "image_edit.h"

namespace Capimg
{

class Edit_journal
{
  public:
	static constexpr std::size_t HEADER_SIZE = 128, ENTRY_SIZE = 24;
	static constexpr unsigned MAJOR = 1, MINOR = 0;

	/* header and table; the bytes of the changes follow, one behind the other */
	static std::vector<std::byte> encode(Image_edit const &);

	/* name of the journal of the image file of this name */
	static std::string path_of(std::string const &image) { return image + ".capimg-journal"; }

	std::uint64_t size_before = 0, size_after = 0;
	State_digest state_before {}, state_after {};

	/* ascending, disjoint, behind the head, below 'size_after' */
	std::vector<Mapped_file::Replacement> changes {};

	/* of a whole file, which must outlive the changes; throws 'Image_error' */
	static Edit_journal decode(Mapped_file const &);
};

}

#endif /* CAPIMG__EDIT_JOURNAL_H */
