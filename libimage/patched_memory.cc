#include "patched_memory.h"

#include <algorithm>

namespace Capimg
{

Patched_memory::Patched_memory(Image const &image, Patched_blocks &patched, std::uint32_t pd)
	: _image(image), _patched(patched), _space(image, pd), _cache(image)
{
	std::map<std::uint32_t, std::uint64_t> first_block;
	for (Storage_range const &range : image.ranges())
		first_block.emplace(range.object, range.first_block);

	for (Address_space::Piece const &piece : _space.pieces()) {
		auto const first = first_block.find(piece.dataspace);
		if (first == first_block.end()) continue;
		auto const dataspace = image.object(piece.dataspace)->getDataspace();
		_pieces.push_back({ piece.address, piece.size, piece.offset, first->second,
							dataspace.getAbsent().size() != 0 });
	}
}

/* where the byte at the address is, whether it is known or not; false: nowhere */
bool Patched_memory::_place(std::uint64_t address, Place &place) const
{
	if (_last >= _pieces.size() || address - _pieces[_last].address >= _pieces[_last].size) {
		auto const next = std::ranges::upper_bound(_pieces, address, {}, &Piece::address);
		if (next == _pieces.begin()) return false;
		_last = std::size_t(std::prev(next) - _pieces.begin());
		if (address - _pieces[_last].address >= _pieces[_last].size) return false;
	}
	Piece const &piece = _pieces[_last];

	std::uint64_t const in_piece = address - piece.address, offset = piece.offset + in_piece;
	std::uint32_t const block_size = _image.block_size();
	place.in_block = offset & (block_size - 1);
	place.block = piece.first_block + (offset - place.in_block) / block_size;
	place.size = std::min(block_size - place.in_block, piece.size - in_piece);
	place.absent_parts = piece.absent_parts;
	return true;
}

std::span<std::byte const> Patched_memory::_block(std::uint64_t n) const
{
	if (!_cache.holds(n))
		if (auto const patched = _patched.find(n); !patched.empty()) _cache.replace(n, patched);
	return _cache.get(n);
}

/* known bytes from the address on, at most to the end of a block */
std::span<std::byte const> Patched_memory::_known(std::uint64_t address, Place &place) const
{
	if (!_place(address, place)) return {};

	/* what was absent in a block is so after a change, too */
	if (place.absent_parts) {
		Dataspace_reader::Run const run = _space.run(address);
		if (!run.known()) return {};
		place.size = std::min(place.size, run.size);
	}
	std::span<std::byte const> const block = _block(place.block);
	if (block.size() <= place.in_block) return {};
	return block.subspan(place.in_block,
						 std::min<std::uint64_t>(place.size, block.size() - place.in_block));
}

Const_bytes Patched_memory::peek(Capimg::uint64_t address, Capimg::size_t size) const
{
	Place place;
	std::span<std::byte const> const bytes = _known(address, place);
	return { bytes.data(), std::min(bytes.size(), size) };
}

Status Patched_memory::read(Capimg::uint64_t address, Bytes dst) const
{
	for (std::size_t done = 0; done < dst.size();) {
		Const_bytes const bytes = peek(address + done, dst.size() - done);
		if (bytes.empty()) return { Code::ABSENT, address + done, "memory" };
		dst.copy_from(done, bytes);
		done += bytes.size();
	}
	return ok;
}

Status Patched_memory::write(Capimg::uint64_t address, Const_bytes src)
{
	for (std::size_t done = 0; done < src.size();) {
		Place place;
		std::size_t const size = std::min(_known(address + done, place).size(), src.size() - done);
		if (!size) return { Code::ABSENT, address + done, "memory" };

		std::span<std::byte> const bytes = _patched.patch(place.block, _block(place.block));
		copy_memory(bytes.data() + place.in_block, src.base() + done, size);
		_cache.replace(place.block, bytes);
		done += size;
	}
	return ok;
}

Result<Extent> Patched_memory::extent_from(Capimg::uint64_t address) const
{
	return _space.extent_from(address);
}

}
