#include "capimg/sha256.h"

namespace Capimg::Engine
{

/* fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2) */
static constexpr uint32_t K[64] {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, unsigned n) { return x >> n | x << (32 - n); }

static uint32_t load_big_endian(uint8_t const *at)
{
	return uint32_t(at[0]) << 24 | uint32_t(at[1]) << 16 | uint32_t(at[2]) << 8 | at[3];
}

void Plain_sha256::_begin()
{
	/* fractional parts of the square roots of the first 8 primes (FIPS 180-4, 5.3.3) */
	static constexpr uint32_t INITIAL[8] { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
										   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	copy_memory(_state, INITIAL, sizeof(_state));
	_size = 0;
}

void Plain_sha256::_block(uint8_t const *bytes)
{
	uint32_t w[64];
	for (unsigned i = 0; i < 16; i++) w[i] = load_big_endian(bytes + 4 * i);
	for (unsigned i = 16; i < 64; i++) {
		uint32_t const a = w[i - 15], b = w[i - 2];
		w[i] = w[i - 16] + w[i - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
			   (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}

	uint32_t s[8];
	copy_memory(s, _state, sizeof(s));
	for (unsigned i = 0; i < 64; i++) {
		uint32_t const a = s[0], e = s[4];
		uint32_t const t1 = s[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
							((e & s[5]) ^ (~e & s[6])) + K[i] + w[i];
		uint32_t const t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
							((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
		move_memory(s + 1, s, 7 * sizeof(s[0]));
		s[4] += t1;
		s[0] = t1 + t2;
	}
	for (unsigned i = 0; i < 8; i++) _state[i] += s[i];
}

void Plain_sha256::update(Const_bytes bytes)
{
	uint8_t const *at = bytes.base();
	size_t left = bytes.size();

	size_t const held = size_t(_size % BLOCK);
	_size += left;

	if (held) {
		size_t const n = min(left, BLOCK - held);
		copy_memory(_rest + held, at, n);
		at += n;
		left -= n;
		if (held + n < BLOCK) return;
		_block(_rest);
	}
	for (; left >= BLOCK; at += BLOCK, left -= BLOCK) _block(at);
	copy_memory(_rest, at, left);
}

void Plain_sha256::finish(uint8_t (&digest)[State_digest::SIZE])
{
	uint64_t const bits = _size * 8;

	static constexpr uint8_t PADDING[BLOCK] { 0x80 };
	size_t const held = size_t(_size % BLOCK);
	update({ PADDING, (held < 56 ? 56 : 120) - held });

	uint8_t length[8];
	for (unsigned i = 0; i < 8; i++) length[i] = uint8_t(bits >> (56 - 8 * i));
	update({ length, sizeof(length) });

	for (unsigned i = 0; i < State_digest::SIZE; i++)
		digest[i] = uint8_t(_state[i / 4] >> (24 - 8 * (i % 4)));
	_begin();
}

}
