/*
 * Decoded blocks of an image, for accesses all over the place
 *
 * Direct-mapped by block number. Raw blocks are used where they are mapped and cost nothing but
 * their slot; decoded copies of others take 64 MiB at most. Not thread-safe; damaged blocks throw
 * 'Image_error'.
 */

#ifndef CAPIMG__BLOCK_CACHE_H
#define CAPIMG__BLOCK_CACHE_H

#include <vector>

#include "image.h"

namespace Capimg
{

class Block_cache
{
	static constexpr std::size_t MAX_SLOTS = 65536, MAX_BYTES = 64 * 1024 * 1024;

	struct Slot
	{
		std::uint64_t number = ~std::uint64_t(0);
		std::span<std::byte const> bytes {};
		std::vector<std::byte> buffer {};
	};

	Image const &_image;
	std::vector<Slot> _slots;

	Slot &_slot(std::uint64_t n) { return _slots[n & (_slots.size() - 1)]; }
	std::span<std::byte const> _load(Slot &, std::uint64_t n);

  public:
	explicit Block_cache(Image const &);

	/* bytes of block 'n', empty if it is absent; valid until another block is asked for */
	std::span<std::byte const> get(std::uint64_t n)
	{
		Slot &slot = _slot(n);
		return slot.number == n ? slot.bytes : _load(slot, n);
	}

	/* 'get' would find it at once */
	bool holds(std::uint64_t n) { return _slot(n).number == n; }

	/*
	 * The block has these bytes from now on, until its slot is needed for another one
	 *
	 * They must outlive this object.
	 */
	void replace(std::uint64_t n, std::span<std::byte const> bytes)
	{
		Slot &slot = _slot(n);
		slot.number = n;
		slot.bytes = bytes;
	}
};

}

#endif /* CAPIMG__BLOCK_CACHE_H */
