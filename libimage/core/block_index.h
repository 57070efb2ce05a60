/*
 * Block index: where each block of memory is, in two levels
 *
 * Blocks are numbered through all dataspaces. A chunk describes 1024 of them, the last one
 * the rest; the directory names the chunks. A chunk whose blocks are all zero, all absent for
 * one reason, or all inherited in a row, is not stored at all. Layout: docs/FORMAT.md, "Block
 * index". Values only.
 */

#ifndef CAPIMG__CORE__BLOCK_INDEX_H
#define CAPIMG__CORE__BLOCK_INDEX_H

#include "bytes.h"
#include "limits.h"
#include "result.h"

namespace Capimg
{

enum class Block_kind : uint8_t {
	INVALID,   /* so that zero bytes never are a valid chunk */
	ZERO,      /* all bytes zero */
	RAW,       /* stored as it is */
	ZSTD,      /* stored as one zstd frame */
	LZ4,       /* stored as one LZ4 block */
	SAME_AS,   /* the same bytes as an earlier stored block */
	INHERITED, /* the bytes of the same block of the parent image */
	ABSENT,    /* not known */
};

/* same values as AbsentReason of the schema */
enum class Block_absence : uint8_t { NONE, NOT_CAPTURED, IN_ROM, REDACTED };

inline bool stored(Block_kind kind)
{
	return kind == Block_kind::RAW || kind == Block_kind::ZSTD || kind == Block_kind::LZ4;
}

struct Block
{
	static constexpr size_t ENTRY_SIZE = 32;

	Block_kind kind = Block_kind::INVALID;
	Block_absence absence = Block_absence::NONE; /* of ABSENT */
	uint32_t stored_size = 0;                    /* bytes in the file, 0 if nothing is stored */
	uint64_t where = 0;         /* offset in the file; of SAME_AS the number of that block, of
								   INHERITED the number of the parent's block */
	uint64_t stored_digest = 0; /* of the bytes in the file, 0 if nothing is stored */
	uint64_t digest = 0;        /* of the bytes as decoded; 0 if absent, and if inherited by a
								   chunk that is not stored: then the parent's is meant */

	bool operator==(Block const &) const = default;

	/* 'out' must hold ENTRY_SIZE bytes at 'at' */
	void encode(Bytes out, size_t at) const;

	/*
	 * Entry at 'at' of 'chunk', checked on its own
	 *
	 * number      number of the block
	 * size        bytes of the block as decoded
	 * data_end    end of the file's data area
	 *
	 * Errors carry the offset within 'chunk'.
	 */
	static Result<Block> decode(Const_bytes chunk, size_t at, uint64_t number, uint32_t size,
								uint64_t data_end);
};

/* number of chunks that describe 'blocks' blocks */
constexpr uint64_t chunk_count(uint64_t blocks)
{
	return blocks / Limit::CHUNK_BLOCKS + (blocks % Limit::CHUNK_BLOCKS != 0);
}

/* number of blocks in chunk 'i' */
constexpr uint32_t blocks_in_chunk(uint64_t i, uint64_t blocks)
{
	return uint32_t(min<uint64_t>(Limit::CHUNK_BLOCKS, blocks - i * Limit::CHUNK_BLOCKS));
}

/*
 * Chunk digests
 *
 * A chunk's content digest depends on the decoded bytes of its blocks alone: it is the
 * checksum over 16 bytes for each block, the reason of absence (0 if known) as 64 bits
 * and the digest of the decoded bytes. Equal content has equal content digests, stored
 * however.
 */
struct Chunk
{
	static constexpr size_t ENTRY_SIZE = 32; /* in the directory */

	/* a chunk is stored, or all its blocks are of the kind 'uniform' */
	Block_kind uniform = Block_kind::INVALID; /* INVALID: stored; or ZERO, INHERITED, ABSENT */
	Block_absence absence = Block_absence::NONE;
	uint64_t offset = 0; /* in the file if stored; of INHERITED the number of the parent's
							block that the first one is, the others follow it */
	uint64_t digest = 0; /* of the chunk's bytes, 0 if not stored */
	uint64_t content_digest = 0;

	bool operator==(Chunk const &) const = default;

	bool stored() const { return uniform == Block_kind::INVALID; }

	void encode(Bytes out, size_t at) const;
};

/* the bytes that a content digest is taken of */
class Content_record
{
	static constexpr size_t SIZE = 16;
	uint8_t _bytes[Limit::CHUNK_BLOCKS * SIZE];
	uint32_t _count = 0;

  public:
	Content_record() {} /* 16 KiB that need not be zeroed */

	void add(Block const &);
	uint64_t digest() const;
	void reset() { _count = 0; }
};

/*
 * The directory, whose digest was checked
 *
 * Does not own its bytes. 'open' checks every entry: O(chunks), a thousandth of the blocks.
 */
class Directory
{
	Const_bytes _bytes {};
	uint64_t _blocks = 0;

  public:
	/*
	 * bytes     the section, which stands at 'offset' of the file
	 * blocks    the trailer's block count
	 * data_end  the trailer's; chunks lie between head and it
	 */
	static Result<Directory> open(Const_bytes bytes, uint64_t offset, uint64_t blocks,
								  uint64_t data_end);

	uint64_t chunks() const { return chunk_count(_blocks); }
	uint64_t blocks() const { return _blocks; }

	/* 'i' is below 'chunks()' */
	Chunk chunk(uint64_t i) const;

	/*
	 * Block 'n' of a chunk that is not stored
	 *
	 * 'digest' of ZERO and INHERITED blocks is 0: the caller knows the digest of zeros, or
	 * has the parent.
	 */
	static Block uniform_block(Chunk const &, uint32_t n);
};

}

#endif /* CAPIMG__CORE__BLOCK_INDEX_H */
