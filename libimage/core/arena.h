/*
 * Arrays out of working memory that the caller gives
 *
 * Nothing is ever given back: an arena lives as long as one piece of work. Not thread-safe.
 */

#ifndef CAPIMG__CORE__ARENA_H
#define CAPIMG__CORE__ARENA_H

#include "bytes.h"

namespace Capimg
{

class Arena : Noncopyable
{
	Bytes const _bytes;
	size_t _used = 0;

  public:
	explicit Arena(Bytes bytes) : _bytes(bytes) {}

	/* bytes that 'count' elements may take, whatever was taken before */
	template <typename T>
	static constexpr size_t size_of(size_t count)
	{
		return count * sizeof(T) + alignof(T) - 1;
	}

	/* array of plain data, not initialised; null if there is no room */
	template <typename T>
	T *take(size_t count)
	{
		size_t const base = reinterpret_cast<size_t>(_bytes.base());
		size_t const at = size_t(align_up(base + _used, alignof(T))) - base;

		uint64_t size = 0;
		if (!multiply(count, sizeof(T), size) || !within(at, size, _bytes.size())) return nullptr;
		_used = at + size_t(size);
		return reinterpret_cast<T *>(_bytes.base() + at);
	}

	/* elements that there is room for */
	template <typename T>
	size_t most() const
	{
		size_t const base = reinterpret_cast<size_t>(_bytes.base());
		size_t const at = size_t(align_up(base + _used, alignof(T))) - base;
		return at < _bytes.size() ? (_bytes.size() - at) / sizeof(T) : 0;
	}

	Error no_space() const { return { Code::NO_SPACE, 0, "work", _bytes.size() }; }
};

}

#endif /* CAPIMG__CORE__ARENA_H */
