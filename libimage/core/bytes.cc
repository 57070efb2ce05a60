#include "bytes.h"

namespace Capimg
{

size_t Const_bytes::first_non_zero() const
{
	/* 64 bytes at a time, so that the compiler may use vector registers */
	size_t i = 0;
	for (; _size - i >= 64; i += 64) {
		uint64_t words[8];
		copy_memory(words, _base + i, 64);
		uint64_t any = 0;
		for (uint64_t word : words) any |= word;
		if (any) break;
	}
	while (i < _size && !_base[i]) i++;
	return i;
}

}
