/*
 * The writer's pipeline: batches of blocks are processed by several threads, and stored and
 * indexed in their order by one
 */

#ifndef CAPIMG__BLOCK_PIPELINE_H
#define CAPIMG__BLOCK_PIPELINE_H

#include <deque>
#include <memory>
#include <optional>

#include "block_batch.h"
#include "core/chunk_writer.h"
#include "core/storage.h"
#include "dedup_table.h"
#include "gathered_output.h"
#include "thread_pool.h"

namespace Capimg
{

class Block_pipeline
{
	Gathered_output &_output;
	Codec_id const _codec;
	unsigned const _threads;
	Dedup_table _dedup;
	std::vector<std::byte> _stored_bytes {}, _new_bytes {};

	/* files that blocks were copied from: number n of the table is at n - 1 */
	std::vector<Mapped_file const *> _files {};

	Chunk_writer _chunk {};
	std::optional<Content::Inherited::Chunk> _carried {}; /* all blocks of '_chunk' are of this */
	std::vector<std::byte> _directory {};
	std::uint64_t _blocks = 0;
	std::uint64_t _bytes_done = 0;

	std::deque<std::unique_ptr<Block_batch>> _in_flight {};
	std::vector<std::unique_ptr<Block_batch>> _idle {};
	std::unique_ptr<Block_batch> _filling {};
	std::vector<Compressor> _compressors {};
	Thread_pool _pool; /* last: its threads use what is above */

	std::uint32_t _file_number(Mapped_file const &);
	bool _same_bytes(Dedup_table::Slot const &, Block_batch const &, Block_batch::Item const &);
	bool _duplicate(Block_batch const &, Block_batch::Item &);
	void _carry(Block_batch::Item const &);
	[[noreturn]] void _fail_carried() const;
	void _store(Block_batch const &, Block_batch::Item &);
	void _commit(Block_batch &, Storage &);
	void _commit_oldest(Storage &);
	void _close_chunk();

  public:
	/* 'threads' is at least 1 */
	Block_pipeline(Gathered_output &, Profile const &, unsigned threads);

	/* the batch to be filled next; has room for a block of the largest size if just submitted */
	Block_batch &batch();

	/* hand over the batch being filled; blocks that get stored are counted in 'storage' */
	void submit(Storage &storage);

	/*
	 * Whole chunks of blocks that are zero or absent, all like 'block' of 'size' bytes
	 *
	 * Waits as 'drain'; the number of blocks before is a multiple of a chunk's. Takes next to no
	 * time for each block: a small file may claim 2^30 of them.
	 */
	void add_alike(Block const &block, std::uint32_t size, std::uint64_t chunks, Storage &storage);

	/* hand over, and wait until everything is stored */
	void drain(Storage &storage);

	/* after 'drain': end the last chunk; returns the directory section */
	std::span<std::byte const> close_index();

	std::span<std::byte const> directory() const { return _directory; }

	/* blocks and bytes of memory that are stored and indexed */
	std::uint64_t blocks() const { return _blocks; }
	std::uint64_t bytes_done() const { return _bytes_done; }
};

}

#endif /* CAPIMG__BLOCK_PIPELINE_H */
