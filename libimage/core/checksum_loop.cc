#include "checksum_loop.h"

namespace Capimg::Xxh3
{

static void accumulate(uint64_t (&acc)[LANES], uint8_t const *in, uint8_t const *secret)
{
	for (size_t i = 0; i < LANES; i++) {
		uint64_t const value = read64(in + 8 * i);
		uint64_t const key = value ^ read64(secret + 8 * i);
		acc[i ^ 1] += value;
		acc[i] += (key & 0xffffffff) * (key >> 32);
	}
}

static void check(uint64_t (&acc)[LANES], uint8_t const *in, size_t size, uint8_t *)
{
	/* the last stripe is always the last 64 bytes, also where it overlaps others */
	size_t const stripes = (size - 1) / STRIPE;

	for (size_t i = 0; i < stripes; i++) {
		size_t const in_row = i % STRIPES_PER_ROW;
		fetch_ahead(in + i * STRIPE);
		accumulate(acc, in + i * STRIPE, SECRET + 8 * in_row);

		if (in_row == STRIPES_PER_ROW - 1)
			for (size_t j = 0; j < LANES; j++) {
				acc[j] ^= acc[j] >> 47;
				acc[j] ^= read64(SECRET + SCRAMBLE_SECRET + 8 * j);
				acc[j] *= PRIME32_1;
			}
	}
	accumulate(acc, in + size - STRIPE, SECRET + LAST_SECRET);
}

static void copy(uint64_t (&acc)[LANES], uint8_t const *in, size_t size, uint8_t *out)
{
	copy_memory(out, in, size);
	check(acc, out, size, nullptr);
}

Loops const *portable_loops()
{
	static constexpr Loops LOOPS { check, copy, copy, [] {} };
	return &LOOPS;
}

Loops const &loops()
{
	static Loops const *best = nullptr;

	/* threads that come here at once find the same */
	Loops const *found = __atomic_load_n(&best, __ATOMIC_RELAXED);
	if (!found) {
		found = avx2_loops();
		if (!found) found = portable_loops();
		__atomic_store_n(&best, found, __ATOMIC_RELAXED);
	}
	return *found;
}

}
