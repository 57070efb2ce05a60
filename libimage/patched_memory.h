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
#include "patched_blocks.h"

namespace Capimg
{

class Patched_memory final : public Writable_memory
{
	Image const &_image;
	Patched_blocks &_patched;
	Address_space const _space;
	std::map<std::uint32_t, std::uint64_t> _first_block {}; /* of stored dataspaces, by id */
	std::vector<std::byte> _buffer {};

	/* known bytes around the last access, at most a block */
	struct Window
	{
		std::uint64_t address = 0;
		std::span<std::byte const> bytes {};
	};
	Window mutable _last {};

	std::optional<std::uint64_t> _block(std::uint64_t address, std::uint64_t &in_block) const;
	std::span<std::byte const> _known(std::uint64_t address) const;

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
