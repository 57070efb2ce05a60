/*
 * Opening images in the engine: the same verdicts as libimage's
 */

#include <gtest/gtest.h>
#include <random>

#include "capimg/image.h"
#include "libimage/compression.h"
#include "libimage/core/storage.h"
#include "libimage/image.h"
#include "libimage/sha256.h"
#include "tests/support/edited_image.h"
#include "tests/support/engine_source.h"
#include "tests/support/image_family.h"
#include "tests/support/reseal.h"
#include "tests/support/small_image.h"
#include "tests/support/verdict.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using Image_bytes = std::vector<std::byte>;

Verdict engine_verdict(std::span<std::byte const> bytes)
{
	Memory_source source(bytes);
	Sodium_sha256 hash;
	Opened_image const opened(source, hash);
	EXPECT_EQ(opened.image.opened(), !opened.status);
	return verdict_of(opened.status);
}

Verdict host_verdict(std::span<std::byte const> bytes)
{
	return verdict_of([&] { (void)open_image(bytes); });
}

/* what the engine does not read, because it does not need it */
bool of_unread_section(std::span<std::byte const> bytes, Verdict const &verdict)
{
	std::uint64_t const trailer = bytes.size() - Trailer::SIZE;
	for (std::uint64_t at = get(bytes, trailer + 16, 8); at < trailer; at += Section::ENTRY_SIZE)
		if (get(bytes, at, 4) >= std::uint64_t(Section_kind::STORAGE) &&
			within(get(bytes, at + 8, 8), get(bytes, at + 16, 8), bytes.size()) &&
			verdict.offset >= get(bytes, at + 8, 8) &&
			verdict.offset - get(bytes, at + 8, 8) <= get(bytes, at + 16, 8))
			return true;
	return false;
}

bool only_state_is_wrong(std::span<std::byte const> bytes, Verdict const &verdict)
{
	return verdict == Verdict { Code::DAMAGED, bytes.size() - Trailer::SIZE, "trailer.state" };
}

void expect_same_verdict(std::span<std::byte const> bytes)
{
	Verdict const host = host_verdict(bytes), engine = engine_verdict(bytes);
	if (host == engine) return;
	if (host.code == Code::OK) {
		EXPECT_TRUE(only_state_is_wrong(bytes, engine)) << engine;
		return;
	}
	EXPECT_TRUE(of_unread_section(bytes, host)) << host << " / " << engine;
	EXPECT_TRUE(engine.code == Code::OK || only_state_is_wrong(bytes, engine)) << engine;
}

Image_bytes sample(Codec_id codec)
{
	Small_image small;
	small.head.profile = { 4096, codec, std::int8_t(codec_levels(codec).usual),
						   codec_version(codec), 6 };
	small.dataspaces.push_back(Pieces().random(300, 1));
	small.dataspaces.push_back(Pieces().text(std::string(5000, 'y')).zero(5000).absent(7000));
	small.dataspaces.push_back(Pieces().random(300, 1));
	small.sections.push_back(provenance("import", {}));
	small.sections.push_back({ Section_kind(0x12345), 0, { std::byte(1), std::byte(2) } });
	return small.write();
}

}

TEST(Engine_image_open, samples_are_accepted)
{
	for (Codec_id codec : { Codec_id::RAW, Codec_id::ZSTD, Codec_id::LZ4 }) {
		auto const bytes = sample(codec);
		EXPECT_EQ(engine_verdict(bytes), Verdict {});
		EXPECT_EQ(host_verdict(bytes), Verdict {});
	}
}

TEST(Engine_image_open, cut_at_every_byte)
{
	auto const bytes = sample(Codec_id::ZSTD);
	for (std::size_t size = 0; size < bytes.size(); size++) {
		auto const part = std::span(bytes).first(size);
		EXPECT_EQ(engine_verdict(part), host_verdict(part)) << size;
		EXPECT_NE(engine_verdict(part).code, Code::OK) << size;
	}
}

TEST(Engine_image_open, every_byte_flipped)
{
	auto bytes = sample(Codec_id::ZSTD);
	for (std::size_t at = 0; at < bytes.size(); at++) {
		SCOPED_TRACE(at);
		std::byte const old = bytes[at];
		bytes[at] ^= std::byte(1 << (at % 8));
		expect_same_verdict(bytes);
		bytes[at] = old;
	}
}

