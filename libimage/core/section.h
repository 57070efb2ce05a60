/*
 * Sections: the pieces behind the blocks, and the table that names them
 *
 * The table is an array of entries of 40 bytes, in the order in which the sections stand in
 * the file. Layout: docs/FORMAT.md, "Sections". Values only, no shared state.
 */

#ifndef CAPIMG__CORE__SECTION_H
#define CAPIMG__CORE__SECTION_H

#include "bytes.h"

namespace Capimg
{

/* kinds from 0x10000 on are free for others' use; a reader carries what it does not know */
enum class Section_kind : uint32_t {
	DIRECTORY = 1,  /* of the block index */
	MANIFEST = 2,   /* Cap'n Proto message, Manifest of schema/image.capnp */
	STORAGE = 3,    /* totals per dataspace of what is stored how (storage.h) */
	PROVENANCE = 4, /* Cap'n Proto message, Provenance */
};

struct Section
{
	static constexpr size_t ENTRY_SIZE = 40;
	static constexpr size_t ALIGN = 8; /* of every section in the file */

	static constexpr uint32_t REQUIRED = 1; /* a reader that does not know it must refuse */

	Section_kind kind {};
	uint32_t flags = 0;
	uint64_t offset = 0; /* in the file */
	uint64_t size = 0;
	uint64_t digest = 0; /* checksum of its bytes */

	bool required() const { return flags & REQUIRED; }

	bool known() const
	{
		return kind >= Section_kind::DIRECTORY && kind <= Section_kind::PROVENANCE;
	}

	/* 'out' must hold ENTRY_SIZE bytes at 'at' */
	void encode(Bytes out, size_t at) const;
};

/*
 * A section table whose digest was checked
 *
 * Does not own the bytes. 'open' checks every entry: known flags, alignment, ascending and
 * disjoint ranges between 'first' and 'end', kinds that are known at most once, the
 * required ones there, none required but not known.
 */
class Section_table
{
	Const_bytes _bytes {};

	static Status _check_entry(Section const &, uint64_t at, uint64_t &floor, uint64_t end);

  public:
	/*
	 * bytes   the table, which stands at 'offset' of the file
	 * first   first byte that a section may occupy (behind the head)
	 *
	 * Sections end where the table starts. Offsets of errors are offsets in the file.
	 */
	static Result<Section_table> open(Const_bytes bytes, uint64_t offset, uint64_t first);

	uint32_t count() const { return uint32_t(_bytes.size() / Section::ENTRY_SIZE); }

	/* 'i' is below 'count()' */
	Section section(uint32_t i) const;

	/* first section of this kind, or NOT_FOUND */
	Result<Section> find(Section_kind) const;
};

}

#endif /* CAPIMG__CORE__SECTION_H */
