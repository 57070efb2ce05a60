/*
 * Memory by address in the engine, against libimage's address space
 */

#include <gtest/gtest.h>
#include <random>

#include "capimg/chain_contents.h"
#include "capimg/space_memory.h"
#include "libimage/address_space.h"
#include "libimage/compression.h"
#include "libimage/sha256.h"
#include "tests/support/engine_chain.h"
#include "tests/support/nested_maps.h"
#include "tests/support/verdict.h"

using namespace Capimg;
using namespace Capimg::Test;
using Engine::Address_piece;

namespace
{

/* an image with both views of its memory */
struct Both
{
	std::vector<std::byte> const bytes;
	Image const image;
	Address_space const host;
	Memory_source source;
	Sodium_sha256 hash {};
	Host_codec codec {};
	Opened_chain chain;
	Engine::Chain_contents contents;
	Engine::Space_memory engine;

	explicit Both(std::vector<std::byte> given)
		: bytes(std::move(given)),
		  image(open_image(bytes)),
		  host(image),
		  source(bytes),
		  chain({ &source }, &codec, hash),
		  contents(chain.chain()),
		  engine(chain.chain().newest().manifest(), 1, contents)
	{
		EXPECT_FALSE(chain.status) << chain.status.field;
		EXPECT_FALSE(engine.status());
	}

	std::vector<Address_space::Piece> stored_pieces() const
	{
		std::vector<Address_space::Piece> result;
		for (auto const &piece : host.pieces())
			if (image.object(piece.dataspace)->getDataspace().getStored()) result.push_back(piece);
		return result;
	}
};

/* neighbours joined */
std::vector<std::pair<std::uint64_t, std::uint64_t>> extents(Memory const &memory)
{
	std::vector<std::pair<std::uint64_t, std::uint64_t>> result;
	for (std::uint64_t at = 0;;) {
		Result<Extent> const extent = memory.extent_from(at);
		if (extent.failed()) {
			EXPECT_EQ(extent.error().code, Code::NOT_FOUND);
			return result;
		}
		EXPECT_GE(extent->addr, at);
		EXPECT_NE(extent->size, 0u);
		if (!result.empty() && result.back().second + 1 == extent->addr)
			result.back().second = extent->last();
		else
			result.emplace_back(extent->addr, extent->last());
		if (extent->last() == ~std::uint64_t(0)) return result;
		at = extent->last() + 1;
	}
}

void expect_same_read(Both const &both, std::uint64_t address, std::size_t size)
{
	Exact_bytes const expected(size), got(size);
	Status const host = both.host.read(address, expected.bytes());
	Status const engine = both.engine.read(address, got.bytes());
	ASSERT_EQ(verdict_of(engine), verdict_of(host)) << address << " " << size;
	if (!host) {
		ASSERT_EQ(Const_bytes(got.bytes()), Const_bytes(expected.bytes())) << address;
	}
}

}

class Engine_space_memory : public testing::TestWithParam<Codec_id>
{
  public:
	static std::vector<std::byte> image(unsigned seed)
	{
		Codec_id const codec = GetParam();
		return nested_maps(
			seed, { 4096, codec, std::int8_t(codec_levels(codec).usual), codec_version(codec), 6 });
	}
};

TEST_P(Engine_space_memory, same_pieces)
{
	std::size_t pieces = 0;
	for (unsigned seed = 0; seed < 300; seed++) {
		SCOPED_TRACE(seed);
		Both const both(image(seed));
		std::uint64_t at = 0;
		for (auto const &expected : both.stored_pieces()) {
			auto const piece = both.engine.piece_from(at);
			ASSERT_FALSE(piece.failed());
			ASSERT_EQ(piece->address, expected.address);
			ASSERT_EQ(piece->size, expected.size);
			ASSERT_EQ(piece->dataspace, expected.dataspace);
			ASSERT_EQ(piece->offset, expected.offset);
			pieces++;

			/* from the inside, and from its last byte */
			for (std::uint64_t in : { expected.size / 2, expected.size - 1 }) {
				auto const part = both.engine.piece_from(expected.address + in);
				ASSERT_FALSE(part.failed());
				ASSERT_EQ(part->address, expected.address + in);
				ASSERT_EQ(part->size, expected.size - in);
				ASSERT_EQ(part->offset, expected.offset + in);
			}
			at = expected.last() + 1;
			if (!at) break;
		}
		if (at || both.stored_pieces().empty()) {
			ASSERT_EQ(both.engine.piece_from(at).error().code, Code::NOT_FOUND);
		}
	}
	EXPECT_GT(pieces, 1000u);
}

TEST_P(Engine_space_memory, same_bytes_and_errors)
{
	for (unsigned seed = 0; seed < 100; seed++) {
		SCOPED_TRACE(seed);
		Both const both(image(seed));
		std::mt19937 random(seed);
		for (auto const &piece : both.host.pieces()) {
			for (unsigned i = 0; i < 4; i++) {
				std::uint64_t const at = piece.address + random() % piece.size;
				if (at > ~std::uint64_t(0) - 20000) continue;
				expect_same_read(both, at, 1 + random() % 16);
				expect_same_read(both, at, 1 + random() % 20000);
			}
			expect_same_read(both, piece.address, piece.size);
			if (piece.address) expect_same_read(both, piece.address - 1, 2);
			if (piece.last() + 1) expect_same_read(both, piece.last(), 2);
		}
		expect_same_read(both, random() % 100000, 0);
	}
}

