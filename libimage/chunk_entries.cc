#include "chunk_entries.h"

#include <algorithm>

#include "image_error.h"

namespace Capimg
{

void Chunk_entries::_load()
{
	auto const &ranges = _image.ranges();
	std::uint64_t const block_size = _image.block_size(), end = _first + count();

	auto range = std::ranges::upper_bound(ranges, _first, {}, &Storage_range::first_block);
	for (std::uint64_t n = _first; n < end;) {
		std::uint64_t const stop =
			range == ranges.end() ? end : std::min((range++)->first_block, end);
		if (stop <= n) continue;
		std::size_t const k = std::size_t(n - _first), run = std::size_t(stop - n);
		_image.blocks(n, std::span(_blocks).subspan(k, run));

		/* all are whole, but for the last one of a dataspace */
		std::fill_n(_sizes.begin() + std::ptrdiff_t(k), run, std::uint32_t(block_size));
		_sizes[k + run - 1] = _image.size_of_block(n + run - 1);
		n = stop;
	}
}

void Chunk_entries::load(std::uint64_t i)
{
	_first = i * Limit::CHUNK_BLOCKS;
	std::size_t const count = blocks_in_chunk(i, _image.blocks());
	_blocks.resize(count);
	_sizes.resize(count);
	try {
		_load();
		_loaded = true;
	} catch (Image_error const &) {
		_loaded = false;
	}
}

}
