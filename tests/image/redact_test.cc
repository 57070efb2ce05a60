/*
 * What is redacted is nowhere in the result, and nothing tells what it was
 */

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

#include "libimage/address_space.h"
#include "libimage/compression.h"
#include "libimage/image_error.h"
#include "libimage/provenance.h"
#include "libimage/redact.h"
#include "libimage/verify.h"
#include "tests/support/rounds.h"
#include "tests/support/scratch_directory.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using Bytes_vector = std::vector<std::byte>;
using Part = Redact_request::Part;

Bytes_vector redacted(Image const &image, Redact_request const &request,
					  Redaction::Report *report = nullptr)
{
	Redaction const redaction(image, request);
	if (report) *report = redaction.report();
	Memory_sink sink;
	(void)redaction.write(sink, { .threads = 1 });
	return sink.bytes();
}

bool holds(Bytes_vector const &bytes, std::span<std::byte const> piece)
{
	return std::search(bytes.begin(), bytes.end(), piece.begin(), piece.end()) != bytes.end();
}

bool holds(Bytes_vector const &bytes, std::uint64_t number)
{
	return holds(bytes, std::as_bytes(std::span(&number, 1)));
}

Bytes_vector contents(Image const &image, std::uint32_t dataspace)
{
	Dataspace_reader const reader(image, dataspace);
	Bytes_vector bytes(reader.size());
	(void)reader.read(0, bytes);
	return bytes;
}

Code code_of(std::function<void()> const &action)
{
	try {
		action();
	} catch (Image_error const &error) {
		return error.info().code;
	}
	return Code::OK;
}

std::vector<std::string> findings(Bytes_vector const &bytes)
{
	Scratch_directory scratch;
	Scratch_directory::write(scratch.path("a.img"), bytes);
	std::vector<std::string> result;
	Verify_report const report = verify(scratch.path("a.img"), {});
	for (Finding const &finding : report.findings) result.push_back(finding.message);
	return result;
}

Bytes_vector random_bytes(unsigned seed, std::size_t size)
{
	std::mt19937 random(seed);
	Bytes_vector bytes(size);
	for (std::byte &b : bytes) b = std::byte(1 + random() % 255);
	return bytes;
}

}

/* any ranges: absent exactly there, all else as it was, no trace in the file */
TEST(Redact, any_ranges_of_any_image)
{
	for (unsigned seed = 0; seed < rounds(150); seed++) {
		std::mt19937 random(seed);
		Small_image small;
		Profile &profile = small.head.profile;
		profile.codec = std::array { Codec_id::RAW, Codec_id::ZSTD, Codec_id::LZ4 }[seed % 3];
		profile.codec_version = codec_version(profile.codec);
		profile.dedup_log2 = std::uint8_t(seed % 2 ? 10 : 0);

		std::vector<Bytes_vector> memory;
		std::vector<std::vector<bool>> known;
		for (unsigned d = 0; d < 3; d++) {
			Pieces pieces;
			Bytes_vector bytes;
			std::vector<bool> k;
			for (unsigned i = 0; i < 6; i++) {
				std::size_t const size = 1 + random() % 9000;
				if (random() % 4 == 0) {
					pieces.absent(size);
					bytes.resize(bytes.size() + size);
					k.resize(k.size() + size, false);
				} else {
					Bytes_vector const piece = random_bytes(random(), size);
					pieces.bytes(piece);
					bytes.insert(bytes.end(), piece.begin(), piece.end());
					k.resize(k.size() + size, true);
				}
			}
			small.dataspaces.push_back(pieces);
			memory.push_back(bytes);
			known.push_back(k);
		}
		Image const image = open_image(small.write());

		Redact_request request;
		std::vector<std::vector<bool>> gone;
		for (auto const &k : known) gone.emplace_back(k.size(), false);
		for (unsigned i = 0; i < 4; i++) {
			unsigned const d = unsigned(random() % 3);
			std::uint64_t const offset = random() % memory[d].size();
			std::uint64_t const size =
				1 + random() % std::min<std::uint64_t>(12000, memory[d].size() - offset);
			request.parts.push_back({ 3 + d, offset, size });
			std::fill_n(gone[d].begin() + std::ptrdiff_t(offset), size, true);
		}
		Redaction::Report report;
		Bytes_vector const bytes = redacted(image, request, &report);
		Image const result = open_image(bytes);

		std::uint64_t lost = 0;
		for (unsigned d = 0; d < 3; d++) {
			Dataspace_reader const reader(result, 3 + d);
			Bytes_vector const now = contents(result, 3 + d);
			for (std::size_t at = 0; at < now.size(); at++) {
				auto const run = reader.run(at);
				ASSERT_EQ(run.known(), known[d][at] && !gone[d][at]) << seed << " " << at;
				if (gone[d][at]) {
					ASSERT_EQ(run.absent, Absent_reason::REDACTED);
				}
				ASSERT_EQ(now[at], run.known() ? memory[d][at] : std::byte(0));
				lost += known[d][at] && gone[d][at];
			}
		}
		ASSERT_EQ(report.bytes, lost);
		ASSERT_EQ(findings(bytes), std::vector<std::string>()) << seed;

		for (auto const &part : request.parts) {
			auto const what = std::span(memory[part.dataspace - 3]).subspan(part.offset, part.size);
			if (what.size() >= 16 && what[0] != std::byte(0) && what[7] != std::byte(0)) {
				ASSERT_FALSE(holds(bytes, what.first(8)));
			}
		}
	}
}

