#include "shown_at.h"

#include <algorithm>
#include <set>

namespace Capimg
{

Shown_at::Shown_at(Address_space const &space)
{
	auto pieces = space.pieces();
	std::ranges::sort(pieces, [](auto const &x, auto const &y) {
		return std::tie(x.dataspace, x.offset, x.address) <
			   std::tie(y.dataspace, y.offset, y.address);
	});
	for (std::size_t first = 0; first < pieces.size();) {
		std::size_t end = first + 1;
		while (end < pieces.size() && pieces[end].dataspace == pieces[first].dataspace) end++;
		_add(pieces, first, end);
		first = end;
	}
}

/* sweep over the pieces of one dataspace; what is open at a place is ordered by address there */
void Shown_at::_add(std::vector<Address_space::Piece> const &pieces, std::size_t first,
					std::size_t end)
{
	/* address of the dataspace's offset 0, may wrap around; then the piece */
	using Open = std::pair<std::uint64_t, std::size_t>;
	std::vector<std::pair<std::uint64_t, std::size_t>> ends;
	for (std::size_t i = first; i < end; i++)
		ends.emplace_back(pieces[i].offset + pieces[i].size, i);
	std::ranges::sort(ends);

	auto const open_of = [&](std::size_t i) { return Open(pieces[i].address, i); };
	std::set<Open> open;
	std::size_t next = first, next_end = 0;
	while (next_end < ends.size()) {
		std::uint64_t const at =
			next < end ? std::min(pieces[next].offset, ends[next_end].first) : ends[next_end].first;
		while (next_end < ends.size() && ends[next_end].first == at)
			open.erase(open_of(ends[next_end++].second));
		while (next < end && pieces[next].offset == at) open.insert(open_of(next++));
		if (open.empty()) continue;

		std::uint64_t const until =
			next < end ? std::min(pieces[next].offset, ends[next_end].first) : ends[next_end].first;
		Address_space::Piece const &piece = pieces[open.begin()->second];
		std::uint64_t const address = piece.address + (at - piece.offset);

		/* one piece that others come and go beside stays one part */
		if (!_parts.empty() && _parts.back().dataspace == piece.dataspace &&
			_parts.back().end == at &&
			*_parts.back().address + (at - _parts.back().offset) == address)
			_parts.back().end = until;
		else
			_parts.push_back({ piece.dataspace, at, until, address });
	}
}

Shown_at::Range Shown_at::range(std::uint32_t dataspace, std::uint64_t offset,
								std::uint64_t size) const
{
	/* the first part that ends behind the offset */
	auto const part = std::partition_point(_parts.begin(), _parts.end(), [&](Part const &p) {
		return p.dataspace < dataspace || (p.dataspace == dataspace && p.end <= offset);
	});
	if (part == _parts.end() || part->dataspace != dataspace) return { size, {} };
	if (part->offset > offset) return { std::min(size, part->offset - offset), {} };
	return { std::min(size, part->end - offset), *part->address + (offset - part->offset) };
}

}