TEST_P(Engine_space_memory, same_extents)
{
	for (unsigned seed = 0; seed < 200; seed++) {
		SCOPED_TRACE(seed);
		Both const both(image(seed));
		EXPECT_EQ(extents(both.engine), extents(both.host));
	}
}

INSTANTIATE_TEST_SUITE_P(all, Engine_space_memory, testing::Values(Codec_id::RAW, Codec_id::LZ4));

TEST(Engine_space_memory, end_of_the_address_space)
{
	/* a seed whose last page is mapped */
	for (unsigned seed = 0; seed < 100; seed++) {
		Both const both(nested_maps(seed));
		if (both.host.pieces().empty() || both.host.pieces().back().last() < ~0ull - 4096) continue;

		Address_space::Piece const &piece = both.host.pieces().back();
		Exact_bytes const out(100);
		Bytes const eight(out.bytes().base(), 8);
		std::uint64_t const last = piece.last();
		if (both.engine.read(last - 7, eight)) continue; /* not captured */
		EXPECT_EQ(both.engine.read(last - 6, eight).code, Code::ABSENT);
		EXPECT_EQ(both.engine.read(last, { out.bytes().base(), 100 }).code, Code::ABSENT);
		EXPECT_EQ(both.engine.piece_from(last)->size, 1u);
		return;
	}
	FAIL() << "no such image";
}

TEST(Engine_space_memory, no_pd_session_of_this_id)
{
	Both both(nested_maps(1));
	for (std::uint32_t id : { 0u, 2u, 3u, 999u }) {
		Engine::Space_memory const memory(both.chain.chain().newest().manifest(), id,
										  both.contents);
		EXPECT_EQ(memory.extent_from(0).error().code, Code::NOT_FOUND);
	}
}

TEST(Engine_space_memory, depth)
{
	Both const deepest(stacked_maps(Limit::MAX_REGION_MAP_DEPTH, 1, true));
	EXPECT_EQ(deepest.engine.piece_from(0)->size, 4096u);
	expect_same_read(deepest, 0, 4096);

	auto const deeper = stacked_maps(Limit::MAX_REGION_MAP_DEPTH + 1, 1, true);
	EXPECT_EQ(verdict_of([&] { Address_space const space(open_image(deeper)); }).code, Code::LIMIT);
	Memory_source source(deeper);
	Sodium_sha256 hash;
	Opened_chain chain({ &source }, nullptr, hash);
	ASSERT_FALSE(chain.status);
	Engine::Chain_contents contents(chain.chain());
	Engine::Space_memory const memory(chain.chain().newest().manifest(), 1, contents);
	Exact_bytes const out(1);
	EXPECT_EQ(memory.status().code, Code::LIMIT);
	EXPECT_EQ(memory.read(0, out.bytes()).code, Code::LIMIT);
	EXPECT_EQ(memory.piece_from(0).error().code, Code::LIMIT);
	EXPECT_EQ(memory.extent_from(0).error().code, Code::LIMIT);
}

/* 16 windows on 16 windows on …: no end would be in sight */
TEST(Engine_space_memory, windows_without_end)
{
	for (bool content : { false, true }) {
		auto const bytes = stacked_maps(12, 16, content);
		EXPECT_EQ(verdict_of([&] { Address_space const space(open_image(bytes)); }).code,
				  Code::LIMIT);
		Memory_source source(bytes);
		Sodium_sha256 hash;
		Opened_chain chain({ &source }, nullptr, hash);
		ASSERT_FALSE(chain.status);
		Engine::Chain_contents contents(chain.chain());
		Engine::Space_memory const memory(chain.chain().newest().manifest(), 1, contents);
		EXPECT_EQ(memory.status().code, Code::LIMIT);
	}

	Both const few(stacked_maps(4, 16, true));
	EXPECT_EQ(few.stored_pieces().size(), 16u * 16 * 16 * 16);
	EXPECT_EQ(extents(few.engine), extents(few.host));
}

TEST(Engine_chain_contents, arguments)
{
	Both both(nested_maps(3));
	auto const id = both.image.ranges().front().object;
	auto const size = both.image.ranges().front().size;
	Exact_bytes const out(2);
	Engine::Contents &contents = both.contents;

	EXPECT_EQ(contents.read(999, 0, out.bytes()).code, Code::NOT_FOUND);
	EXPECT_EQ(contents.read(2, 0, out.bytes()).code, Code::NOT_FOUND);
	EXPECT_EQ(contents.read(id, size - 1, out.bytes()).code, Code::TRUNCATED);
	EXPECT_EQ(contents.read(id, ~0ull, out.bytes()).code, Code::TRUNCATED);
	EXPECT_EQ(contents.write(id, 0, out.bytes()).code, Code::DENIED);
	EXPECT_EQ(both.engine.write(both.stored_pieces().front().address, out.bytes()).code,
			  Code::DENIED);
}
