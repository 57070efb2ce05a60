/*
 * Writer of images for a system without heap, exceptions and threads
 *
 * One pass into an append-only sink. States: OPEN, then 'manifest' → OBJECTS, then 'begin_blocks'
 * → BLOCKS, then 'seal' → SEALED. A call in the wrong state is BAD_STATE and changes nothing. Any
 * other error leads to FAILED, and what the sink holds is no image then, as the trailer is
 * missing. The bytes are those that libimage's writer makes of the same state and profile.
 * Not to be shared between threads.
 */

#ifndef CAPIMG__ENGINE__WRITER_H
#define CAPIMG__ENGINE__WRITER_H

#include "capimg/parent_blocks.h"
#include "libimage/core/chunk_writer.h"
#include "libimage/core/manifest_check.h"
#include "libimage/core/storage.h"

namespace Capimg::Engine
{

/* compressor for one codec of the head's profile */
class Encoder : Noncopyable
{
  protected:
	~Encoder() = default;

  public:
	/*
	 * Compress to fewer than 'in.size()' bytes
	 *
	 * Returns the bytes used of 'out', which has in.size() - 1; 0 if they do not suffice: the
	 * block is stored raw then.
	 */
	virtual size_t encode(Const_bytes in, Bytes out) = 0;
};

class Writer : Noncopyable
{
  public:
	enum class State { OPEN, OBJECTS, BLOCKS, SEALED, FAILED };

	/* working memory: a chunk being built, and a block, or else a chunk of the parent */
	static constexpr size_t work_size(uint32_t block_size)
	{
		return CHUNK_WORK + max<size_t>(Parent_blocks::WORK_SIZE, block_size);
	}

	/* for blocks of up to 64 KiB; larger ones, raw or not, need 'work_size' */
	static constexpr size_t WORK_SIZE = 128 * 1024;

	/* the first use of all three comes with the state in which they are needed */
	struct Memory
	{
		Bytes manifest {};  /* where 'manifest()' builds; none if the message is given */
		Bytes directory {}; /* 'directory_size' */
		Bytes work {};      /* 'work_size' */
	};

	/* bytes of the directory of so many blocks, and of the totals of so many stored dataspaces */
	static constexpr size_t directory_size(uint64_t blocks, uint64_t dataspaces)
	{
		return size_t(chunk_count(blocks)) * Chunk::ENTRY_SIZE +
			   size_t(dataspaces) * Storage::ENTRY_SIZE;
	}

  private:
	static constexpr size_t CHUNK_WORK = sizeof(Chunk_writer) + alignof(Chunk_writer) - 1;

	Sink &_sink;
	Sha256 &_hash;
	Encoder *const _encoder;
	Memory const _memory;
	Head _head;
	State _state = State::OPEN;

	/* OBJECTS: the builder is made when it is asked for, as it writes into memory at once */
	alignas(Wire::Builder) uint8_t _builder_memory[sizeof(Wire::Builder)] {};
	Wire::Builder *_builder = nullptr;
	Const_bytes _message {};
	Metadata::Manifest::Reader _manifest {};

	/* BLOCKS */
	Chunk_writer *_chunk = nullptr;
	Bytes _block_work {};
	bool _shared_work = false; /* '_block_work' overlaps the memory of '_parents' */
	Bytes _storage {}, _directory {};
	Parent_blocks _parents {};
	uint64_t _head_digest = 0, _zero_digest = 0;
	uint64_t _cursor = 0;             /* bytes in the sink */
	uint64_t _blocks = 0, _total = 0; /* done, and all that there are to be */
	uint64_t _chunks = 0;

	/* dataspace of the next block, and bytes of it that are still to come */
	uint32_t _next_object = 0, _dataspaces = 0;
	Storage _current {};
	uint64_t _left = 0;

	/* SEALED */
	State_digest _digest {};

	Status _fail(Status);
	Status _expect(State) const;
	Status _check_head();
	Status _begin(Parents const &);
	Status _use_work(Parents const &);
	void _next_dataspace();
	uint32_t _block_size() const;
	uint64_t _digest_of_zeros(uint32_t size);
	Bytes _scratch(size_t);
	Status _append(Const_bytes);
	Status _pad_to(uint64_t);
	Status _room(uint64_t count) const;
	Status _add(Block const &);
	Status _store(Const_bytes);
	Status _store_raw(Block, Const_bytes);
	Status _same(uint64_t count, Block const &);
	Status _close_chunk();
	Status _seal();
	Status _section(Section_kind, Const_bytes, Bytes table, size_t at);

  public:
	/*
	 * head     machine, writer and profile; the writer sets required features. Deduplication
	 *          (dedup_log2) is UNSUPPORTED: the component's bytes are gone once they are written
	 * encoder  of the head's codec, null for raw
	 */
	Writer(Head const &head, Memory const &, Sink &, Sha256 &, Encoder *encoder = nullptr);

	State state() const { return _state; }
	Head const &head() const { return _head; }

	/*
	 * OPEN → OBJECTS: where the manifest is to be written, or a complete message that outlives
	 * this; UNSUPPORTED, BAD_ARGUMENT, those of 'Head::encode'
	 */
	Result<Wire::Builder *> manifest();
	Status manifest(Const_bytes message);

	/*
	 * OBJECTS → BLOCKS: the manifest is complete; 'parents' begins with the image it names
	 *
	 * Checks it as a reader will: errors of 'check_manifest' and of the builder, and of
	 * 'Parent_blocks::connect'. LIMIT for too many blocks, NO_SPACE.
	 */
	Status begin_blocks(Parents const &);

	/* the manifest, from BLOCKS on */
	Metadata::Manifest::Reader const &description() const { return _manifest; }

	/*
	 * The next blocks, in the order of their numbers
	 *
	 * block      content of one block; a block of zeros becomes one of kind zero
	 * zero       'count' blocks of zeros
	 * absent     'count' blocks that are not known
	 * inherit    'count' blocks that have the content of the parent's from 'first' on; what the
	 *            parent has as zeros or as absent becomes zero, or absent for the same reason.
	 *            BAD_ARGUMENT without parent or beyond its blocks; NO_PARENT if one of the
	 *            older images is missing. Costs 32 bytes of reading for each block
	 *
	 * BAD_ARGUMENT for more blocks than the manifest has, or of another size.
	 */
	Status block(Const_bytes);
	Status zero(uint64_t count);
	Status absent(uint64_t count, Block_absence);
	Status inherit(uint64_t first, uint64_t count);

	/* blocks so far */
	uint64_t blocks() const { return _blocks; }

	/* BLOCKS → SEALED: sections and trailer; BAD_STATE if blocks are missing */
	Status seal();

	/* from SEALED on */
	State_digest digest() const { return _digest; }
	uint64_t size() const { return _cursor; } /* bytes of the image */
};

static_assert(Writer::work_size(64 * 1024) <= Writer::WORK_SIZE);

}

#endif /* CAPIMG__ENGINE__WRITER_H */
