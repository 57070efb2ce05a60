/*
 * Porting header: everything core needs from its compiler, and nothing else
 *
 * Core includes no header but its own. This file defines the integer types from the
 * compiler's predefined macros, and the memory functions from its builtins. GCC and
 * Clang may emit calls to 'memcpy', 'memmove', 'memset' and 'memcmp' even in a
 * freestanding environment; these four symbols are all that core links against.
 * Genode's base library and every libc have them.
 */

#ifndef CAPIMG__CORE__TYPES_H
#define CAPIMG__CORE__TYPES_H

namespace Capimg
{

using uint8_t = __UINT8_TYPE__;
using uint16_t = __UINT16_TYPE__;
using uint32_t = __UINT32_TYPE__;
using uint64_t = __UINT64_TYPE__;
using int8_t = __INT8_TYPE__;
using int16_t = __INT16_TYPE__;
using int32_t = __INT32_TYPE__;
using int64_t = __INT64_TYPE__;
using size_t = __SIZE_TYPE__;

inline void copy_memory(void *dst, void const *src, size_t size)
{
	if (size) __builtin_memcpy(dst, src, size);
}

inline void move_memory(void *dst, void const *src, size_t size)
{
	if (size) __builtin_memmove(dst, src, size);
}

inline void fill_memory(void *dst, uint8_t value, size_t size)
{
	if (size) __builtin_memset(dst, value, size);
}

inline bool equal_memory(void const *a, void const *b, size_t size)
{
	return !size || __builtin_memcmp(a, b, size) == 0;
}

template <typename T>
constexpr T min(T a, T b)
{
	return b < a ? b : a;
}

template <typename T>
constexpr T max(T a, T b)
{
	return a < b ? b : a;
}

/* non-copyable base, as Genode's util/noncopyable.h */
class Noncopyable
{
  protected:
	Noncopyable() = default;
	~Noncopyable() = default;

  public:
	Noncopyable(Noncopyable const &) = delete;
	Noncopyable &operator=(Noncopyable const &) = delete;
};

}

#endif /* CAPIMG__CORE__TYPES_H */
