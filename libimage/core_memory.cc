#include "core_memory.h"

#include <algorithm>

namespace Capimg
{

Core_memory::Core_memory(Elf_core const &core)
{
	for (Elf_core::Segment const &segment : core.segments())
		if (segment.file_size) _parts.push_back({ segment.address, core.bytes(segment) });
}

std::vector<Core_memory::Part>::const_iterator Core_memory::_from(uint64_t addr) const
{
	return std::partition_point(_parts.begin(), _parts.end(), [&](Part const &part) {
		return part.address < addr && addr - part.address >= part.bytes.size();
	});
}

Status Core_memory::read(uint64_t addr, Bytes dst) const
{
	auto part = _from(addr);

	for (size_t done = 0; done < dst.size(); part++) {
		uint64_t const at = addr + done;  /* wraps only at the end of the address space … */
		bool const wrapped = done && !at; /* … behind which nothing is known */

		if (wrapped || part == _parts.end() || part->address > at)
			return Error { Code::ABSENT, at, "memory" };

		size_t const offset = size_t(at - part->address);
		size_t const size = min(part->bytes.size() - offset, dst.size() - done);
		copy_memory(dst.base() + done, part->bytes.base() + offset, size);
		done += size;
	}
	return ok;
}

Result<Extent> Core_memory::extent_from(uint64_t addr) const
{
	auto const part = _from(addr);
	if (part == _parts.end()) return Error { Code::NOT_FOUND, addr, "memory" };

	uint64_t const start = max(addr, part->address);
	return Extent { start, part->bytes.size() - (start - part->address) };
}

Const_bytes Core_memory::peek(uint64_t addr, size_t size) const
{
	auto const part = _from(addr);
	if (part == _parts.end() || part->address > addr) return {};

	size_t const offset = size_t(addr - part->address);
	return Const_bytes(part->bytes.base() + offset, min(size, part->bytes.size() - offset));
}

}
