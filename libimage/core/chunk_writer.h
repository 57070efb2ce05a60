/*
 * Building the block index, one chunk at a time
 *
 * A writer adds each block as it is placed, closes the chunk when it is full and at the end,
 * and appends what 'close' returns: the entry for its directory, and bytes to store unless
 * the chunk is uniform. About 48 KiB; not thread-safe.
 */

#ifndef CAPIMG__CORE__CHUNK_WRITER_H
#define CAPIMG__CORE__CHUNK_WRITER_H

#include "block_index.h"
#include "head.h"

namespace Capimg
{

/*
 * Where a stored block goes if the file is 'cursor' bytes long so far
 *
 * In images without a codec, blocks start at pages, so that they can be mapped; in
 * compressed images they are packed, raw ones included.
 */
constexpr uint64_t place_block(uint64_t cursor, Codec_id codec)
{
	return codec == Codec_id::RAW ? align_up(cursor, 4096) : cursor;
}

/* chunks are aligned for readers that map them */
constexpr uint64_t place_chunk(uint64_t cursor) { return align_up(cursor, 8); }

class Chunk_writer : Noncopyable
{
	uint8_t _entries[Limit::CHUNK_BLOCKS * Block::ENTRY_SIZE];
	uint32_t _count = 0;
	bool _uniform = true;
	Block _first {};
	Content_record _record {};

	bool _continues(Block const &) const;

  public:
	Chunk_writer() {} /* '_entries' need not be zeroed */

	bool empty() const { return !_count; }
	bool full() const { return _count == Limit::CHUNK_BLOCKS; }

	/* BAD_STATE if the chunk is full */
	Status add(Block const &);

	struct Closed
	{
		Chunk chunk {};       /* without 'offset' if it is to be stored: the caller places it */
		Const_bytes bytes {}; /* to be stored, empty if uniform; valid until the next 'add' */
	};

	/* end this chunk and start another one */
	Closed close();
};

}

#endif /* CAPIMG__CORE__CHUNK_WRITER_H */
