/*
 * 'memcmp', to which compilers turn comparisons: ld.lib.so has memcpy, memmove and memset only
 *
 * Weak, for components that use a C library.
 */

extern "C" __attribute__((weak)) int memcmp(void const *a, void const *b, __SIZE_TYPE__ size)
{
	auto const *p = static_cast<unsigned char const *>(a);
	auto const *q = static_cast<unsigned char const *>(b);
	for (; size; size--, p++, q++)
		if (*p != *q) return *p - *q;
	return 0;
}
