#include "memory_scan.h"

namespace Capimg
{

Memory_bounds memory_bounds(Memory const &memory)
{
	Memory_bounds bounds {};
	for (uint64_t addr = 0;;) {
		Result<Extent> const extent = memory.extent_from(addr);
		if (extent.failed()) break;
		bounds.lowest = min(bounds.lowest, extent->addr);
		bounds.highest = extent->last();
		bounds.total += extent->size;
		if (extent->last() == ~uint64_t(0)) break;
		addr = extent->last() + 1;
	}
	return bounds;
}

bool Memory_scan::_read(uint64_t addr, Bytes dst)
{
	Status const status = _memory.read(addr, dst);
	if (status && status.code != Code::ABSENT && !_error) _error = status;
	return !status;
}

Const_bytes Memory_scan::_window(uint64_t addr, size_t size, size_t need)
{
	if (size < need) return {};

	if (Const_bytes const direct = _memory.peek(addr, size); direct.size() >= need) return direct;

	size_t const copied = min(size, _buffer.size());
	if (copied < need) return {};
	Bytes const window(_buffer.base(), copied);
	return _read(addr, window) ? Const_bytes(window) : Const_bytes();
}

bool Memory_scan::next(uint64_t &pos, unsigned align, size_t need, Const_bytes &out)
{
	if (need > sizeof(_tail)) return false;

	for (;;) {
		Result<Extent> const extent = _memory.extent_from(pos);
		if (extent.failed()) return false;

		uint64_t const start = max(pos, extent->addr);
		if (start > ~uint64_t(0) - align) return false;
		pos = align_up(start, align);
		if (pos > extent->last()) continue;

		uint64_t const left = extent->last() - pos;
		size_t const size = left < Limit::SCAN_WINDOW ? size_t(left + 1) : Limit::SCAN_WINDOW;

		out = _window(pos, size, need);
		if (!out.empty()) return true;

		/* the end of an extent; the bytes may go on in the next one */
		if (_read(pos, Bytes(_tail, need))) {
			out = Const_bytes(_tail, need);
			return true;
		}
		if (pos > ~uint64_t(0) - align) return false;
		pos += align;
	}
}

}
