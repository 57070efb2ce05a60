/*
 * What an image was made from
 */

#ifndef CAPIMG__PROVENANCE_H
#define CAPIMG__PROVENANCE_H

#include <string>

#include "image.h"
#include "writer.h"

namespace Capimg
{

struct Provenance_record
{
	std::string action {}; /* "rewrite", "convert" */
	std::string tool {};   /* "capimg 1.0.0" */
	State_digest source {};
	std::string detail {};

	/* of the image's last record */
	static std::optional<Provenance_record> last(Image const &);
};

/*
 * The further sections of an image that is made from 'image'
 *
 * 'sections' are those of the image; its provenance gets one more record, or stands behind all
 * others if there was none. The record names the image's state, who has signed it, and this
 * version of capimg.
 */
std::vector<Writer::Extra_section> add_record(Image const &image,
											  std::vector<Writer::Extra_section> sections,
											  std::string const &action, std::string const &detail);

/* the same without the image's last record; without the section if it was the only one */
std::vector<Writer::Extra_section> remove_record(Image const &image,
												 std::vector<Writer::Extra_section> sections);

/*
 * The section of an image from which memory was taken out: bytes of the message
 *
 * One more record, and no state that any record named: digests of memory that is gone would tell
 * whether a guess at it is right.
 */
std::vector<std::byte> redacted_provenance(Image const &image);

}

#endif /* CAPIMG__PROVENANCE_H */
