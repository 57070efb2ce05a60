/*
 * The engine's writer makes the bytes that libimage's makes of the same state and profile
 */

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/engine/written_image.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

struct Written_profile
{
	Codec_id codec;
	std::uint32_t block_size;
};

Profile profile_of(Written_profile const &p)
{
	return { p.block_size, p.codec, std::int8_t(codec_levels(p.codec).usual),
			 codec_version(p.codec), 0 };
}

Pieces any_pieces(std::uint32_t block_size)
{
	Pieces pieces;
	unsigned const count = *rc::gen::inRange(1, 7);
	for (unsigned i = 0; i < count; i++) {
		std::uint64_t const blocks = *rc::gen::inRange<std::uint64_t>(0, 5);
		std::uint64_t const odd = *rc::gen::element<std::uint64_t>(0, 0, 1, 1000, 4095);
		std::uint64_t const size = std::max<std::uint64_t>(1, blocks * block_size + odd);
		switch (*rc::gen::inRange(0, 5)) {
		case 0: pieces.zero(size); break;
		case 1: pieces.absent(size); break;
		case 2: pieces.absent(size, Absent_reason::REDACTED); break;
		case 3: pieces.text(std::string(size, char(*rc::gen::inRange(1, 100)))); break;
		default: pieces.random(size, *rc::gen::arbitrary<unsigned>()); break;
		}
	}
	return pieces;
}

void expect_equal(std::vector<std::byte> const &host, bool zeros_as_bytes)
{
	Image const image = open_image(host);
	Written_image written(image);
	Status const status = written.replay({}, zeros_as_bytes);
	ASSERT_FALSE(status) << error_text(status.code) << " " << status.field;
	EXPECT_EQ(written.writer.state(), Engine::Writer::State::SEALED);
	EXPECT_EQ(written.writer.digest(), image.trailer().state);
	EXPECT_EQ(written.writer.size(), host.size());
	ASSERT_TRUE(written.sink.bytes() == host);
}

class Engine_writer_profiles : public testing::TestWithParam<Written_profile>
{};

}

RC_GTEST_PROP(Engine_writer, equals_libimage, ())
{
	auto const codec = *rc::gen::element(Codec_id::RAW, Codec_id::ZSTD, Codec_id::LZ4);
	auto const block_size = *rc::gen::element(4096u, 8192u, 32768u, 65536u);

	Small_image small;
	small.head.profile = profile_of({ codec, block_size });
	unsigned const count = *rc::gen::inRange(0, 5);
	for (unsigned i = 0; i < count; i++) small.dataspaces.push_back(any_pieces(block_size));
	auto const host = small.write();

	Image const image = open_image(host);
	Written_image written(image);
	RC_ASSERT(!written.replay({}, *rc::gen::arbitrary<bool>()));
	RC_ASSERT(written.sink.bytes() == host);
}

/* more than one chunk, chunks that are uniform and some that are not */
TEST_P(Engine_writer_profiles, chunks)
{
	std::uint64_t const block = GetParam().block_size;
	Small_image small;
	small.head.profile = profile_of(GetParam());
	small.dataspaces.push_back(Pieces().zero(1000 * block));
	small.dataspaces.push_back(Pieces().zero(24 * block).absent(1024 * block).random(100, 1));
	small.dataspaces.push_back(
		Pieces().random(block, 2).absent(1023 * block).absent(1000 * block, Absent_reason::IN_ROM));
	expect_equal(small.write(), false);
	expect_equal(small.write(), true);
}

INSTANTIATE_TEST_SUITE_P(profiles, Engine_writer_profiles,
						 testing::Values(Written_profile { Codec_id::RAW, 4096 },
										 Written_profile { Codec_id::ZSTD, 4096 },
										 Written_profile { Codec_id::LZ4, 4096 },
										 Written_profile { Codec_id::RAW, 65536 },
										 Written_profile { Codec_id::ZSTD, 65536 },
										 Written_profile { Codec_id::LZ4, 65536 }));

/* blocks of 1 MiB, with the working memory that they need, and not with less */
TEST(Engine_writer, large_blocks)
{
	Small_image small;
	small.head.profile = profile_of({ Codec_id::LZ4, 1024 * 1024 });
	small.dataspaces.push_back(
		Pieces().text(std::string(1024 * 1024, 'x')).zero(1024 * 1024).random(1234567, 1));
	auto const host = small.write();
	Image const image = open_image(host);

	std::size_t const need = Engine::Writer::work_size(1024 * 1024);
	for (std::size_t const missing : { std::size_t(0), std::size_t(1) }) {
		Guarded_memory directory(Engine::Writer::directory_size(image.blocks(), 1));
		Guarded_memory work(need - missing);
		Host_encoder encoder(Codec_id::LZ4, image.head().profile.level);
		Sodium_sha256 hash;
		Vector_sink sink;
		Engine::Writer writer(plain_head(image), { {}, directory.bytes(), work.bytes() }, sink,
							  hash, &encoder);
		ASSERT_FALSE(writer.manifest(to_core(image.manifest_bytes())));
		Status const status = writer.begin_blocks({});
		ASSERT_EQ(status.code, missing ? Code::NO_SPACE : Code::OK);
		if (missing) break;

		std::vector<std::byte> buffer(1024 * 1024);
		for (std::uint64_t n = 0; n < image.blocks(); n++)
			ASSERT_FALSE(writer.block(to_core(image.read_block(n, buffer))));
		ASSERT_FALSE(writer.seal());
		EXPECT_TRUE(sink.bytes() == host);
	}
}
