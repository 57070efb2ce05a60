/*
 * An image that is read through a 'Source', in memory that the caller gives
 *
 * 'look' reads head, trailer and section table and says how much memory directory and manifest
 * need; 'open' reads and checks these. Whatever is read is copied before it is checked, and
 * interpreted only afterwards: a source that changes under the reader is noticed or harmless.
 * Not to be shared between threads.
 */

#ifndef CAPIMG__ENGINE__IMAGE_H
#define CAPIMG__ENGINE__IMAGE_H

#include "capimg/io.h"
#include "libimage/core/generated/image.h"
#include "libimage/core/head.h"
#include "libimage/core/section.h"
#include "libimage/core/state.h"
#include "libimage/core/trailer.h"

namespace Capimg::Engine
{

class Image : Noncopyable
{
	Source &_source;
	Head _head {};
	Trailer _trailer {};
	Section _directory_section {}, _manifest_section {};
	bool _looked = false, _opened = false;

	Directory _directory {};
	Bytes _message {};
	Metadata::Manifest::Reader _manifest {};

	Status _read_section(Section const &, Bytes);

  public:
	explicit Image(Source &source) : _source(source) {}

	/* the section table, the longest piece that 'look' reads: 40 KiB */
	static constexpr size_t LOOK_WORK = Limit::MAX_SECTIONS * Section::ENTRY_SIZE;

	struct Sizes
	{
		size_t directory = 0; /* 32 bytes for each 1024 blocks */
		size_t manifest = 0;
	};

	/*
	 * Head, trailer, section table
	 *
	 * 'work' holds LOOK_WORK bytes and is not used afterwards. Errors are those of 'Head',
	 * 'Trailer' and 'Section_table', and of the source; offsets are offsets in the image.
	 */
	Result<Sizes> look(Bytes work);

	/*
	 * Directory and manifest, into memory of the sizes that 'look' gave, which must outlive this
	 *
	 * The state digest is computed and compared with the trailer's: DAMAGED "state". Other
	 * errors: NO_SPACE, DAMAGED, those of 'Directory::open' and 'check_manifest', BAD_STATE
	 * without a 'look' that succeeded.
	 */
	Status open(Bytes directory, Bytes manifest, Sha256 &);

	Source &source() const { return _source; }
	Head const &head() const { return _head; }
	Trailer const &trailer() const { return _trailer; }
	Directory const &directory() const { return _directory; }
	Metadata::Manifest::Reader const &manifest() const { return _manifest; }

	/* the manifest's bytes, which belong to the caller and may be patched (badges, UTCBs) */
	Bytes message() const { return _message; }

	/* decoded bytes of block 'n' of all of the image's: short at the end of a dataspace */
	Result<uint32_t> block_size(uint64_t n) const;

	/*
	 * Entries of chunk 'i', checked
	 *
	 * 'out' holds the bytes of a stored chunk, CHUNK_BLOCKS * Block::ENTRY_SIZE at most; a chunk
	 * that is uniform reads nothing. Returns the bytes, none for a uniform chunk.
	 */
	Result<Const_bytes> read_chunk(uint64_t i, Bytes out) const;

	/* 'entries' are what 'read_chunk' gave for the block's chunk */
	Result<Block> block(uint64_t n, Const_bytes entries) const;
};

}

#endif /* CAPIMG__ENGINE__IMAGE_H */