TEST(Redact, no_digest_of_what_is_gone)
{
	Small_image small;
	small.dataspaces.push_back(Pieces().random(3 * 4096, 1).random(5000, 2));
	small.sections.push_back({ Section_kind(0x10000), 0, random_bytes(9, 100) });
	Image const image = open_image(small.write());

	/* one whole block, and one in part */
	Redaction::Report report;
	Bytes_vector const bytes =
		redacted(image, { .parts = { { 3, 4096, 4096 }, { 3, 3 * 4096 + 100, 50 } } }, &report);
	for (std::uint64_t const n : { 1u, 3u }) {
		EXPECT_FALSE(holds(bytes, image.block(n).digest));
		EXPECT_FALSE(holds(bytes, image.block(n).stored_digest));
	}
	EXPECT_TRUE(holds(bytes, image.block(0).digest));
	EXPECT_FALSE(holds(bytes, image.directory().chunk(0).digest));
	EXPECT_FALSE(holds(bytes, image.directory().chunk(0).content_digest));
	EXPECT_FALSE(holds(bytes, std::as_bytes(std::span(image.trailer().state.bytes))));
	EXPECT_FALSE(holds(bytes, random_bytes(9, 100)));
	EXPECT_EQ(report.sections, 1u);

	Image const result = open_image(bytes);
	EXPECT_EQ(result.block(1).kind, Block_kind::ABSENT);
	EXPECT_EQ(result.block(1).absence, Block_absence::REDACTED);
	auto const last = Provenance_record::last(result);
	ASSERT_TRUE(last);
	EXPECT_EQ(last->action, "redact");
	EXPECT_EQ(last->source, State_digest());
}

/* the same bytes under other blocks' names are told of, or go as well */
TEST(Redact, same_blocks_elsewhere)
{
	for (std::uint8_t const dedup : { 0, 10 }) {
		Small_image small;
		small.head.profile.dedup_log2 = dedup;
		Bytes_vector const secret = random_bytes(7, 4096);
		small.dataspaces.push_back(Pieces().bytes(secret).random(4096, 1));
		small.dataspaces.push_back(Pieces().random(4096, 2).bytes(secret));
		Image const image = open_image(small.write());

		Redaction::Report report;
		Redact_request request { .parts = { { 3, 10, 100 } } };
		Bytes_vector bytes = redacted(image, request, &report);
		ASSERT_EQ(report.same.size(), 1u);
		EXPECT_EQ(report.same[0].dataspace, 4u);
		EXPECT_EQ(report.same[0].offset, 4096u + 10);
		EXPECT_EQ(report.same[0].size, 100u);
		EXPECT_TRUE(holds(bytes, secret));
		EXPECT_EQ(contents(open_image(bytes), 4), contents(image, 4));

		request.same = true;
		bytes = redacted(image, request, &report);
		EXPECT_TRUE(report.same.empty());
		EXPECT_FALSE(holds(bytes, std::span(secret).subspan(10, 100)));
		EXPECT_EQ(findings(bytes), std::vector<std::string>());
	}
}

