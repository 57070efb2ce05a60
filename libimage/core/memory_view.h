/*
 * Small pieces of captured memory, without copying where possible
 *
 * For code that follows links: an address that is not captured is an ordinary answer here,
 * not an error. An object belongs to one thread; so does the 'Memory' behind it, unless its
 * implementation says otherwise.
 */

#ifndef CAPIMG__CORE__MEMORY_VIEW_H
#define CAPIMG__CORE__MEMORY_VIEW_H

#include "cap_limits.h"
#include "memory.h"

namespace Capimg
{

class Memory_view : Noncopyable
{
	Memory const &_memory;
	uint8_t _buffer[Limit::MAX_CAP_STRIDE] {};

  public:
	explicit Memory_view(Memory const &memory) : _memory(memory) {}

	Memory const &memory() const { return _memory; }

	/*
	 * The 'size' bytes at 'addr', at most MAX_CAP_STRIDE, or no bytes if not all are known
	 *
	 * Valid until the next call.
	 */
	Const_bytes at(uint64_t addr, size_t size)
	{
		if (!size || size > sizeof(_buffer) || addr > ~uint64_t(0) - size) return {};

		if (Const_bytes const direct = _memory.peek(addr, size); direct.size() >= size)
			return Const_bytes(direct.base(), size);

		Bytes const copy(_buffer, size);
		if (_memory.read(addr, copy)) return {};
		return copy;
	}

	/* little-endian value of 1, 2, 4 or 8 bytes; false if it is not known */
	bool value(uint64_t addr, unsigned width, uint64_t &out)
	{
		Const_bytes const bytes = at(addr, width);
		if (bytes.empty()) return false;
		out = load(bytes, 0, width);
		return true;
	}

	static uint64_t load(Const_bytes bytes, size_t offset, unsigned width)
	{
		switch (width) {
		case 1: return bytes.u8(offset);
		case 2: return bytes.u16(offset);
		case 4: return bytes.u32(offset);
		default: return bytes.u64(offset);
		}
	}

	static void store(Bytes bytes, size_t offset, unsigned width, uint64_t value)
	{
		switch (width) {
		case 1: return bytes.u8(offset, uint8_t(value));
		case 2: return bytes.u16(offset, uint16_t(value));
		case 4: return bytes.u32(offset, uint32_t(value));
		default: return bytes.u64(offset, value);
		}
	}
};

}

#endif /* CAPIMG__CORE__MEMORY_VIEW_H */
