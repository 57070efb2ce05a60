/*
 * Signing images, and checking files that are signed
 *
 * What core does piece by piece for a loader (core/signed_source.h), for files that can be
 * mapped: with all processors, and with a word about what is wrong. Errors: 'Image_error'.
 */

#ifndef CAPIMG__IMAGE_SIGNATURE_H
#define CAPIMG__IMAGE_SIGNATURE_H

#include <optional>

#include "image.h"
#include "key.h"
#include "writer.h"

namespace Capimg
{

/* the signature block of a whole file; nothing if it is not signed; what is wrong with it */
std::optional<Signature> signature_of(Mapped_file const &);

/* what a signature says of an image */
struct Signature_terms
{
	std::string label {};
	std::uint64_t sequence = 0, counter = 0;
	State_digest state {};

	/* of the image that 'writer' has written from 'manifest' */
	static Signature_terms of(Schema::Manifest::Reader const &, State_digest const &,
							  std::uint64_t counter);
};

/*
 * What stands behind an image of 'size' bytes with this tree: the tree's bytes, and the block
 *
 * LIMIT if the label is longer than a signature can say. 'signature' is what the block says.
 */
struct Digest_tree;
std::vector<std::byte> encode_signature(Digest_tree const &, std::uint64_t size,
										Signature_terms const &, Secret_key const &,
										Signature &signature);

/*
 * Append a signature to an image of 'size' bytes, which the sink has
 *
 * LIMIT if the label is longer than a signature can say.
 */
Signature append_signature(Sink &, std::uint64_t size, Signature_terms const &, Secret_key const &,
						   unsigned threads);

/* the image without its signature, if it has one, and a new one */
Signature sign(Image const &, Sink &, Secret_key const &, std::uint64_t counter, unsigned threads);

/*
 * Check that the file is what was signed, all of it
 *
 * 'key' null: that the signature is one of the key that it names itself, whoever that is.
 * NOT_SIGNED, WRONG_SIGNATURE, WRONG_LABEL, ROLLED_BACK, TAMPERED with the place.
 */
Signature check_signature(Mapped_file const &, Public_key const *key, Trust_policy const &,
						  unsigned threads, Progress_sink *progress = nullptr);

}

#endif /* CAPIMG__IMAGE_SIGNATURE_H */
