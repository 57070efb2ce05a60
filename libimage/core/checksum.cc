#include "checksum.h"

namespace Capimg
{

/* names of constants and steps as in xxhash_spec.md */

static constexpr uint64_t PRIME32_1 = 0x9e3779b1, PRIME32_2 = 0x85ebca77, PRIME32_3 = 0xc2b2ae3d;

static constexpr uint64_t PRIME64_1 = 0x9e3779b185ebca87, PRIME64_2 = 0xc2b2ae3d27d4eb4f,
						  PRIME64_3 = 0x165667b19e3779f9, PRIME64_4 = 0x85ebca77c2b2ae63,
						  PRIME64_5 = 0x27d4eb2f165667c5;

static constexpr uint64_t PRIME_MX1 = 0x165667919e3779f9, PRIME_MX2 = 0x9fb21c651e98df25;

static constexpr size_t SECRET_SIZE = 192, STRIPE = 64, STRIPES_PER_BLOCK = 16;

static constexpr uint8_t SECRET[SECRET_SIZE] {
	0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c,
	0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb, 0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f,
	0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21,
	0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c,
	0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb, 0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3,
	0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
	0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d,
	0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31, 0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64,
	0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb,
	0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e,
	0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc, 0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce,
	0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
};

static uint32_t read32(uint8_t const *p)
{
	return uint32_t(p[0]) | uint32_t(p[1]) << 8 | uint32_t(p[2]) << 16 | uint32_t(p[3]) << 24;
}

static uint64_t read64(uint8_t const *p)
{
	return uint64_t(read32(p)) | uint64_t(read32(p + 4)) << 32;
}

static uint64_t rotate_left(uint64_t v, unsigned bits) { return v << bits | v >> (64 - bits); }

/* low half xor high half of the 128-bit product; 32-bit targets have no 128-bit integer */
static uint64_t fold_multiply(uint64_t a, uint64_t b)
{
	uint64_t const lo_lo = (a & 0xffffffff) * (b & 0xffffffff);
	uint64_t const hi_lo = (a >> 32) * (b & 0xffffffff);
	uint64_t const lo_hi = (a & 0xffffffff) * (b >> 32);
	uint64_t const hi_hi = (a >> 32) * (b >> 32);

	uint64_t const cross = (lo_lo >> 32) + (hi_lo & 0xffffffff) + lo_hi;
	uint64_t const upper = (hi_lo >> 32) + (cross >> 32) + hi_hi;
	uint64_t const lower = (cross << 32) | (lo_lo & 0xffffffff);

	return lower ^ upper;
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

static void accumulate(uint64_t (&acc)[8], uint8_t const *in, uint8_t const *secret)
{
	for (size_t i = 0; i < 8; i++) {
		uint64_t const value = read64(in + 8 * i);
		uint64_t const key = value ^ read64(secret + 8 * i);
		acc[i ^ 1] += value;
		acc[i] += (key & 0xffffffff) * (key >> 32);
	}
}

static uint64_t large(uint8_t const *in, size_t size)
{
	uint64_t acc[8] { PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3,
					  PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1 };

	/* the last stripe is always the last 64 bytes, also where it overlaps others */
	size_t const stripes = (size - 1) / STRIPE;

	for (size_t i = 0; i < stripes; i++) {
		size_t const in_block = i % STRIPES_PER_BLOCK;
		accumulate(acc, in + i * STRIPE, SECRET + 8 * in_block);

		if (in_block == STRIPES_PER_BLOCK - 1)
			for (size_t j = 0; j < 8; j++) {
				acc[j] ^= acc[j] >> 47;
				acc[j] ^= read64(SECRET + SECRET_SIZE - STRIPE + 8 * j);
				acc[j] *= PRIME32_1;
			}
	}
	accumulate(acc, in + size - STRIPE, SECRET + SECRET_SIZE - STRIPE - 7);

	uint64_t result = size * PRIME64_1;
	for (size_t i = 0; i < 4; i++)
		result += fold_multiply(acc[2 * i] ^ read64(SECRET + 11 + 16 * i),
								acc[2 * i + 1] ^ read64(SECRET + 19 + 16 * i));
	return avalanche(result);
}

uint64_t checksum(Const_bytes bytes)
{
	uint8_t const *const in = bytes.base();
	size_t const size = bytes.size();

	return size <= 16 ? small(in, size) : size <= 240 ? medium(in, size) : large(in, size);
}

}
