/*
 * Signature of an image, which stands behind it
 *
 * A signed file is an image, a tree of digests over its bytes (signature_tree.h), and the signature
 * block, the last 512 bytes. The block names the component and holds the root of the tree, so who
 * trusts the block trusts every byte whose piece was checked, and need not interpret any before.
 * Layout: docs/FORMAT.md, "Signature". Values only, no shared state.
 */

#ifndef CAPIMG__CORE__SIGNATURE_H
#define CAPIMG__CORE__SIGNATURE_H

#include "trailer.h"

namespace Capimg
{

/*
 * Ed25519 (RFC 8032) with a key that the caller trusts: libsodium on the host
 */
class Trusted_key : Noncopyable
{
  protected:
	~Trusted_key() = default;

  public:
	static constexpr size_t SIZE = 64;

	/* 'signature' has SIZE bytes */
	virtual bool valid(Const_bytes message, Const_bytes signature) const = 0;
};

/* what the caller demands besides a valid signature */
struct Trust_policy
{
	Const_bytes label {};     /* the component's; empty: any */
	uint64_t min_counter = 0; /* the highest one that was seen: an older image is refused */
};

struct Signature
{
	static constexpr size_t SIZE = 512;
	static constexpr size_t SIGNED_SIZE = SIZE - Trusted_key::SIZE;
	static constexpr size_t DIGEST_SIZE = 32, KEY_SIZE = 32, LABEL_SIZE = 256;
	static constexpr uint8_t MIN_PIECE_LOG2 = 12, MAX_PIECE_LOG2 = 16;

	/* a loader holds one piece: 16 KiB cost 0.2 % of the file for digests */
	static constexpr uint8_t PIECE_LOG2 = 14;

	uint8_t piece_log2 = PIECE_LOG2;
	uint64_t image_size = 0;
	uint64_t sequence = 0; /* of the manifest */
	uint64_t counter = 0;  /* rollback counter, chosen by who signs */
	uint8_t root[DIGEST_SIZE] {};
	State_digest state {}; /* of the image */
	uint8_t
		key[KEY_SIZE] {}; /* public key that the signer claims, to be shown: trust no such word */
	uint8_t label[LABEL_SIZE] {};
	uint16_t label_size = 0;
	uint8_t value[Trusted_key::SIZE] {};

	Const_bytes label_bytes() const { return Const_bytes(label, label_size); }

	/* LIMIT if it is too long */
	Status set_label(Const_bytes);

	/* 'out' must hold SIZE bytes */
	Status encode(Bytes out) const;

	/* the bytes of an encoded block that 'value' is made over */
	static Const_bytes signed_part(Const_bytes block)
	{
		return Const_bytes(block.base(), SIGNED_SIZE);
	}

	/*
	 * 'in' are the last SIZE bytes of a file of 'file_size' bytes, or all of a shorter file
	 *
	 * NOT_SIGNED if there is none, else DAMAGED, UNSUPPORTED_VERSION, UNSUPPORTED, INVALID,
	 * NOT_ZERO; offsets of errors are offsets in the file. 'value' was not checked.
	 */
	static Result<Signature> decode(Const_bytes in, uint64_t file_size);

	/*
	 * The same for who has a key: 'value' is checked before anything is decoded
	 *
	 * WRONG_SIGNATURE if it is not of the key, WRONG_LABEL, ROLLED_BACK with both counters.
	 */
	static Result<Signature> authenticate(Const_bytes in, uint64_t file_size, Trusted_key const &,
										  Trust_policy const &);
};

}

#endif /* CAPIMG__CORE__SIGNATURE_H */
