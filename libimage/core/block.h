/*
 * Decoding of a block
 *
 * Core decodes zero, raw and absent blocks itself, and follows same-as and inherited ones
 * through the interfaces below; compressed blocks go to a codec that the caller brings.
 */

#ifndef CAPIMG__CORE__BLOCK_H
#define CAPIMG__CORE__BLOCK_H

#include "block_index.h"

namespace Capimg
{

/* decompressor for one or more kinds of blocks */
class Codec : Noncopyable
{
  protected:
	~Codec() = default;

  public:
	virtual bool supports(Block_kind) const = 0;

	/*
	 * Decompress exactly 'out.size()' bytes; anything else is DAMAGED
	 *
	 * 'stored' is not trusted beyond its checksum; no more than 'out' may be written.
	 */
	virtual Status decode(Block_kind, Const_bytes stored, Bytes out) = 0;
};

/* where blocks come from: the file, earlier blocks of it, the parent image */
class Block_source : Noncopyable
{
  protected:
	~Block_source() = default;

  public:
	/* bytes of the file that the entry names; valid until the next call */
	virtual Result<Const_bytes> stored_bytes(Block const &) = 0;

	/* entry of another block of this image, for SAME_AS */
	virtual Result<Block> block(uint64_t number) = 0;

	/* decoded bytes of a block of the parent, whose digest is checked by the caller */
	virtual Status parent_block(uint64_t number, Bytes out) = 0;
};

/*
 * Decode a block of 'out.size()' bytes, and check it
 *
 * The stored bytes are checked before they are decoded, the decoded ones before the
 * function returns success. Errors: DAMAGED, NO_CODEC, NO_PARENT, WRONG_PARENT, ABSENT,
 * DANGLING (same-as names a block that is not stored); 'offset' is the offset in the file of
 * what is wrong, where it is known.
 *
 * codec   may be null: compressed blocks are then NO_CODEC
 */
Status decode_block(Block const &, Block_source &, Codec *, Bytes out);

}

#endif /* CAPIMG__CORE__BLOCK_H */
