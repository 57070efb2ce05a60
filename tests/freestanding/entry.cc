/*
 * All that core links against: an entry point, and the four functions to which GCC and Clang
 * compile copies, fills and comparisons in every environment
 */

using size_t = __SIZE_TYPE__;

/* volatile, lest the compiler turns a loop into a call of the function it implements */
extern "C" void *memcpy(void *dst, void const *src, size_t size)
{
	char volatile *d = static_cast<char volatile *>(dst);
	char const *s = static_cast<char const *>(src);
	for (size_t i = 0; i < size; i++) d[i] = s[i];
	return dst;
}

extern "C" void *memmove(void *dst, void const *src, size_t size)
{
	char volatile *d = static_cast<char volatile *>(dst);
	char const *s = static_cast<char const *>(src);
	if (d <= s) return memcpy(dst, src, size);
	for (size_t i = size; i > 0; i--) d[i - 1] = s[i - 1];
	return dst;
}

extern "C" void *memset(void *dst, int value, size_t size)
{
	char volatile *d = static_cast<char volatile *>(dst);
	for (size_t i = 0; i < size; i++) d[i] = char(value);
	return dst;
}

extern "C" int memcmp(void const *a, void const *b, size_t size)
{
	unsigned char const *x = static_cast<unsigned char const *>(a);
	unsigned char const *y = static_cast<unsigned char const *>(b);
	for (size_t i = 0; i < size; i++)
		if (x[i] != y[i]) return x[i] < y[i] ? -1 : 1;
	return 0;
}

/* exit(0): the linked program must also start */
extern "C" [[noreturn]] void _start()
{
#ifdef __x86_64__
	asm volatile("syscall" : : "a"(60L), "D"(0L) : "rcx", "r11", "memory");
#else
	asm volatile("int $0x80" : : "a"(1), "b"(0) : "memory");
#endif
	__builtin_unreachable();
}
