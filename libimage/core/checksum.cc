#include "checksum.h"

#include "checksum_loop.h"

namespace Capimg
{

using namespace Xxh3;

/* names of constants and steps as in xxhash_spec.md */

static constexpr uint64_t PRIME32_2 = 0x85ebca77, PRIME32_3 = 0xc2b2ae3d;

static constexpr uint64_t PRIME64_1 = 0x9e3779b185ebca87, PRIME64_2 = 0xc2b2ae3d27d4eb4f,
						  PRIME64_3 = 0x165667b19e3779f9, PRIME64_4 = 0x85ebca77c2b2ae63,
						  PRIME64_5 = 0x27d4eb2f165667c5;

static constexpr uint64_t PRIME_MX1 = 0x165667919e3779f9, PRIME_MX2 = 0x9fb21c651e98df25;

static uint64_t rotate_left(uint64_t v, unsigned bits) { return v << bits | v >> (64 - bits); }

/* low half xor high half of the 128-bit product; 32-bit targets have no 128-bit integer */
static uint64_t fold_multiply(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ using Product = unsigned __int128;
	Product const product = Product(a) * b;
	return uint64_t(product) ^ uint64_t(product >> 64);
#else
	uint64_t const lo_lo = (a & 0xffffffff) * (b & 0xffffffff);
	uint64_t const hi_lo = (a >> 32) * (b & 0xffffffff);
	uint64_t const lo_hi = (a & 0xffffffff) * (b >> 32);
	uint64_t const hi_hi = (a >> 32) * (b >> 32);

	uint64_t const cross = (lo_lo >> 32) + (hi_lo & 0xffffffff) + lo_hi;
	uint64_t const upper = (hi_lo >> 32) + (cross >> 32) + hi_hi;
	uint64_t const lower = (cross << 32) | (lo_lo & 0xffffffff);

	return lower ^ upper;
#endif
}

static uint64_t avalanche_xxh64(uint64_t h)
{
	h = (h ^ (h >> 33)) * PRIME64_2;
	h = (h ^ (h >> 29)) * PRIME64_3;
	return h ^ (h >> 32);
}

static uint64_t avalanche(uint64_t h)
{
	h = (h ^ (h >> 37)) * PRIME_MX1;
	return h ^ (h >> 32);
}

static uint64_t mix_step(uint8_t const *in, size_t secret_offset)
{
	uint8_t const *const secret = SECRET + secret_offset;
	return fold_multiply(read64(in) ^ read64(secret), read64(in + 8) ^ read64(secret + 8));
}

static uint64_t small(uint8_t const *in, size_t size)
{
	if (size > 8) {
		uint64_t const lo = read64(in) ^ read64(SECRET + 24) ^ read64(SECRET + 32);
		uint64_t const hi = read64(in + size - 8) ^ read64(SECRET + 40) ^ read64(SECRET + 48);
		return avalanche(size + __builtin_bswap64(lo) + hi + fold_multiply(lo, hi));
	}
	if (size >= 4) {
		uint64_t const word = read32(in + size - 4) + (uint64_t(read32(in)) << 32);
		uint64_t h = word ^ read64(SECRET + 8) ^ read64(SECRET + 16);
		h ^= rotate_left(h, 49) ^ rotate_left(h, 24);
		h *= PRIME_MX2;
		h ^= (h >> 35) + size;
		h *= PRIME_MX2;
		return h ^ (h >> 28);
	}
	if (size) {
		uint32_t const combined = uint32_t(in[size - 1]) | uint32_t(size) << 8 |
								  uint32_t(in[0]) << 16 | uint32_t(in[size >> 1]) << 24;
		return avalanche_xxh64(uint64_t(read32(SECRET) ^ read32(SECRET + 4)) ^ combined);
	}
	return avalanche_xxh64(read64(SECRET + 56) ^ read64(SECRET + 64));
}

/* 17 to 240 bytes */
static uint64_t medium(uint8_t const *in, size_t size)
{
	uint64_t acc = size * PRIME64_1;

	if (size <= 128) {
		for (size_t i = (size - 1) / 32 + 1; i-- > 0;)
			acc += mix_step(in + 16 * i, 32 * i) + mix_step(in + size - 16 * (i + 1), 32 * i + 16);
		return avalanche(acc);
	}

	for (size_t i = 0; i < 8; i++) acc += mix_step(in + 16 * i, 16 * i);
	acc = avalanche(acc);
	for (size_t i = 8; i < size / 16; i++) acc += mix_step(in + 16 * i, 16 * (i - 8) + 3);
	acc += mix_step(in + size - 16, 136 - 17);
	return avalanche(acc);
}

/* more than 240 bytes; 'loop' has seen all of them */
static uint64_t finish(uint64_t const (&acc)[LANES], size_t size)
{
	uint64_t result = size * PRIME64_1;
	for (size_t i = 0; i < LANES / 2; i++)
		result += fold_multiply(acc[2 * i] ^ read64(SECRET + 11 + 16 * i),
								acc[2 * i + 1] ^ read64(SECRET + 19 + 16 * i));
	return avalanche(result);
}

static uint64_t large(Loop loop, uint8_t const *in, size_t size, uint8_t *out)
{
	uint64_t acc[LANES] { PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3,
						  PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1 };
	loop(acc, in, size, out);
	return finish(acc, size);
}

uint64_t checksum(Const_bytes bytes)
{
	uint8_t const *const in = bytes.base();
	size_t const size = bytes.size();

	return size <= 16    ? small(in, size)
		   : size <= 240 ? medium(in, size)
						 : large(loops().check, in, size, nullptr);
}

uint64_t checksum_copy(Bytes dst, Const_bytes src, Copy copy)
{
	size_t const size = src.size();
	if (size > dst.size()) return 0;

	/* pieces of other sizes have bytes that two stripes are made of */
	if (size <= 240 || size % STRIPE) {
		dst.copy_from(0, src);
		return checksum(Const_bytes(dst.base(), size));
	}
	bool const streamed = copy == Copy::STREAMED && size_t(dst.base()) % STRIPE == 0;
	return large(streamed ? loops().stream : loops().copy, src.base(), size, dst.base());
}

void finish_streamed() { loops().finish_streamed(); }

}
