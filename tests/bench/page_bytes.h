/*
 * Bytes at the begin of a page, as dataspaces are
 */

#ifndef CAPIMG__TESTS__BENCH__PAGE_BYTES_H
#define CAPIMG__TESTS__BENCH__PAGE_BYTES_H

#include <cstdint>
#include <new>
#include <vector>

namespace Capimg::Test
{

template <typename T>
struct Page_allocator
{
	using value_type = T;

	static constexpr std::align_val_t PAGE { 4096 };

	Page_allocator() = default;

	template <typename U>
	explicit Page_allocator(Page_allocator<U> const &)
	{}

	T *allocate(std::size_t count)
	{
		return static_cast<T *>(::operator new(count * sizeof(T), PAGE));
	}

	void deallocate(T *p, std::size_t) { ::operator delete(p, PAGE); }

	bool operator==(Page_allocator const &) const { return true; }
};

using Page_bytes = std::vector<std::uint8_t, Page_allocator<std::uint8_t>>;

}

#endif /* CAPIMG__TESTS__BENCH__PAGE_BYTES_H */
