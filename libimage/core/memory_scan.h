/*
 * Going through all captured memory, window by window
 *
 * Windows are aligned and hold at least the bytes that one look needs. A look may span
 * extents that touch each other.
 */

#ifndef CAPIMG__CORE__MEMORY_SCAN_H
#define CAPIMG__CORE__MEMORY_SCAN_H

#include "cap_limits.h"
#include "memory.h"

namespace Capimg
{

/* what the extents of a memory add up to */
struct Memory_bounds
{
	uint64_t lowest = ~uint64_t(0);
	uint64_t highest = 0; /* the last known byte */
	uint64_t total = 0;   /* bytes */

	bool contains(uint64_t addr) const { return addr >= lowest && addr <= highest; }
};

Memory_bounds memory_bounds(Memory const &);

class Memory_scan : Noncopyable
{
	Memory const &_memory;
	Bytes const _buffer;
	uint8_t _tail[64] {};
	Error _error {};

	Const_bytes _window(uint64_t addr, size_t size, size_t need);
	bool _read(uint64_t addr, Bytes dst);

  public:
	/* 'buffer' is only used where 'Memory::peek' gives nothing; MIN_SCAN_BUFFER is enough */
	Memory_scan(Memory const &memory, Bytes buffer) : _memory(memory), _buffer(buffer) {}

	/*
	 * Next window at or after 'pos'
	 *
	 * On success, 'pos' is the address of the first byte of 'out', a multiple of 'align',
	 * and 'out' holds 'need' bytes (at most 64) or more. The caller goes on with a 'pos'
	 * at which it has not looked yet. Valid until the next use of the memory.
	 */
	bool next(uint64_t &pos, unsigned align, size_t need, Const_bytes &out);

	/* first failure that was not just an absent byte, or 'ok' */
	Status status() const { return _error; }
};

/*
 * A word of captured memory at an arbitrary place in our own
 *
 * The compiler makes one load of it, which 'Const_bytes::load' does not promise: scans live
 * from it.
 */
template <typename WORD>
inline WORD load_word(uint8_t const *base)
{
	WORD value;
	copy_memory(&value, base, sizeof(value));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	value = sizeof(WORD) == 8 ? WORD(__builtin_bswap64(value))
							  : WORD(__builtin_bswap32(uint32_t(value)));
#endif
	return value;
}

}

#endif /* CAPIMG__CORE__MEMORY_SCAN_H */
