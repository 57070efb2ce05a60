#include "checksum_loop.h"

namespace Capimg::Xxh3
{

#ifndef __x86_64__

Loops const *avx2_loops() { return nullptr; }

#else

/* each function must say so: the rest of the program runs on CPUs without */
#define AVX2 __attribute__((target("avx2")))

using Vector = uint64_t __attribute__((vector_size(32)));

static constexpr size_t VECTORS = STRIPE / sizeof(Vector), PER_VECTOR = LANES / VECTORS;

enum class Store : uint8_t { NONE, CACHED, STREAMED };

/* by reference, as a vector's place as an argument depends on the target */
AVX2 static inline void load(Vector &v, uint8_t const *p) { __builtin_memcpy(&v, p, sizeof(v)); }

/* products of the lower halves of lanes, for which there is an instruction */
AVX2 static inline void add_product(Vector &sum, Vector const &a, Vector const &b)
{
#ifdef __clang__
	sum += (a & 0xffffffff) * (b & 0xffffffff);
#else
	using Halves = int __attribute__((vector_size(32)));
	sum += Vector(__builtin_ia32_pmuludq256(Halves(a), Halves(b)));
#endif
}

template <Store STORE>
AVX2 static inline void store(uint8_t *p, Vector const &v)
{
	if constexpr (STORE == Store::CACHED) __builtin_memcpy(p, &v, sizeof(v));
	if constexpr (STORE == Store::STREAMED) {
#ifdef __clang__
		__builtin_nontemporal_store(v, reinterpret_cast<Vector *>(p));
#else
		using Longs = long long __attribute__((vector_size(32)));
		__builtin_ia32_movntdq256(reinterpret_cast<Longs *>(p), Longs(v));
#endif
	}
}

template <Store STORE>
AVX2 static inline void accumulate(Vector (&acc)[VECTORS], uint8_t const *in, uint8_t const *secret,
								   uint8_t *out)
{
	for (size_t i = 0; i < VECTORS; i++) {
		Vector value, key;
		load(value, in + i * sizeof(Vector));
		load(key, secret + i * sizeof(Vector));
		if constexpr (STORE != Store::NONE) {
			/* what is stored is what is taken in: no second look at 'in' */
			__asm__("" : "+x"(value));
			store<STORE>(out + i * sizeof(Vector), value);
		}

		key ^= value;
		acc[i] += __builtin_shufflevector(value, value, 1, 0, 3, 2);
		add_product(acc[i], key, key >> 32);
	}
}

AVX2 static inline void scramble(Vector (&acc)[VECTORS])
{
	Vector const prime { PRIME32_1, PRIME32_1, PRIME32_1, PRIME32_1 };
	for (size_t i = 0; i < VECTORS; i++) {
		Vector secret, low {}, high {};
		load(secret, SECRET + SCRAMBLE_SECRET + i * sizeof(Vector));
		acc[i] ^= acc[i] >> 47 ^ secret;
		add_product(low, acc[i], prime);
		add_product(high, acc[i] >> 32, prime);
		acc[i] = low + (high << 32);
	}
}

template <Store STORE>
AVX2 static void loop(uint64_t (&lanes)[LANES], uint8_t const *in, size_t size, uint8_t *out)
{
	static_assert(PER_VECTOR * sizeof(uint64_t) == sizeof(Vector));
	Vector acc[VECTORS];
	__builtin_memcpy(acc, lanes, sizeof(acc));

	uint8_t const *const last = in + size - STRIPE;
	for (size_t left = (size - 1) / STRIPE; left;) {
		size_t const row = min(left, STRIPES_PER_ROW);
		for (size_t i = 0; i < row; i++, in += STRIPE) {
			fetch_ahead(in);
			accumulate<STORE>(acc, in, SECRET + 8 * i, out);
			if constexpr (STORE != Store::NONE) out += STRIPE;
		}
		if (row == STRIPES_PER_ROW) scramble(acc);
		left -= row;
	}
	accumulate<STORE>(acc, last, SECRET + LAST_SECRET, out);

	__builtin_memcpy(lanes, acc, sizeof(acc));
}

static void fence() { __builtin_ia32_sfence(); }

/* the CPU has AVX2, and the system keeps the registers (it sets bits of XCR0 then) */
static bool usable()
{
	static constexpr uint32_t OSXSAVE = 1u << 27, AVX2_BIT = 1u << 5, XMM_YMM = 6;

	struct Registers
	{
		uint32_t a, b, c, d;
	};
	auto const cpuid = [](uint32_t leaf) {
		Registers r {};
		__asm__("cpuid" : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d) : "a"(leaf), "c"(0));
		return r;
	};
	if (cpuid(0).a < 7 || !(cpuid(1).c & OSXSAVE) || !(cpuid(7).b & AVX2_BIT)) return false;

	uint32_t low = 0, high = 0;
	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (low & XMM_YMM) == XMM_YMM;
}

Loops const *avx2_loops()
{
	static constexpr Loops LOOPS { loop<Store::NONE>, loop<Store::CACHED>, loop<Store::STREAMED>,
								   fence };
	return usable() ? &LOOPS : nullptr;
}

#endif

}
