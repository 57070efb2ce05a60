#include "parent_word.h"

#include <algorithm>

#include "core/memory_view.h"

namespace Capimg
{

std::uint64_t find_parent_word(Memory const &memory, Cap_map const &map, std::uint64_t badge,
							   std::span<Attached_range const> ranges)
{
	auto range = std::ranges::upper_bound(ranges, map.array, {}, &Attached_range::address);

	Memory_view view(memory);
	std::uint64_t end = 0;
	for (bool first = true; range != ranges.begin(); first = false) {
		range--;
		if (!range->writeable || (!first && range->address + range->size != end)) return 0;

		std::uint64_t word = 0;
		if (view.value(range->address, map.word_bytes, word) && word == badge)
			return range->address;
		end = range->address;
	}
	return 0;
}

std::vector<Attached_range> attached_ranges(Address_space const &space)
{
	std::vector<Attached_range> ranges;
	for (Address_space::Piece const &piece : space.pieces())
		ranges.push_back({ piece.address, piece.size, piece.writeable });
	return ranges;
}

}
