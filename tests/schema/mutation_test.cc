/*
 * Damaged messages: whatever core accepts, the library reads with equal values; nothing crashes
 */

#include <gtest/gtest.h>

#include "image.capnp.h"
#include "libimage/core/wire_check.h"
#include "tests/support/manifest_compare.h"
#include "tests/support/random_message.h"

namespace Capimg::Test
{

static std::vector<uint8_t> random_manifest(uint64_t seed, size_t budget)
{
	capnp::MallocMessageBuilder message;
	auto const root =
		message.initRoot<capnp::DynamicStruct>(capnp::Schema::from<Schema::Manifest>());
	Random_filler(seed, budget).fill(root);
	return normalized(root.asReader());
}

/* an exact copy, so that AddressSanitizer sees each byte read beyond it */
static bool accepted(std::vector<uint8_t> const &bytes)
{
	std::vector<uint8_t> const exact(bytes.begin(), bytes.end());
	Const_bytes const message(exact.data(), exact.size());

	Result<Metadata::Manifest::Reader> const core = Wire::open<Metadata::Manifest>(message, {});
	if (core.failed()) {
		EXPECT_LE(core.error().offset, message.size());
		EXPECT_STRNE(core.error().field, "");
		return false;
	}
	Official_message official(message);
	EXPECT_EQ(difference(*core, official.root(capnp::Schema::from<Schema::Manifest>())), "");
	return true;
}

/* readers must stay within unchecked bytes; bounded, for lists may lie about their counts */
class Toucher
{
	unsigned _depth;
	unsigned &_steps;

	template <typename T>
	void _touch(T const &value)
	{
		if (!_steps) return;
		_steps--;
		if constexpr (requires { value.wire(); }) {
			if (_depth) visit(value, Toucher(_depth - 1, _steps));
		} else if constexpr (std::is_same_v<T, Wire::Text>) {
			EXPECT_EQ(value.string()[value.size()], 0);
		} else if constexpr (std::is_same_v<T, Const_bytes>) {
			(void)value.first_non_zero();
		} else if constexpr (requires { value[0]; }) {
			uint32_t const n = value.size();
			for (uint32_t i : { 0u, n / 2, n - 1, n, ~0u }) _touch(value[i]);
		}
	}

  public:
	Toucher(unsigned depth, unsigned &steps) : _depth(depth), _steps(steps) {}

	template <typename T>
	void operator()(Wire::Field const &, bool, T const &value)
	{
		_touch(value);
	}
};

static void touch(std::vector<uint8_t> const &bytes)
{
	std::vector<uint8_t> const exact(bytes.begin(), bytes.end());
	if (exact.size() < Wire::FRAMING) return;

	Wire::Segment const segment(
		Const_bytes(exact.data() + Wire::FRAMING, exact.size() - Wire::FRAMING));
	unsigned steps = 2000;
	visit(Metadata::Manifest::Reader(Wire::root(segment)), Toucher(8, steps));
}

TEST(Mutation, random_changes)
{
	unsigned sound = 0, damaged = 0;
	for (uint64_t seed = 0; seed < 60; seed++) {
		SCOPED_TRACE("seed " + std::to_string(seed));
		std::vector<uint8_t> const original = random_manifest(seed, 40);
		ASSERT_TRUE(accepted(original));

		std::mt19937_64 random(seed);
		for (unsigned round = 0; round < 150; round++) {
			std::vector<uint8_t> bytes = original;
			for (uint64_t n = 1 + random() % 3; n; n--)
				bytes[random() % bytes.size()] = uint8_t(random());
			(accepted(bytes) ? sound : damaged)++;
			touch(bytes);
		}
	}
	/* both happen: most bytes are values, some are structure */
	EXPECT_GT(sound, 500u);
	EXPECT_GT(damaged, 500u);
}

TEST(Mutation, each_byte_flipped)
{
	std::vector<uint8_t> const original = random_manifest(7, 60);
	for (size_t i = 0; i < original.size(); i++) {
		for (uint8_t change : { 0x01, 0x80, 0xff }) {
			std::vector<uint8_t> bytes = original;
			bytes[i] = uint8_t(bytes[i] ^ change);
			accepted(bytes);
			touch(bytes);
		}
	}
}

TEST(Mutation, truncated_at_each_byte)
{
	std::vector<uint8_t> const original = random_manifest(9, 60);
	for (size_t size = 0; size < original.size(); size++) {
		std::vector<uint8_t> bytes(original.begin(), original.begin() + ptrdiff_t(size));
		EXPECT_FALSE(accepted(bytes));
		touch(bytes);

		/* cut short with a framing that admits it */
		if (size < 16 || size % 8) continue;
		Bytes(bytes.data(), bytes.size()).u32(4, uint32_t(size / 8 - 1));
		EXPECT_FALSE(accepted(bytes));
		touch(bytes);
	}
}

/* extremes in each half of each word: offsets, counts and sizes */
TEST(Mutation, extremes)
{
	std::vector<uint8_t> const original = random_manifest(11, 30);
	for (size_t at = 0; at + 4 <= original.size(); at += 4) {
		for (uint32_t extreme : { 0u, 1u, 2u, 3u, 0x7fffffffu, 0x80000000u, 0xfffffffcu, ~0u }) {
			std::vector<uint8_t> bytes = original;
			Bytes(bytes.data(), bytes.size()).u32(at, extreme);
			accepted(bytes);
			touch(bytes);
		}
	}
}

}
