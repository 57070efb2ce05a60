/*
 * Where a badge stands as a plain number: in memory, or in what the manifest says of a thread
 */

#ifndef CAPIMG__CORE__RAW_BADGE_H
#define CAPIMG__CORE__RAW_BADGE_H

#include "generated/image.h"

namespace Capimg
{

struct Raw_badge_location
{
	bool in_message = false; /* of the manifest; else in the component's memory */
	uint64_t at = 0;         /* byte in the framed message, or address */
	unsigned width = 0;      /* bytes, 2, 4 or 8 */

	/* greatest badge that fits */
	uint64_t highest() const
	{
		return width >= 8 ? ~uint64_t(0) : (uint64_t(1) << (8 * width)) - 1;
	}
};

/*
 * 'manifest' has passed 'check_manifest', 'badge' is one of its raw badges
 *
 * Registers are numbered in the order of the fields of their struct; a list counts as many as
 * it has elements. Errors: UNSUPPORTED "place" for one of a newer version, DANGLING "thread",
 * INVALID "word" if the thread has no such word or register; 'offset' is that of the raw badge in
 * the message.
 */
Result<Raw_badge_location> locate_raw_badge(Metadata::Manifest::Reader const &manifest,
											Metadata::Raw_badge::Reader const &badge);

}

#endif /* CAPIMG__CORE__RAW_BADGE_H */
