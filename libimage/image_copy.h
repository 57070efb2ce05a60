/*
 * Writing an image like another one
 *
 * What squash, convert and rewrite share. Dataspaces, their blocks and all sections are those
 * of the image, but for what the options say. Blocks whose form stays are copied as they are
 * (image_content.h). The head is carried over, but for the profile and the features that follow
 * from it. So are sections that are not known.
 */

#ifndef CAPIMG__IMAGE_COPY_H
#define CAPIMG__IMAGE_COPY_H

#include <optional>
#include <string>
#include <vector>

#include "image.h"
#include "patched_blocks.h"
#include "writer.h"

namespace Capimg
{

struct Image_copy
{
	/*
	 * The image's own profile, as this machine can write it
	 *
	 * The version of the codec's library is the one that is here; with another one than the
	 * image's, blocks are compressed again.
	 */
	static Profile profile_of(Image const &);

	/* what to tell people if the library has another version here; empty if it has not */
	static std::string codec_warning(Image const &, Profile const &output);

	Image const &image;
	Profile profile = profile_of(image);

	Patched_blocks const *patched = nullptr;  /* blocks that have other bytes */
	bool whole = false;                       /* take inherited blocks from the parents */
	std::uint16_t minor = image.head().minor; /* version of the format */

	/*
	 * Manifest with the same dataspaces, by id, size and order; null: the image's
	 *
	 * Where the block size changes, 'firstBlock' and 'absent' are set anew by the copy.
	 */
	Schema::Manifest::Builder *manifest = nullptr;

	/* the same as a message, for a copy with the same block size; empty: as above */
	std::span<std::byte const> message {};

	/* sections to be written in place of the image's further ones, which are given */
	using Sections = std::vector<Writer::Extra_section>;
	std::function<Sections(State_digest const &, Sections)> sections {};

	unsigned threads = 0; /* 0: as many as the machine has */
	Progress_sink *progress = nullptr;

	/*
	 * Throws 'Image_error': what image, parents and sink throw, WRONG_PARENT or DAMAGED if
	 * blocks that are not patched have other contents than their chunk says
	 */
	Writer::Summary write(Sink &) const;

	/* head of the copy, without the features that follow from the profile */
	Head head() const;

	/* what 'sections' is asked with: the image's, without those that a writer makes */
	Sections further_sections() const;

  private:
	void _check_contents(Directory const &) const;
};

}

#endif /* CAPIMG__IMAGE_COPY_H */