TEST(Engine_image_open, extreme_values_with_matching_checksums)
{
	auto const original = sample(Codec_id::ZSTD);
	static constexpr std::uint64_t EXTREMES[] { 0,          1,          2,          0x7f,
												0xff,       0x7fffffff, 0xffffffff, 1ull << 40,
												1ull << 63, ~0ull };
	std::size_t const data_end = get(original, original.size() - Trailer::SIZE + 48, 8);

	auto const attack = [&](std::size_t at, unsigned width) {
		for (std::uint64_t value : EXTREMES) {
			SCOPED_TRACE(std::to_string(at) + "=" + std::to_string(value));
			auto bytes = original;
			put(bytes, at, width, value);
			reseal(bytes);
			expect_same_verdict(bytes);
		}
	};
	for (std::size_t at = 0; at < Head::SIZE; at += 4) attack(at, 4);
	for (std::size_t at = data_end; at < original.size(); at += 8) attack(at, 8);
	for (std::size_t at = data_end; at < original.size(); at += 4) attack(at, 2);
}

TEST(Engine_image_open, state_digest_is_checked)
{
	auto const bytes = with_state(sample(Codec_id::RAW), { { 1, 2, 3 } });
	EXPECT_EQ(host_verdict(bytes), Verdict {});
	EXPECT_TRUE(only_state_is_wrong(bytes, engine_verdict(bytes)));
}

TEST(Engine_image_open, random_families_are_accepted)
{
	for (unsigned seed = 0; seed < 6; seed++) {
		Image_family const family(seed, 2);
		for (auto const &generation : family.generations())
			EXPECT_EQ(engine_verdict(generation.image), Verdict {});
	}
}

TEST(Engine_image_open, calls_in_the_wrong_order_and_too_little_memory)
{
	auto const bytes = sample(Codec_id::RAW);
	Memory_source source(bytes);
	Sodium_sha256 hash;
	Engine::Image image(source);

	EXPECT_EQ(image.open({}, {}, hash).code, Code::BAD_STATE);
	EXPECT_EQ(image.block_size(0).error().code, Code::BAD_ARGUMENT);
	EXPECT_EQ(image.range_of(3).error().code, Code::NOT_FOUND);
	EXPECT_EQ(image.read_chunk(0, {}).error().code, Code::BAD_ARGUMENT);

	Exact_bytes const work(Engine::Image::LOOK_WORK);
	EXPECT_EQ(image.look({ work.bytes().base(), work.bytes().size() - 1 }).error().code,
			  Code::NO_SPACE);

	auto const sizes = image.look(work.bytes());
	ASSERT_FALSE(sizes.failed());
	Exact_bytes const directory(sizes->directory), manifest(sizes->manifest);

	/* each failure wants another look */
	auto const one_less = [](Bytes b) { return Bytes(b.base(), b.size() - 1); };
	EXPECT_EQ(image.open(one_less(directory.bytes()), manifest.bytes(), hash).code, Code::NO_SPACE);
	EXPECT_EQ(image.open(directory.bytes(), manifest.bytes(), hash).code, Code::BAD_STATE);
	ASSERT_FALSE(image.look(work.bytes()).failed());
	EXPECT_EQ(image.open(directory.bytes(), one_less(manifest.bytes()), hash).code, Code::NO_SPACE);
	EXPECT_FALSE(image.opened());
	ASSERT_FALSE(image.look(work.bytes()).failed());
	EXPECT_FALSE(image.open(directory.bytes(), manifest.bytes(), hash));
	EXPECT_TRUE(image.opened());
}

TEST(Engine_image_open, storage_section_of_another_number_of_dataspaces)
{
	auto const original = sample(Codec_id::RAW);
	std::uint64_t const table = get(original, original.size() - Trailer::SIZE + 16, 8);
	for (std::uint64_t size : { 0u, 56u, 112u, 167u }) {
		auto bytes = original;
		put(bytes, table + 2 * Section::ENTRY_SIZE + 16, 8, size);
		reseal(bytes);
		Verdict const host = host_verdict(bytes);
		EXPECT_EQ(host.code, Code::INVALID);
		EXPECT_EQ(engine_verdict(bytes), host) << size;
	}
}