/* in several dataspaces, across blocks, across dataspaces that regions show side by side */
TEST(Redact, patterns_wherever_they_are)
{
	std::string const text = "correct horse battery staple";
	auto const *const base = reinterpret_cast<std::byte const *>(text.data());
	Bytes_vector const secret(base, base + text.size());
	auto const with = [&](std::size_t at, std::size_t size, unsigned seed) {
		Bytes_vector bytes = random_bytes(seed, size);
		std::ranges::copy(secret, bytes.begin() + std::ptrdiff_t(at));
		return bytes;
	};
	Small_image small;
	for (unsigned i = 0; i < 3; i++)
		small.dataspaces.push_back(Pieces().bytes(with(4090 + i, 9000, i)));
	Image const image = open_image(small.write());

	Redaction::Report report;
	Bytes_vector const bytes =
		redacted(image, { .patterns = { Search_pattern::text(text) } }, &report);
	EXPECT_EQ(report.bytes, 3 * text.size());
	EXPECT_EQ(report.hits, 3u);
	EXPECT_FALSE(holds(bytes, secret));
	EXPECT_FALSE(holds(bytes, std::span(secret).first(8)));
	EXPECT_EQ(findings(bytes), std::vector<std::string>());
	EXPECT_EQ(code_of([&] {
				  redacted(image, { .patterns = { Search_pattern::text("nowhere at all") } });
			  }),
			  Code::NOT_FOUND);

	/* "small" is the component's name */
	Small_image named;
	named.dataspaces.push_back(Pieces().text("a small thing"));
	EXPECT_EQ(code_of([&] {
				  redacted(open_image(named.write()),
						   { .patterns = { Search_pattern::text("small") } });
			  }),
			  Code::INVALID);
}

TEST(Redact, addresses)
{
	Small_image small;
	small.dataspaces.push_back(Pieces().random(5000, 1));
	small.dataspaces.push_back(Pieces().random(5000, 2));
	Image const image = open_image(small.write());
	std::uint64_t const at = Small_image::address(1);

	Redaction::Report report;
	Image const result =
		open_image(redacted(image, { .addresses = { { at + 10, at + 19 } } }, &report));
	EXPECT_EQ(report.bytes, 10u);
	EXPECT_EQ(contents(result, 3), contents(image, 3));
	Dataspace_reader const reader(result, 4);
	EXPECT_TRUE(reader.run(9).known());
	EXPECT_FALSE(reader.run(10).known());
	EXPECT_TRUE(reader.run(20).known());
	EXPECT_EQ(code_of([&] { redacted(image, { .addresses = { { 16, 20 } } }); }), Code::NOT_FOUND);
	EXPECT_EQ(code_of([&] { redacted(image, { .parts = { { 3, 4999, 2 } } }); }), Code::NOT_FOUND);
	EXPECT_EQ(code_of([&] { redacted(image, { .parts = { { 99, 0, 1 } } }); }), Code::DANGLING);
}

/* a delta stays one; what is inherited stays in the parent, which is said */
TEST(Redact, of_a_delta)
{
	Small_image first;
	first.dataspaces.push_back(Pieces().random(4 * 4096, 7));
	auto const parent = std::make_shared<Image const>(open_image(first.write()));
	std::vector<std::uint64_t> digests;
	for (unsigned i = 0; i < 4; i++) digests.push_back(parent->block(i).digest);

	Small_image second;
	auto const *const state = reinterpret_cast<std::byte const *>(parent->trailer().state.bytes);
	second.parent_digest = { state, state + State_digest::SIZE };
	second.head.required_features = Feature::INHERITED;
	second.dataspaces.push_back(Pieces().random(4096, 1).inherited(0, digests));
	Image image = open_image(second.write());

	Redaction::Report report;
	EXPECT_EQ(code_of([&] { redacted(image, { .parts = { { 3, 5000, 10 } } }); }), Code::NO_PARENT);
	image.set_parent(parent);
	Image result =
		open_image(redacted(image, { .parts = { { 3, 5000, 10 }, { 3, 8192, 4096 } } }, &report));
	EXPECT_TRUE(report.in_parents);
	EXPECT_EQ(result.block(1).kind, Block_kind::RAW);
	EXPECT_EQ(result.block(2).kind, Block_kind::ABSENT);
	EXPECT_EQ(result.block(3).kind, Block_kind::INHERITED);
	result.set_parent(parent);
	Bytes_vector expected = contents(image, 3);
	std::fill_n(expected.begin() + 5000, 10, std::byte(0));
	std::fill_n(expected.begin() + 8192, 4096, std::byte(0));
	EXPECT_EQ(contents(result, 3), expected);

	(void)redacted(image, { .parts = { { 3, 0, 10 } } }, &report);
	EXPECT_FALSE(report.in_parents);
}
