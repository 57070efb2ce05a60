/*
 * Images that are cut, damaged, or made by somebody who can compute checksums
 */

#include <functional>
#include <gtest/gtest.h>

#include "libimage/address_space.h"
#include "libimage/compression.h"
#include "libimage/core/checksum.h"
#include "libimage/image_error.h"
#include "libimage/verify.h"
#include "tests/support/reseal.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

std::vector<std::byte> sample(Codec_id codec)
{
	Small_image image;
	image.head.profile = { 4096, codec, std::int8_t(codec_levels(codec).usual),
						   codec_version(codec), 6 };
	image.dataspaces.push_back(Pieces().random(300, 1));
	image.dataspaces.push_back(Pieces().text(std::string(5000, 'y')).zero(5000).absent(7000));
	image.dataspaces.push_back(Pieces().random(300, 1));
	image.sections.push_back({ Section_kind(0x12345), 0, { std::byte(1), std::byte(2) } });
	return image.write();
}

/* use everything; what is wrong shows as an exception or a finding */
bool accepted(std::span<std::byte const> bytes)
{
	Temporary_file const file(bytes);
	bool sound = false;
	try {
		Verify_options options;
		options.threads = 1;
		sound = verify(file.path(), options).sound();
	} catch (Image_error const &) {
	}
	try {
		Image const image(file.path());
		std::vector<std::byte> buffer(image.block_size());
		for (std::uint64_t n = 0; n < image.blocks() && n < 64; n++) try
			{
				image.read_block(n, buffer);
			} catch (Image_error const &) {
			}
		Address_space const space(image);
		for (std::uint64_t at = 0; at < 8; at++) {
			Result<Extent> const extent = space.extent_from(Small_image::address(at));
			if (extent.failed()) break;
		}
	} catch (Image_error const &) {
	}
	return sound;
}

class Hostile_image : public testing::TestWithParam<Codec_id>
{};

}

TEST_P(Hostile_image, sample_is_sound) { EXPECT_TRUE(accepted(sample(GetParam()))); }

TEST_P(Hostile_image, cut_at_every_byte)
{
	auto const bytes = sample(GetParam());
	std::size_t const step = bytes.size() > 8192 ? 7 : 1;

	for (std::size_t size = 0; size < bytes.size(); size += step) {
		std::span<std::byte const> const all(bytes);
		Temporary_file const file(all.first(size));
		EXPECT_THROW(Image { file.path() }, Image_error) << size;

		/* with a head it is an incomplete image, without one it is none */
		if (size < Head::SIZE) {
			EXPECT_THROW((void)verify(file.path(), {}), Image_error) << size;
		} else {
			Verify_report const report = verify(file.path(), {});
			ASSERT_FALSE(report.findings.empty()) << size;
			EXPECT_EQ(report.findings.front().check, "trailer") << size;
		}
	}
}

TEST_P(Hostile_image, every_byte_flipped)
{
	auto const original = sample(GetParam());
	auto bytes = original;

	for (std::size_t at = 0; at < bytes.size(); at++) {
		bytes[at] ^= std::byte(1 << (at % 8));
		EXPECT_FALSE(accepted(bytes)) << "byte " << at;
		bytes[at] = original[at];
	}
}

TEST_P(Hostile_image, extreme_values_with_matching_checksums)
{
	auto const original = sample(GetParam());
	static constexpr std::uint64_t EXTREMES[] { 0,          1,          0x7f,
												0xff,       0x7fffffff, 0xffffffff,
												1ull << 40, 1ull << 63, ~0ull };
	std::size_t const trailer = original.size() - Trailer::SIZE;
	std::size_t const data_end = get(original, trailer + 48, 8);

	auto const attack = [&](std::size_t at, unsigned width) {
		for (std::uint64_t value : EXTREMES) {
			auto bytes = original;
			put(bytes, at, width, value);
			reseal(bytes);
			(void)accepted(bytes); /* a clear error or none; never a crash */
		}
	};
	for (std::size_t at = 0; at < Head::SIZE; at += 4) attack(at, 4);
	for (std::size_t at = data_end; at < original.size(); at += 8) attack(at, 8);
	for (std::size_t at = data_end; at < original.size(); at += 4) attack(at, 2);

	/* the one chunk of the index stands at the end of the data area */
	Image const image = open_image(original);
	std::size_t const chunk = std::size_t(image.directory().chunk(0).offset);
	for (std::size_t at = chunk; at < data_end; at += 8) attack(at, 8);
	for (std::size_t at = chunk; at < data_end; at += 32) attack(at, 1);
	for (std::size_t at = chunk + 4; at < data_end; at += 32) attack(at, 4);
}

INSTANTIATE_TEST_SUITE_P(all, Hostile_image,
						 testing::Values(Codec_id::RAW, Codec_id::ZSTD, Codec_id::LZ4));

