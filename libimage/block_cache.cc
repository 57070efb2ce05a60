#include "block_cache.h"

#include <algorithm>
#include <bit>

namespace Capimg
{

/* a power of two, no more than there are blocks */
static std::size_t slots_for(Image const &image, std::size_t max_slots, std::size_t max_bytes)
{
	bool const raw = image.head().profile.codec == Codec_id::RAW;
	std::size_t const most = raw ? max_slots : std::min(max_slots, max_bytes / image.block_size());
	return std::bit_ceil(std::size_t(std::clamp<std::uint64_t>(image.blocks(), 1, most)));
}

Block_cache::Block_cache(Image const &image)
	: _image(image), _slots(slots_for(image, MAX_SLOTS, MAX_BYTES))
{}

std::span<std::byte const> Block_cache::_load(Slot &slot, std::uint64_t n)
{
	slot.number = ~std::uint64_t(0);
	Block_kind const kind = _image.block(n).kind;

	if (kind == Block_kind::ABSENT) {
		slot.bytes = {};
	} else {
		if (kind != Block_kind::RAW) slot.buffer.resize(_image.block_size());
		slot.bytes = _image.read_block(n, slot.buffer);
	}
	slot.number = n;
	return slot.bytes;
}

}
