/*
 * What verification calls of libsodium's utils.c, which needs an operating system
 *
 * All that is verified is public: there is no secret that the time these take could tell.
 */

#include <utils.h>

void sodium_memzero(void *const base, size_t const size)
{
	auto volatile *const bytes = static_cast<unsigned char volatile *>(base);
	for (size_t i = 0; i < size; i++) bytes[i] = 0;
}

int sodium_memcmp(void const *const a, void const *const b, size_t const size)
{
	auto const volatile *const p = static_cast<unsigned char const volatile *>(a);
	auto const volatile *const q = static_cast<unsigned char const volatile *>(b);
	unsigned difference = 0;
	for (size_t i = 0; i < size; i++) difference |= unsigned(p[i] ^ q[i]);
	return difference ? -1 : 0;
}

int sodium_is_zero(unsigned char const *const base, size_t const size)
{
	unsigned bits = 0;
	for (size_t i = 0; i < size; i++) bits |= base[i];
	return bits == 0;
}
