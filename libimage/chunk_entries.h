/*
 * Entries of the blocks of a chunk, and the blocks' sizes
 *
 * Loaded at once, by 'Image::blocks'. Where an entry is wrong, each one is asked for when it is
 * wanted, so that the ones before it can be had, and errors are those of 'Image::block'.
 *
 * Belongs to one thread.
 */

#ifndef CAPIMG__CHUNK_ENTRIES_H
#define CAPIMG__CHUNK_ENTRIES_H

#include <vector>

#include "image.h"

namespace Capimg
{

class Chunk_entries
{
	Image const &_image;
	std::uint64_t _first = 0;
	std::vector<Block> _blocks {};
	std::vector<std::uint32_t> _sizes {};
	bool _loaded = false;

	void _load();

  public:
	struct Entry
	{
		Block block {};
		std::uint32_t size = 0; /* decoded */
	};

	explicit Chunk_entries(Image const &image) : _image(image) {}

	/* go to chunk 'i'; throws nothing but bad_alloc */
	void load(std::uint64_t i);

	/* of block 'k' of the chunk; Image_error as 'Image::block' */
	Entry operator[](std::uint32_t k) const
	{
		if (_loaded) return { _blocks[k], _sizes[k] };
		return { _image.block(_first + k), _image.size_of_block(_first + k) };
	}

	std::uint32_t count() const { return std::uint32_t(_blocks.size()); }
};

}

#endif /* CAPIMG__CHUNK_ENTRIES_H */