namespace
{

/* message of the first finding or exception after a change with matching checksums */
std::string complaint(std::function<void(std::vector<std::byte> &, std::size_t trailer)> change)
{
	auto bytes = sample(Codec_id::ZSTD);
	change(bytes, bytes.size() - Trailer::SIZE);
	reseal(bytes);
	Temporary_file const file(bytes);
	try {
		Verify_report const report = verify(file.path(), {});
		if (report.sound()) return "sound";
		Finding const &first = report.findings.front();
		return first.check + ": " + first.field;
	} catch (Image_error const &error) {
		return error.info().field;
	}
}

std::size_t chunk_at(std::vector<std::byte> const &bytes)
{
	return std::size_t(open_image(bytes).directory().chunk(0).offset);
}

}

TEST(Hostile_image, errors_name_the_field)
{
	using Bytes_ref = std::vector<std::byte> &;

	EXPECT_EQ(complaint([](Bytes_ref b, std::size_t) { put(b, 16, 8, 1 << 20); }),
			  "head.requiredFeatures");
	EXPECT_EQ(complaint([](Bytes_ref b, std::size_t) { put(b, 8, 2, 2); }), "head.major");
	EXPECT_EQ(complaint([](Bytes_ref b, std::size_t) { put(b, 32, 1, 2); }),
			  "head.byteOrder (big-endian)");
	EXPECT_EQ(complaint([](Bytes_ref b, std::size_t) { put(b, 40, 4, 4097); }), "head.blockSize");
	EXPECT_EQ(complaint([](Bytes_ref b, std::size_t t) { put(b, t + 40, 8, 1ull << 31); }),
			  "trailer: trailer.blockCount");
	EXPECT_EQ(complaint([](Bytes_ref b, std::size_t t) { put(b, t + 40, 8, 2000); }),
			  "manifest: directory size");

	/* blocks that overlap, or lie outside */
	EXPECT_EQ(complaint([](Bytes_ref b, std::size_t) {
				  std::size_t const chunk = chunk_at(b);
				  put(b, chunk + 32 + 8, 8, get(b, chunk + 8, 8));
			  }),
			  "index: block.offset");
	EXPECT_EQ(complaint([](Bytes_ref b, std::size_t) { put(b, chunk_at(b) + 8, 8, b.size()); }),
			  "index: block.offset");

	/* a block that is the same as itself, and one that repeats what is not stored */
	EXPECT_EQ(complaint([](Bytes_ref b, std::size_t) {
				  std::size_t const last = chunk_at(b) + 6 * 32;
				  put(b, last + 8, 8, 6);
			  }),
			  "index: block.sameAs");
	EXPECT_EQ(complaint([](Bytes_ref b, std::size_t) {
				  std::size_t const last = chunk_at(b) + 6 * 32;
				  put(b, last + 8, 8, 3);
			  }),
			  "index: block.sameAs");
}

TEST(Hostile_image, decompression_bomb)
{
	/* a zstd frame of 1 MiB of zeros in the place of one of 4096 bytes */
	Small_image small;
	small.head.profile = { 4096, Codec_id::ZSTD, 1, codec_version(Codec_id::ZSTD), 0 };
	small.dataspaces.push_back(Pieces().random(2048, 1).zero(2048));
	auto bytes = small.write();

	Compressor compressor(Codec_id::ZSTD, 1);
	std::vector<std::byte> const zeros(1 << 20);
	std::vector<std::byte> bomb(zeros.size());
	std::size_t const size = compressor.compress(zeros, bomb);

	/* the frame, padded by a skippable one to the size of what it replaces */
	std::size_t const chunk = chunk_at(bytes);
	std::size_t const stored = get(bytes, chunk + 4, 4), where = get(bytes, chunk + 8, 8);
	ASSERT_GT(stored, size + 8);
	std::copy_n(bomb.begin(), size, bytes.begin() + std::ptrdiff_t(where));
	put(bytes, where + size, 4, 0x184d2a50);
	put(bytes, where + size + 4, 4, stored - size - 8);
	put(bytes, chunk + 16, 8, checksum({ bytes.data() + where, stored }));
	reseal(bytes);

	Image const image = open_image(bytes);
	std::vector<std::byte> buffer(4096);
	try {
		image.read_block(0, buffer);
		FAIL() << "the bomb was accepted";
	} catch (Image_error const &error) {
		EXPECT_EQ(error.info().code, Code::DAMAGED);
		EXPECT_EQ(error.info().field, "zstd frame");
	}
	EXPECT_FALSE(accepted(bytes));
}

TEST(Hostile_image, small_file_cannot_claim_a_lot)
{
	/* all blocks of 4 TiB in one dataspace, in a file without a directory for them */
	auto bytes = sample(Codec_id::RAW);
	put(bytes, bytes.size() - Trailer::SIZE + 40, 8, Limit::MAX_BLOCKS);
	reseal(bytes);
	Temporary_file const file(bytes);
	EXPECT_THROW(Image { file.path() }, Image_error);
}
