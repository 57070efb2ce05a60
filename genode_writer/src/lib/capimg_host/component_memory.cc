#include <capimg_host/component_memory.h>

namespace Capimg::Host
{

/*
 * 'base' is the address at which offset 'offset' of the map appears, 'end' the first offset of the
 * map that is not seen there
 */
bool Component_memory::_piece(Hosted_region_map const &map, uint64_t base, uint64_t offset,
							  uint64_t end, uint64_t addr, unsigned depth,
							  Memory_piece &piece) const
{
	uint64_t at = offset + (addr > base ? addr - base : 0);

	while (at < end) {
		Hosted_region_map::Region const *const region = map.from(addr_t(at));
		if (!region || region->start >= end) return false;

		uint64_t const first = max<uint64_t>(region->start, offset),
					   stop = min<uint64_t>(region->last() + 1ull, end);
		uint64_t const region_base = base + (first - offset),
					   region_offset = region->offset + (first - region->start);
		Hosted_dataspace &ds = region->dataspace;
		at = stop;
		if (stop <= first) continue;

		if (ds.kind == Hosted_dataspace::Kind::MANAGED) {
			auto const *const inner = dynamic_cast<Hosted_region_map const *>(ds.content);
			if (inner && depth < MAX_DEPTH &&
				_piece(*inner, region_base, region_offset, region_offset + (stop - first), addr,
					   depth + 1, piece))
				return true;
			continue;
		}
		if (!_bytes.bytes(ds) || region_offset >= ds.size) continue;

		uint64_t const size = min<uint64_t>(stop - first, ds.size - region_offset);
		uint64_t const skip = addr > region_base ? addr - region_base : 0;
		if (skip >= size) continue;
		piece = { region_base + skip, size - skip, &ds, region_offset + skip };
		return true;
	}
	return false;
}

bool Component_memory::piece_from(uint64_t addr, Memory_piece &piece) const
{
	return _piece(_map, 0, 0, ~0ull, addr, 0, piece);
}

Status Component_memory::read(uint64_t addr, Bytes dst) const
{
	Mutex::Guard guard(_objects.mutex);
	for (Capimg::size_t done = 0; done < dst.size();) {
		Memory_piece piece {};
		if (!piece_from(addr + done, piece) || piece.addr != addr + done)
			return { Code::ABSENT, addr + done, "memory" };
		Capimg::size_t const size = Capimg::size_t(min<uint64_t>(piece.size, dst.size() - done));
		copy_memory(dst.base() + done, _bytes.bytes(*piece.dataspace) + piece.offset, size);
		done += size;
	}
	return ok;
}

Result<Extent> Component_memory::extent_from(uint64_t addr) const
{
	Mutex::Guard guard(_objects.mutex);
	Memory_piece piece {};
	if (!piece_from(addr, piece)) return Capimg::Error { Code::NOT_FOUND, addr, "memory" };
	return Extent { piece.addr, piece.size };
}

Const_bytes Component_memory::peek(uint64_t addr, Capimg::size_t size) const
{
	Mutex::Guard guard(_objects.mutex);
	Memory_piece piece {};
	if (!piece_from(addr, piece) || piece.addr != addr) return {};
	return { _bytes.bytes(*piece.dataspace) + piece.offset,
			 Capimg::size_t(min<uint64_t>(piece.size, size)) };
}

}
