/*
 * Memory by address, through the region maps of a manifest
 *
 * Over dataspaces of an image (what the loader checks before it creates anything) or of the
 * target (what it patches). Regions that are not captured or not RAM are not known.
 */

#ifndef CAPIMG__ENGINE__SPACE_MEMORY_H
#define CAPIMG__ENGINE__SPACE_MEMORY_H

#include "libimage/core/generated/image.h"
#include "libimage/core/memory.h"

namespace Capimg::Engine
{

/* contents of dataspaces, by the ids of their objects */
class Contents : Noncopyable
{
  protected:
	~Contents() = default;

  public:
	virtual Status read(uint32_t dataspace, uint64_t offset, Bytes dst) = 0;
	virtual Status write(uint32_t dataspace, uint64_t offset, Const_bytes src) = 0;
};

class Space_memory final : public Writable_memory
{
	Metadata::Manifest::Reader const _manifest;
	uint32_t const _root; /* id of the region map */
	Contents &_contents;

  public:
	/* 'manifest' has passed 'check_manifest'; 'pd' is the id of a PD session */
	Space_memory(Metadata::Manifest::Reader const &manifest, uint32_t pd, Contents &);

	/* a piece of the address space behind which one stored dataspace is */
	struct Piece
	{
		uint64_t address = 0, size = 0;
		uint32_t dataspace = 0;
		uint64_t offset = 0;
	};

	/* first piece that reaches beyond 'address', from there on; NOT_FOUND. O(log regions) a level
	 */
	Result<Piece> piece_from(uint64_t address) const;

	Status read(uint64_t addr, Bytes dst) const override;
	Status write(uint64_t addr, Const_bytes src) override;
	Result<Extent> extent_from(uint64_t addr) const override;
};

}

#endif /* CAPIMG__ENGINE__SPACE_MEMORY_H */
