/*
 * An image's address space as it will be after a change
 *
 * Reads come from the image, or from the blocks that have been changed; writes change a copy of
 * the block. The image stays as it is. A dataspace that is attached twice shows a change at both
 * places. One object belongs to one thread; damaged blocks throw 'Image_error'.
 */

#ifndef CAPIMG__PATCHED_MEMORY_H
#define CAPIMG__PATCHED_MEMORY_H

#include "address_space.h"
#include "block_cache.h"
#include "patched_blocks.h"

namespace Capimg
{

class Patched_memory final : public Writable_memory
{
	/* a piece of the address space with blocks behind it */
	struct Piece
	{
		std::uint64_t address = 0, size = 0;
		std::uint64_t offset = 0;      /* in the dataspace */
		std::uint64_t first_block = 0; /* of the dataspace */
		bool absent_parts = false;     /* of blocks that are known otherwise */
	};

	/* a place in a block: 'size' bytes of the block are left in the piece */
	struct Place
	{
		std::uint64_t block = 0, in_block = 0, size = 0;
		bool absent_parts = false;
	};

	Image const &_image;
	Patched_blocks &_patched;
	Address_space const _space;
	std::vector<Piece> _pieces {}; /* ascending */
	std::size_t mutable _last = 0; /* piece of the last access */
	Block_cache mutable _cache;

	std::span<std::byte const> _block(std::uint64_t n) const;
	bool _place(std::uint64_t address, Place &) const;
	std::span<std::byte const> _known(std::uint64_t address, Place &) const;

  public:
	/* 'pd' as for 'Address_space'; the blocks may serve several memories of one image */
	Patched_memory(Image const &, Patched_blocks &, std::uint32_t pd = 0);

	Status read(Capimg::uint64_t address, Bytes dst) const override;
	Status write(Capimg::uint64_t address, Const_bytes src) override;
	Result<Extent> extent_from(Capimg::uint64_t address) const override;
	Const_bytes peek(Capimg::uint64_t address, Capimg::size_t size) const override;
};

}

#endif /* CAPIMG__PATCHED_MEMORY_H */
