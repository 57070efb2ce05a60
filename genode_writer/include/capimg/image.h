/*
 * An image that is read through a 'Source', in memory that the caller gives
 *
 * 'look' reads head, trailer and section table and says how much memory directory and manifest
 * need; 'open' reads and checks these. Whatever is read is copied before it is checked, and
 * interpreted only afterwards: a source that changes under the reader is noticed or harmless.
 * Verdicts are those of libimage's 'Image', but that the state digest is checked as well, and
 * that the contents of the sections storage and provenance, which nobody needs here, are not
 * read. Not to be shared between threads.
 */

#ifndef CAPIMG__ENGINE__IMAGE_H
#define CAPIMG__ENGINE__IMAGE_H

#include "capimg/io.h"
#include "libimage/core/generated/image.h"
#include "libimage/core/head.h"
#include "libimage/core/section.h"
#include "libimage/core/signed_source.h"
#include "libimage/core/state.h"
#include "libimage/core/trailer.h"

namespace Capimg::Engine
{

/* blocks of one stored dataspace */
struct Block_range
{
	uint32_t dataspace = 0; /* id of its object */
	uint64_t first = 0;     /* number of its first block */
	uint64_t size = 0;      /* bytes of the dataspace, never 0 */

	/* decoded bytes of block 'n', 0 if it is none of this range */
	uint32_t block_size(uint64_t n, uint32_t full) const
	{
		uint64_t const offset = (n - first) * full;
		if (n < first || n - first >= Limit::MAX_BLOCKS || offset >= size) return 0;
		return uint32_t(min<uint64_t>(full, size - offset));
	}
};

class Image : Noncopyable
{
	using Objects = Wire::Struct_list_reader<Metadata::Object::Reader>;

	Source &_source;
	Signed_source const *const _signed;
	Head _head {};
	Trailer _trailer {};
	Section _directory_section {}, _manifest_section {}, _storage_section {};
	bool _looked = false;

	Directory _directory {};
	Const_bytes
		_index {}; /* number of each stored dataspace's object, u32, in the order of blocks */
	Bytes _message {};
	Metadata::Manifest::Reader _manifest {};
	Objects _objects {};

	Status _read_ends();
	Status _read_section(Section const &, Bytes) const;
	Status _open_index(Objects const &, Bytes);
	Status _check_signature(Metadata::Manifest::Reader const &) const;
	size_t _directory_bytes() const;
	Metadata::Object::Reader _stored(uint32_t) const;

  public:
	explicit Image(Source &source) : _source(source), _signed(nullptr) {}

	/* an image that must say of itself what its signature says */
	explicit Image(Signed_source &source) : _source(source), _signed(&source) {}

	/* the section table, the longest piece that 'look' reads: 40 KiB */
	static constexpr size_t LOOK_WORK = Limit::MAX_SECTIONS * Section::ENTRY_SIZE;

	struct Sizes
	{
		size_t directory = 0; /* 32 bytes for each 1024 blocks, and 4 for each dataspace */
		size_t manifest = 0;
	};

	/*
	 * Head, trailer, section table
	 *
	 * 'work' holds LOOK_WORK bytes and is not used afterwards. Errors are those of 'Head',
	 * 'Trailer' and 'Section_table', NO_SPACE, and those of the source; offsets are offsets in
	 * the image. An image that was open before is no longer.
	 */
	Result<Sizes> look(Bytes work);

	/*
	 * Directory and manifest, into memory of the sizes that 'look' gave, which must outlive this
	 *
	 * The state digest is computed and compared with the trailer's: DAMAGED "trailer.state".
	 * Other errors: NO_SPACE, DAMAGED, those of 'Directory::open' and 'check_manifest', BAD_STATE
	 * without a 'look' that succeeded. 'hash' is fresh.
	 */
	Status open(Bytes directory, Bytes manifest, Sha256 &hash);

	/* 'open' succeeded */
	bool opened() const { return _message.size() != 0; }

	Source &source() const { return _source; }

	/* null if the image was not given as a signed one */
	Signature const *signature() const { return _signed ? &_signed->signature() : nullptr; }

	Head const &head() const { return _head; }
	Trailer const &trailer() const { return _trailer; }
	Directory const &directory() const { return _directory; }
	Metadata::Manifest::Reader const &manifest() const { return _manifest; }

	/* the manifest's bytes, which belong to the caller and may be patched (badges, UTCBs) */
	Bytes message() const { return _message; }

	/* number of blocks; 0 unless opened */
	uint64_t blocks() const { return _directory.blocks(); }

	/* the dataspace that has block 'n', BAD_ARGUMENT if there is none; O(log dataspaces) */
	Result<Block_range> range(uint64_t n) const;

	/* blocks of the dataspace of this id, NOT_FOUND unless it is stored; O(log objects) */
	Result<Block_range> range_of(uint32_t dataspace) const;

	/* decoded bytes of block 'n': short at the end of a dataspace. As 'range' */
	Result<uint32_t> block_size(uint64_t n) const;

	/*
	 * Entries of chunk 'i', checked
	 *
	 * 'out' holds the bytes of a stored chunk, CHUNK_BLOCKS * Block::ENTRY_SIZE at most; a chunk
	 * that is uniform reads nothing. Returns the bytes, none for a uniform chunk.
	 */
	Result<Const_bytes> read_chunk(uint64_t i, Bytes out) const;

	/*
	 * Entry of block 'n', as 'Block::decode'; offsets of errors are offsets in the image
	 *
	 * entries  what 'read_chunk' gave for the block's chunk
	 * size     decoded bytes of the block
	 */
	Result<Block> block(uint64_t n, Const_bytes entries, uint32_t size) const;

	/* the same of a block of 'directory().chunk(n / CHUNK_BLOCKS)' */
	Result<Block> block(uint64_t n, Chunk const &, Const_bytes entries, uint32_t size) const;
	Result<Block> block(uint64_t n, Const_bytes entries) const;
};

}

#endif /* CAPIMG__ENGINE__IMAGE_H */
