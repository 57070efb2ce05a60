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

#include "capimg/image.h"
#include "libimage/core/arena.h"
#include "libimage/core/chunk_writer.h"
#include "libimage/core/manifest_check.h"

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

	/* for blocks of up to 64 KiB without deduplication; an encoder needs one block of it */
	static constexpr size_t WORK_SIZE = 128 * 1024;

	struct Memory
	{
		Bytes manifest {};  /* the message is built here; 'manifest_size' of who describes it */
		Bytes directory {}; /* 'directory_size' */
		Bytes work {};      /* WORK_SIZE */
	};

	/* bytes of the directory of so many blocks */
	static constexpr size_t directory_size(uint64_t blocks)
	{
		return size_t(chunk_count(blocks)) * Chunk::ENTRY_SIZE;
	}

  private:
	Sink &_sink;
	Sha256 &_hash;
	Encoder *const _encoder;
	Memory const _memory;
	Head _head;
	State _state = State::OPEN;

  public:
	/*
	 * head     machine, writer and profile; the writer sets required features. Deduplication
	 *          (dedup_log2) is UNSUPPORTED: the component's bytes are gone once they are written
	 * encoder  of the head's codec, null for raw
	 */
	Writer(Head const &head, Memory const &, Sink &, Sha256 &, Encoder *encoder = nullptr);

	State state() const { return _state; }

	/* OPEN → OBJECTS: where the manifest is to be written; UNSUPPORTED, BAD_ARGUMENT */
	Result<Wire::Builder *> manifest();

	/*
	 * OBJECTS → BLOCKS: the manifest is complete; 'parent' is the opened image it names, or null
	 *
	 * Checks it as a reader will: errors of 'check_manifest' and of the builder.
	 */
	Status begin_blocks(Image const *parent);

	/* the manifest, from BLOCKS on */
	Metadata::Manifest::Reader const &description() const;

	/*
	 * The next blocks, in the order of their numbers
	 *
	 * block      content of one block; a block of zeros becomes one of kind zero
	 * zero       'count' blocks of zeros
	 * absent     'count' blocks that are not known
	 * inherit    'count' blocks that have the content of the parent's from 'first' on; a block
	 *            that the parent has as zeros becomes one of kind zero. ABSENT if the parent does
	 *            not know one; BAD_ARGUMENT without parent or beyond its blocks. Costs 32 bytes of
	 *            reading for each block
	 *
	 * BAD_ARGUMENT for more blocks than the manifest has, or of another size.
	 */
	Status block(Const_bytes);
	Status zero(uint64_t count);
	Status absent(uint64_t count, Block_absence);
	Status inherit(uint64_t first, uint64_t count);

	/* blocks so far */
	uint64_t blocks() const;

	/* BLOCKS → SEALED: sections and trailer; BAD_STATE if blocks are missing */
	Status seal();

	/* from SEALED on */
	State_digest digest() const;
	uint64_t size() const; /* bytes of the image */
};

}

#endif /* CAPIMG__ENGINE__WRITER_H */
