/*
 * Tree of digests over the pieces of a signed image
 *
 * Level 0 has the SHA-256 of each piece, a level above it those of each block of 128 digests of
 * the level below, up to a level of one block, whose SHA-256 is the root. Levels stand one behind
 * the other, level 0 first. This is the shape alone: it follows from two numbers of the signature
 * block.
 */

#ifndef CAPIMG__CORE__SIGNATURE_TREE_H
#define CAPIMG__CORE__SIGNATURE_TREE_H

#include "bytes.h"

namespace Capimg
{

class Signature_tree
{
  public:
	static constexpr size_t DIGEST_SIZE = 32, BLOCK_DIGESTS = 128;
	static constexpr size_t BLOCK_SIZE = DIGEST_SIZE * BLOCK_DIGESTS;
	static constexpr unsigned MAX_LEVELS = 8; /* of 2^64 bytes in pieces of 4 KiB */

  private:
	uint64_t _image_size = 0;
	uint8_t _piece_log2 = 0;
	unsigned _levels = 0;
	uint64_t _count[MAX_LEVELS] {}, _offset[MAX_LEVELS] {}, _size = 0;

  public:
	Signature_tree() = default;

	/* 'image_size' is not 0 */
	Signature_tree(uint64_t image_size, uint8_t piece_log2);

	unsigned levels() const { return _levels; }

	/* digests of a level */
	uint64_t count(unsigned level) const { return _count[level]; }

	uint64_t blocks(unsigned level) const
	{
		return (_count[level] + BLOCK_DIGESTS - 1) / BLOCK_DIGESTS;
	}

	/* bytes of block 'n' of a level: whole but for the last one */
	size_t block_size(unsigned level, uint64_t n) const
	{
		return size_t(min<uint64_t>(BLOCK_SIZE, (_count[level] - n * BLOCK_DIGESTS) * DIGEST_SIZE));
	}

	/* where it stands, counted from the start of the tree */
	uint64_t block_offset(unsigned level, uint64_t n) const
	{
		return _offset[level] + n * BLOCK_SIZE;
	}

	uint64_t size() const { return _size; }
	uint64_t image_size() const { return _image_size; }

	uint64_t piece_offset(uint64_t n) const { return n << _piece_log2; }
	uint64_t piece_of(uint64_t offset) const { return offset >> _piece_log2; }

	size_t piece_size(uint64_t n) const
	{
		return size_t(min<uint64_t>(uint64_t(1) << _piece_log2, _image_size - piece_offset(n)));
	}
};

}

#endif /* CAPIMG__CORE__SIGNATURE_TREE_H */
