/*
 * The same state in another profile, and in another version of the format
 */

#include <gtest/gtest.h>

#include <capnp/message.h>

#include "libimage/compression.h"
#include "libimage/convert.h"
#include "libimage/image_copy.h"
#include "libimage/image_error.h"
#include "libimage/verify.h"
#include "tests/support/reseal.h"
#include "tests/support/rounds.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using Bytes_vector = std::vector<std::byte>;

/* as offsets in docs/FORMAT.md */
constexpr std::size_t MINOR = 10, OPTIONAL = 24, RESERVED = 120, STATE = 56;

Profile profile_of(Codec_id codec, std::uint32_t block_size)
{
	return { block_size, codec, std::int8_t(codec_levels(codec).usual), codec_version(codec), 8 };
}

/* known and absent memory that begins and ends within blocks of any size */
Small_image sample(Profile const &profile)
{
	Small_image small;
	small.head.profile = profile;
	small.dataspaces.push_back(Pieces().random(100'000, 1).absent(50'000).zero(30'000));
	small.dataspaces.push_back(
		Pieces().absent(3000).text(std::string(70'000, 'x')).absent(1, Absent_reason::IN_ROM));
	small.dataspaces.push_back(Pieces()
								   .random(4096, 2)
								   .absent(9, Absent_reason::IN_ROM)
								   .absent(9000, Absent_reason::REDACTED));
	small.dataspaces.push_back(Pieces().zero(300'000));
	return small;
}

Bytes_vector converted(Bytes_vector const &bytes, Convert_options options)
{
	Image const image = open_image(bytes);
	if (!options.profile.codec_version && options.profile == Profile())
		options.profile = image.head().profile;
	Memory_sink sink;
	options.writer.threads = 2;
	(void)convert(image, sink, options);
	return sink.bytes();
}

Code code_of(Bytes_vector const &bytes, Convert_options const &options)
{
	try {
		(void)converted(bytes, options);
	} catch (Image_error const &error) {
		return error.info().code;
	}
	return Code::OK;
}

}

TEST(Convert, other_blocks_give_the_state_of_a_new_image)
{
	for (Codec_id codec : { Codec_id::RAW, Codec_id::ZSTD, Codec_id::LZ4 })
		for (std::uint32_t from : { 4096u, 8192u, 65536u, 1u << 20 })
			for (std::uint32_t to : { 4096u, 16384u, 65536u, 1u << 20 }) {
				Profile const target = profile_of(codec, to);
				auto const result = converted(sample(profile_of(Codec_id::RAW, from)).write(),
											  { .profile = target });
				auto const expected = sample(target).write();
				Image const image = open_image(result), direct = open_image(expected);
				EXPECT_EQ(image.trailer().state, direct.trailer().state) << from << " to " << to;
				EXPECT_TRUE(std::ranges::equal(image.manifest_bytes(), direct.manifest_bytes()));
				EXPECT_EQ(image.has_provenance(), from != to);
				if (from == to) {
					EXPECT_EQ(result, expected);
				}

				Temporary_file const file(result);
				EXPECT_TRUE(verify(file.path(), {}).sound());
			}
}

TEST(Convert, records_are_kept_and_say_what_it_was_made_from)
{
	auto const first = sample(profile_of(Codec_id::RAW, 4096)).write();
	auto const second = converted(first, { .profile = profile_of(Codec_id::RAW, 8192) });
	auto const third = converted(second, { .profile = profile_of(Codec_id::LZ4, 16384) });
	Image const image = open_image(third);

	auto const records = image.provenance().getRecords();
	ASSERT_EQ(records.size(), 2u);
	Image const sources[] { open_image(first), open_image(second) };
	for (unsigned i = 0; i < 2; i++) {
		EXPECT_EQ(records[i].getAction(), "convert");
		auto const source = records[i].getSource();
		EXPECT_EQ(Const_bytes(source.begin(), source.size()),
				  Const_bytes(sources[i].trailer().state.bytes, State_digest::SIZE));
	}

	/* records are carried along where none is added */
	Image const same =
		open_image(converted(third, { .profile = profile_of(Codec_id::RAW, 16384) }));
	EXPECT_EQ(same.provenance().getRecords().size(), 2u);
	EXPECT_EQ(same.trailer().state, image.trailer().state);
}

TEST(Convert, newer_version_becomes_an_older_one_if_nothing_is_lost)
{
	Bytes_vector newer = sample({}).write();
	put(newer, MINOR, 2, 7);
	reseal(newer);

	Image const kept = open_image(converted(newer, {}));
	EXPECT_EQ(kept.head().minor, 7u);
	Bytes_vector const older = converted(newer, { .minor = 0 });
	EXPECT_EQ(older, sample({}).write());

	for (std::size_t const at : { OPTIONAL, RESERVED, RESERVED + 127 }) {
		Bytes_vector more = newer;
		put(more, at, 1, 1);
		reseal(more);
		EXPECT_EQ(converted(more, {}), more) << at;
		EXPECT_EQ(code_of(more, { .minor = 0 }), Code::UNSUPPORTED) << at;
	}

	Small_image with_sections = sample({});
	with_sections.sections.push_back({ Section_kind(0x10000), 0, { std::byte(1) } });
	newer = with_sections.write();
	put(newer, MINOR, 2, 7);
	reseal(newer);
	EXPECT_EQ(code_of(newer, { .minor = 0 }), Code::OK);

	with_sections.sections.push_back({ Section_kind(5), 0, { std::byte(1) } });
	newer = with_sections.write();
	EXPECT_EQ(converted(newer, { .minor = 0 }), newer); /* an optional section of nobody's */
	put(newer, MINOR, 2, 7);
	reseal(newer);
	EXPECT_EQ(code_of(newer, { .minor = 0 }), Code::UNSUPPORTED);
}

TEST(Convert, damage_is_refused_or_found_later)
{
	/* blocks that are copied are not looked at: their digests go along */
	for (Codec_id codec : { Codec_id::RAW, Codec_id::LZ4 }) {
		Small_image small;
		small.head.profile = profile_of(codec, 4096);
		small.dataspaces.push_back(Pieces().random(2000, 1).zero(6000).absent(5000));
		small.dataspaces.push_back(Pieces().random(2000, 1).text(std::string(9000, 'x')));
		auto const original = small.write();
		auto bytes = original;

		for (std::size_t at = 0; at < bytes.size(); at += 29) {
			bytes[at] ^= std::byte(1 << at % 8);
			try {
				auto const same = converted(bytes, {});
				auto const other =
					converted(bytes, { .profile = profile_of(Codec_id::ZSTD, 4096) });
				/* padding is made anew */
				Temporary_file const file(same);
				EXPECT_NE(verify(file.path(), {}).sound(), same != original) << at;
				EXPECT_EQ(open_image(other).trailer().state, open_image(original).trailer().state);
			} catch (Image_error const &) {
			}
			bytes[at] = original[at];
		}
	}
}

TEST(Convert, extreme_values_with_matching_checksums)
{
	auto const original = sample(profile_of(Codec_id::LZ4, 4096)).write();
	Image const image = open_image(original);
	std::size_t const data_end = image.trailer().data_end;
	std::size_t const chunk = image.directory().chunk(0).offset;

	/* no crash, no hang; a clear error or an image */
	auto const attack = [&](std::size_t at, unsigned width) {
		for (std::uint64_t value : { 0ull, 1ull, 6ull, 0x7fffffffull, ~0ull }) {
			auto bytes = original;
			put(bytes, at, width, value);
			reseal(bytes);
			(void)code_of(bytes, {});
			(void)code_of(bytes, { .profile = profile_of(Codec_id::RAW, 8192) });
		}
	};
	for (std::size_t at = chunk; at < data_end; at += sparse(8)) attack(at, at % 32 ? 8 : 1);
	std::size_t const manifest = image.sections()[1].offset;
	for (std::size_t at = manifest; at < original.size() - 8; at += sparse(24)) attack(at, 8);
}

TEST(Convert, image_with_a_wrong_state_digest)
{
	Bytes_vector bytes = sample({}).write();
	put(bytes, bytes.size() - Trailer::SIZE + STATE, 1, 0x55);
	reseal(bytes);
	EXPECT_EQ(code_of(bytes, { .profile = profile_of(Codec_id::ZSTD, 4096) }), Code::INCONSISTENT);
}

TEST(Convert, newer_reason_of_absence)
{
	/* in the manifest only: with the same blocks it is carried along */
	Small_image small;
	small.dataspaces.push_back(Pieces().random(100, 1).absent(100, Absent_reason::REDACTED));
	auto const bytes = small.write();
	Image const image = open_image(bytes);

	capnp::MallocMessageBuilder message;
	message.setRoot(image.manifest());
	auto manifest = message.getRoot<Schema::Manifest>();
	auto absent = manifest.getObjects()[2].getDataspace().getAbsent();
	ASSERT_EQ(absent.size(), 1u);
	absent[0].setReason(Schema::AbsentReason(9));

	Memory_sink sink;
	Image_copy { .image = image, .manifest = &manifest }.write(sink);
	EXPECT_EQ(code_of(sink.bytes(), { .profile = profile_of(Codec_id::LZ4, 4096) }), Code::OK);
	EXPECT_EQ(code_of(sink.bytes(), { .profile = profile_of(Codec_id::RAW, 8192) }),
			  Code::UNSUPPORTED);
}
