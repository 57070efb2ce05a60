/*
 * The signature of an image that is changed in place
 *
 * Made of the digests that the former signature vouches for, and of the pieces that change: those
 * are checked as they were. A piece elsewhere that is not what was signed is not looked at; its
 * digest stays the one that was signed, and who checks the new signature finds it.
 */

#ifndef CAPIMG__EDIT_SIGNER_H
#define CAPIMG__EDIT_SIGNER_H

#include <deque>

#include "file_change.h"
#include "image_signature.h"

namespace Capimg
{

class Edit_signer
{
	Secret_key const &_key;
	std::deque<Public_key> const &_trusted;
	std::uint64_t const _counter;
	unsigned const _threads;

	std::span<std::byte const> _former_digests(Image const &, Mapped_file const &whole) const;

  public:
	/* 'trusted' are the keys that a former signature may be made with; all must stay */
	Edit_signer(Secret_key const &key, std::deque<Public_key> const &trusted, std::uint64_t counter,
				unsigned threads)
		: _key(key), _trusted(trusted), _counter(counter), _threads(threads)
	{}

	/*
	 * What stands behind the image of 'size' bytes that the pages make of the file
	 *
	 * 'whole' is the file with its signature. WRONG_SIGNATURE if that is of another key;
	 * TAMPERED if a piece that changes, or the tree, is not what was signed.
	 */
	std::vector<std::byte> sign(Image const &, Mapped_file const &whole, Changed_pages const &,
								State_digest const &state, std::uint64_t size) const;
};

}

#endif /* CAPIMG__EDIT_SIGNER_H */
