/*
 * Bounded bytes: the only way core touches raw memory
 *
 * 'Const_bytes' and 'Bytes' are a pointer and a length, owned by the caller. Slices are
 * checked in subtractive form, so that no hostile offset or length can wrap around. Loads
 * and stores are little-endian and unaligned; they must lie within the bytes, which is
 * asserted by returning 0 (loads) or doing nothing (stores) instead of touching memory.
 */

#ifndef CAPIMG__CORE__BYTES_H
#define CAPIMG__CORE__BYTES_H

#include "result.h"

namespace Capimg
{

/* a * b, or false if the product does not fit */
inline bool multiply(uint64_t a, uint64_t b, uint64_t &out)
{
	return !__builtin_mul_overflow(a, b, &out);
}

/* a + b, or false if the sum does not fit */
inline bool add(uint64_t a, uint64_t b, uint64_t &out)
{
	return !__builtin_add_overflow(a, b, &out);
}

/* next multiple of 'align', a power of two; the caller knows that it does not overflow */
constexpr uint64_t align_up(uint64_t value, uint64_t align)
{
	return (value + align - 1) & ~(align - 1);
}

/* [offset, offset + size) lies within [0, total) */
constexpr bool within(uint64_t offset, uint64_t size, uint64_t total)
{
	return offset <= total && size <= total - offset;
}

/*
 * A value in the order of bytes of the format, and back
 *
 * Loops over bytes would be portable as well, but GCC does not make one access of them at -O2.
 */
template <typename T>
constexpr T little_endian(T value)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return value;
#else
	if constexpr (sizeof(T) == 2) return T(__builtin_bswap16(value));
	if constexpr (sizeof(T) == 4) return T(__builtin_bswap32(value));
	if constexpr (sizeof(T) == 8) return T(__builtin_bswap64(value));
	return value;
#endif
}

class Const_bytes
{
	uint8_t const *_base = nullptr;
	size_t _size = 0;

  public:
	Const_bytes() = default;
	Const_bytes(void const *base, size_t size)
		: _base(static_cast<uint8_t const *>(base)), _size(size)
	{}

	uint8_t const *base() const { return _base; }
	size_t size() const { return _size; }
	bool empty() const { return _size == 0; }

	/* TRUNCATED with the offset within these bytes */
	Result<Const_bytes> slice(uint64_t offset, uint64_t size, char const *field) const
	{
		if (!Capimg::within(offset, size, _size))
			return Error { Code::TRUNCATED, offset, field, size, _size };
		return Const_bytes(_base + offset, size_t(size));
	}

	template <typename T>
	T load(size_t offset) const
	{
		if (!Capimg::within(offset, sizeof(T), _size)) return T(0);
		T value = 0;
		copy_memory(&value, _base + offset, sizeof(T));
		return little_endian(value);
	}

	uint8_t u8(size_t offset) const { return load<uint8_t>(offset); }
	uint16_t u16(size_t offset) const { return load<uint16_t>(offset); }
	uint32_t u32(size_t offset) const { return load<uint32_t>(offset); }
	uint64_t u64(size_t offset) const { return load<uint64_t>(offset); }

	/* offset of the first byte that is not zero, or 'size()' */
	size_t first_non_zero() const;

	bool all_zero() const { return first_non_zero() == _size; }

	bool operator==(Const_bytes const &other) const
	{
		return _size == other._size && equal_memory(_base, other._base, _size);
	}
};

class Bytes
{
	uint8_t *_base = nullptr;
	size_t _size = 0;

  public:
	Bytes() = default;
	Bytes(void *base, size_t size) : _base(static_cast<uint8_t *>(base)), _size(size) {}

	uint8_t *base() const { return _base; }
	size_t size() const { return _size; }

	operator Const_bytes() const { return Const_bytes(_base, _size); }

	Result<Bytes> slice(uint64_t offset, uint64_t size, char const *field) const
	{
		if (!Capimg::within(offset, size, _size))
			return Error { Code::NO_SPACE, offset, field, size, _size };
		return Bytes(_base + offset, size_t(size));
	}

	template <typename T>
	void store(size_t offset, T value) const
	{
		if (!Capimg::within(offset, sizeof(T), _size)) return;
		value = little_endian(value);
		copy_memory(_base + offset, &value, sizeof(T));
	}

	void u8(size_t offset, uint8_t value) const { store(offset, value); }
	void u16(size_t offset, uint16_t value) const { store(offset, value); }
	void u32(size_t offset, uint32_t value) const { store(offset, value); }
	void u64(size_t offset, uint64_t value) const { store(offset, value); }

	void copy_from(size_t offset, Const_bytes src) const
	{
		if (Capimg::within(offset, src.size(), _size))
			copy_memory(_base + offset, src.base(), src.size());
	}

	void zero() const { fill_memory(_base, 0, _size); }
};

}

#endif /* CAPIMG__CORE__BYTES_H */
