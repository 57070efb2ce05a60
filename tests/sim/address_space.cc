#include "address_space.h"

#include <algorithm>

namespace Capimg::Sim
{

/* the part [from, from + size) of a map, as it appears from 'base' on */
void Address_space::_collect(Region_map const &map, uint64_t base, uint64_t from, uint64_t size,
							 unsigned level) const
{
	if (level > 8) return;
	for (auto const &[addr, r] : map.regions) {
		uint64_t const start = std::max(addr, from), end = std::min(addr + r.size, from + size);
		if (start >= end || !r.dataspace) continue;
		uint64_t const offset = r.offset + (start - addr), at = base + (start - from);
		if (r.dataspace->managed)
			_collect(*r.dataspace->managed, at, offset, end - start, level + 1);
		else if (offset < r.dataspace->bytes.size())
			_pieces[at] = { std::min(end - start, r.dataspace->bytes.size() - offset), r.dataspace,
							offset };
	}
}

std::map<uint64_t, Address_space::Piece> const &Address_space::_current() const
{
	if (_version != _ecu.map_version) {
		_pieces.clear();
		if (_pd.space) _collect(*_pd.space, 0, 0, ~uint64_t(0), 0);
		_version = _ecu.map_version;
	}
	return _pieces;
}

uint8_t *Address_space::_at(uint64_t addr, uint64_t &left, bool write) const
{
	auto const &pieces = _current();
	auto it = pieces.upper_bound(addr);
	if (it == pieces.begin()) return nullptr;
	--it;
	uint64_t const offset = addr - it->first;
	if (offset >= it->second.size) return nullptr;
	left = it->second.size - offset;
	Dataspace &ds = *it->second.dataspace;
	if (write) ds.touch(it->second.offset + offset, std::min<uint64_t>(left, 8));
	return ds.bytes.data() + it->second.offset + offset;
}

uint64_t Address_space::load(uint64_t addr, unsigned width) const
{
	uint64_t value = 0;
	if (read(addr, Bytes(&value, width))) throw Page_fault { addr };
	return value;
}

void Address_space::store(uint64_t addr, uint64_t value, unsigned width)
{
	uint8_t bytes[8];
	copy_memory(bytes, &value, 8);
	for (unsigned done = 0; done < width;) {
		uint64_t left = 0;
		uint8_t *const at = _at(addr + done, left, true);
		if (!at) throw Page_fault { addr + done };
		unsigned const n = unsigned(std::min<uint64_t>(left, width - done));
		copy_memory(at, bytes + done, n);
		done += n;
	}
}

Status Address_space::read(uint64_t addr, Bytes dst) const
{
	for (size_t done = 0; done < dst.size();) {
		uint64_t left = 0;
		uint8_t const *const at = _at(addr + done, left, false);
		if (!at) return { Code::ABSENT, addr + done, "memory" };
		size_t const n = size_t(std::min<uint64_t>(left, dst.size() - done));
		copy_memory(dst.base() + done, at, n);
		done += n;
	}
	return ok;
}

Result<Extent> Address_space::extent_from(uint64_t addr) const
{
	for (auto const &[start, p] : _current())
		if (start + p.size > addr) {
			uint64_t const from = std::max(start, addr);
			return Extent { from, start + p.size - from };
		}
	return Error { Code::NOT_FOUND, addr, "extent" };
}

Const_bytes Address_space::peek(uint64_t addr, size_t size) const
{
	uint64_t left = 0;
	uint8_t const *const at = _at(addr, left, false);
	return at ? Const_bytes(at, size_t(std::min<uint64_t>(left, size))) : Const_bytes();
}

}
