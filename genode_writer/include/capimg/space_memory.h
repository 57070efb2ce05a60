/*
 * Memory by address, through the region maps of a manifest
 *
 * Over dataspaces of an image (what the loader checks before it creates anything) or of the
 * target (what it patches). Regions that are not captured or not RAM are not known. Not to be
 * shared between threads.
 */

#ifndef CAPIMG__ENGINE__SPACE_MEMORY_H
#define CAPIMG__ENGINE__SPACE_MEMORY_H

#include "capimg/contents.h"
#include "capimg/region_walk.h"

namespace Capimg::Engine
{

class Space_memory final : public Writable_memory
{
	Metadata::Manifest::Reader const _manifest;
	uint32_t const _root; /* id of the region map */
	Contents &_contents;
	Status _status;

	/* the last ones: whoever follows links goes back and forth between a few */
	static constexpr unsigned RECENT = 4;
	Address_piece mutable _recent[RECENT] {};
	unsigned mutable _oldest = 0;

	Status mutable _failure {};

	Status _note(Status const &) const;
	Result<Address_piece> _at(uint64_t address, uint64_t size) const;

	template <typename FN>
	Status _for_pieces(uint64_t address, size_t size, FN const &) const;

  public:
	/*
	 * 'manifest' has passed 'check_manifest'; 'pd' is the id of a PD session
	 *
	 * Walks all regions once, so that what a hostile image nests without end is LIMIT in every
	 * function below.
	 */
	Space_memory(Metadata::Manifest::Reader const &manifest, uint32_t pd, Contents &);

	/* LIMIT */
	Status status() const { return _status; }

	/*
	 * First error of 'Contents' but ABSENT
	 *
	 * To whoever follows links, bytes that cannot be read are just not there: what was found out
	 * then is void.
	 */
	Status failure() const { return _failure; }

	using Piece = Address_piece;

	/* first piece that reaches beyond 'address', from there on; NOT_FOUND. O(log regions) a level
	 */
	Result<Piece> piece_from(uint64_t address) const;

	/* errors other than ABSENT are those of 'Contents' */
	Status read(uint64_t addr, Bytes dst) const override;
	Status write(uint64_t addr, Const_bytes src) override;
	Result<Extent> extent_from(uint64_t addr) const override;
	Const_bytes peek(uint64_t addr, size_t size) const override;
};

}

#endif /* CAPIMG__ENGINE__SPACE_MEMORY_H */
