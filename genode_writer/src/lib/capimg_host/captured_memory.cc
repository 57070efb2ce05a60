#include <capimg_host/captured_memory.h>

namespace Capimg::Host
{

void Captured_memory::clear()
{
	if (_pieces) _alloc.free(_pieces, _capacity * sizeof(Piece));
	_pieces = nullptr;
	_count = _capacity = 0;
}

void Captured_memory::take(Hosted_region_map const &map, Hosted_objects const &objects,
						   Dataspace_bytes const &bytes)
{
	clear();
	Component_memory const memory(map, objects, bytes);
	auto const for_each = [&](auto const &fn) {
		Memory_piece piece {};
		for (uint64_t addr = 0; memory.piece_from(addr, piece); addr = piece.addr + piece.size)
			fn(piece);
	};

	uint32_t count = 0;
	for_each([&](Memory_piece const &) { count++; });
	if (!count) return;

	_capacity = count;
	_pieces =
		reinterpret_cast<Piece *>(static_cast<Allocator &>(_alloc).alloc(count * sizeof(Piece)));
	for_each([&](Memory_piece const &p) {
		_pieces[_count++] = { p.addr, p.size, bytes.bytes(*p.dataspace) + p.offset };
	});
}

Captured_memory::Piece const *Captured_memory::_from(uint64_t addr) const
{
	uint32_t low = 0, high = _count;
	while (low < high) {
		uint32_t const middle = low + (high - low) / 2;
		if (_pieces[middle].last() < addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low < _count ? &_pieces[low] : nullptr;
}

Result<Extent> Captured_memory::extent_from(uint64_t addr) const
{
	Piece const *const piece = _from(addr);
	if (!piece) return Capimg::Error { Code::NOT_FOUND, addr, "memory" };
	uint64_t const skip = addr > piece->addr ? addr - piece->addr : 0;
	return Extent { piece->addr + skip, piece->size - skip };
}

Const_bytes Captured_memory::peek(uint64_t addr, Capimg::size_t size) const
{
	Piece const *const piece = _from(addr);
	if (!piece || piece->addr > addr) return {};
	uint64_t const skip = addr - piece->addr;
	return { piece->bytes + skip, Capimg::size_t(min<uint64_t>(piece->size - skip, size)) };
}

Status Captured_memory::read(uint64_t addr, Bytes dst) const
{
	for (Capimg::size_t done = 0; done < dst.size();) {
		Const_bytes const bytes = peek(addr + done, dst.size() - done);
		if (bytes.empty()) return { Code::ABSENT, addr + done, "memory" };
		copy_memory(dst.base() + done, bytes.base(), bytes.size());
		done += bytes.size();
	}
	return ok;
}

}
