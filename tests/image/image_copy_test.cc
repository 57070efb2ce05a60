/*
 * A copy of an image is what the writer would have made of the same state
 */

#include <gtest/gtest.h>
#include <random>
#include <sys/mman.h>
#include <unistd.h>

#include "libimage/block_batch.h"
#include "libimage/compression.h"
#include "libimage/image_copy.h"
#include "libimage/image_error.h"
#include "libimage/output_file.h"
#include "libimage/verify.h"
#include "tests/support/reseal.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using Bytes_vector = std::vector<std::byte>;

Profile profile_of(Codec_id codec, std::uint32_t block_size, std::uint8_t dedup)
{
	return { block_size, codec, std::int8_t(codec_levels(codec).usual), codec_version(codec),
			 dedup };
}

Bytes_vector copied(Image_copy const &copy)
{
	Memory_sink sink;
	copy.write(sink);
	return sink.bytes();
}

/*
 * Memory made of few different blocks, so that there are many duplicates; the same numbers
 * give the same bytes. Compressible and incompressible ones, zero, absent, absent in part
 */
class Model
{
	static constexpr unsigned ZERO = 0, ABSENT = 1, PART = 2, FIRST = 3;
	std::vector<std::vector<unsigned>> _dataspaces {};
	std::vector<std::uint32_t> _tails {}; /* bytes of the last block */
	std::mt19937 _random;
	unsigned _kinds;

  public:
	static constexpr std::uint32_t BLOCK = 4096;

	explicit Model(unsigned seed) : _random(seed), _kinds(FIRST + 1 + seed % 13)
	{
		unsigned const dataspaces = 1 + _random() % 4;
		for (unsigned i = 0; i < dataspaces; i++) {
			/* now and then more than a chunk */
			std::vector<unsigned> blocks(1 + _random() % (_random() % 8 ? 40 : 1500));
			for (unsigned &block : blocks) block = _random() % _kinds;
			_dataspaces.push_back(std::move(blocks));
			_tails.push_back(_random() % 2 ? BLOCK : 1 + _random() % BLOCK);
		}
	}

	static Bytes_vector content(unsigned kind, std::uint32_t size)
	{
		Bytes_vector bytes(size);
		std::mt19937 random(kind);
		/* every second kind compresses */
		std::size_t const different = kind % 2 ? size : size / 4;
		for (std::size_t i = 0; i < different; i++) bytes[i] = std::byte(random() | 1);
		return bytes;
	}

	Small_image image(Profile const &profile) const
	{
		Small_image image;
		image.head.profile = profile;
		image.sections.push_back({ Section_kind(0x12345), 0, { std::byte(1), std::byte(2) } });
		for (std::size_t i = 0; i < _dataspaces.size(); i++) {
			Pieces pieces;
			for (std::size_t k = 0; k < _dataspaces[i].size(); k++) {
				std::uint32_t const size = k + 1 == _dataspaces[i].size() ? _tails[i] : BLOCK;
				switch (_dataspaces[i][k]) {
				case ZERO: pieces.zero(size); break;
				case ABSENT: pieces.absent(size, Absent_reason::REDACTED); break;
				case PART:
					if (size == 1)
						pieces.absent(size);
					else
						pieces.bytes(content(PART, size / 2)).absent(size - size / 2);
					break;
				default: pieces.bytes(content(_dataspaces[i][k], size));
				}
			}
			image.dataspaces.push_back(std::move(pieces));
		}
		return image;
	}

	/* change some blocks, here and in 'patched'; also to what others have, and to zero */
	void patch(Patched_blocks &patched)
	{
		std::uint64_t number = 0;
		for (std::size_t i = 0; i < _dataspaces.size(); i++)
			for (std::size_t k = 0; k < _dataspaces[i].size(); k++, number++) {
				unsigned &kind = _dataspaces[i][k];
				if (_random() % 8 || kind == PART) continue;

				unsigned const fresh = _random() % (_kinds + 2);
				if (fresh == ABSENT || fresh == PART) continue;
				kind = fresh;
				std::uint32_t const size = k + 1 == _dataspaces[i].size() ? _tails[i] : BLOCK;
				patched.patch(number, fresh == ZERO ? Bytes_vector(size) : content(fresh, size));
			}
	}
};

struct Case
{
	Codec_id codec;
	std::uint32_t block_size;
	std::uint8_t dedup;

	Profile profile() const { return profile_of(codec, block_size, dedup); }
};

constexpr Case CASES[] { { Codec_id::RAW, 4096, 0 },   { Codec_id::RAW, 4096, 10 },
						 { Codec_id::RAW, 4096, 2 },   { Codec_id::ZSTD, 4096, 0 },
						 { Codec_id::ZSTD, 4096, 10 }, { Codec_id::ZSTD, 4096, 2 },
						 { Codec_id::LZ4, 4096, 0 },   { Codec_id::LZ4, 4096, 10 },
						 { Codec_id::RAW, 16384, 6 },  { Codec_id::ZSTD, 65536, 6 } };

class Copies : public testing::TestWithParam<Case>
{};

}

TEST_P(Copies, unchanged_image_is_identical)
{
	for (unsigned seed = 0; seed < 12; seed++) {
		auto const bytes = Model(seed).image(GetParam().profile()).write();
		Image const image = open_image(bytes);
		for (unsigned threads : { 1u, 3u })
			EXPECT_EQ(copied({ .image = image, .threads = threads }), bytes) << seed;
	}
}

TEST_P(Copies, patched_image_is_what_the_writer_makes)
{
	/* patches are in the model's blocks */
	Profile profile = GetParam().profile();
	profile.block_size = Model::BLOCK;

	for (unsigned seed = 100; seed < 140; seed++) {
		Model model(seed);
		Image const image = open_image(model.image(profile).write());
		Patched_blocks patched;
		model.patch(patched);
		auto const expected = model.image(profile).write();
		for (unsigned threads : { 1u, 3u })
			EXPECT_EQ(copied({ .image = image, .patched = &patched, .threads = threads }), expected)
				<< seed;
	}
}

TEST_P(Copies, every_profile_from_every_other)
{
	for (Case const &from : CASES)
		for (unsigned seed = 200; seed < 203; seed++) {
			Model const model(seed);
			Image const image = open_image(model.image(from.profile()).write());
			auto const expected = model.image(GetParam().profile()).write();
			EXPECT_EQ(copied({ .image = image, .profile = GetParam().profile(), .threads = 2 }),
					  expected)
				<< seed << " from " << codec_name(from.codec) << " " << from.block_size;
		}
}

INSTANTIATE_TEST_SUITE_P(profiles, Copies, testing::ValuesIn(CASES));

namespace
{

/* block 'n' of an image with other bytes */
Bytes_vector changed(std::uint64_t n, std::uint32_t size = 4096)
{
	return Model::content(unsigned(1000 + n), size);
}

/* an image whose parent has 'blocks' blocks, and inherits all of them behind one of its own */
struct Family
{
	std::shared_ptr<Image const> parent;
	Small_image child {};

	explicit Family(unsigned blocks, bool aligned)
	{
		Small_image small;
		small.dataspaces.push_back(Pieces().random(blocks * 4096ull, 7).zero(4096));
		parent = std::make_shared<Image const>(open_image(small.write()));

		std::vector<std::uint64_t> digests;
		for (unsigned i = 0; i < blocks; i++) digests.push_back(parent->block(i).digest);

		auto const *const state =
			reinterpret_cast<std::byte const *>(parent->trailer().state.bytes);
		child.parent_digest = { state, state + State_digest::SIZE };
		child.head.required_features = Feature::INHERITED;
		Pieces pieces;
		if (!aligned) pieces.random(4096, 9);
		child.dataspaces.push_back(pieces.inherited(0, digests).random(100, 3));
	}
};

Code code_of(std::function<void()> const &action)
{
	try {
		action();
	} catch (Image_error const &error) {
		return error.info().code;
	}
	return Code::OK;
}

}

TEST(Image_copy, inherited_chunks_are_carried_without_the_parent)
{
	for (bool aligned : { false, true }) {
		Family const family(2500, aligned);
		auto const bytes = family.child.write();
		Image image = open_image(bytes);
		EXPECT_EQ(copied({ .image = image }), bytes);
		image.set_parent(family.parent);
		EXPECT_EQ(copied({ .image = image }), bytes);
	}
}

TEST(Image_copy, change_within_an_inherited_chunk_needs_the_parent)
{
	Family const family(2500, true);
	Image image = open_image(family.child.write());
	ASSERT_EQ(image.directory().chunk(1).uniform, Block_kind::INHERITED);

	Patched_blocks patched;
	patched.patch(1500, changed(1500));
	EXPECT_EQ(code_of([&] { copied({ .image = image, .patched = &patched }); }), Code::NO_PARENT);

	image.set_parent(family.parent);
	Image const copy = open_image(copied({ .image = image, .patched = &patched }));
	EXPECT_EQ(copy.block(1500).kind, Block_kind::RAW);
	EXPECT_EQ(copy.block(1501).kind, Block_kind::INHERITED);
	EXPECT_EQ(copy.block(1501).digest, family.parent->block(1501).digest);
}

TEST(Image_copy, whole_takes_blocks_of_the_parents)
{
	Family const family(2500, true);
	Image image = open_image(family.child.write());
	EXPECT_EQ(code_of([&] { copied({ .image = image, .whole = true }); }), Code::NO_PARENT);

	image.set_parent(family.parent);
	Image const copy = open_image(copied({ .image = image, .whole = true }));
	EXPECT_FALSE(copy.head().required_features & Feature::INHERITED);
	Bytes_vector buffer(4096), other(4096);
	for (std::uint64_t n : { 0, 1023, 1024, 2499 })
		EXPECT_TRUE(
			std::ranges::equal(copy.read_block(n, buffer), family.parent->read_block(n, other)));
}

TEST(Image_copy, sections_may_depend_on_the_state)
{
	Model const model(1);
	Image const image = open_image(model.image({}).write());
	State_digest seen;
	Image_copy copy { .image = image };
	copy.sections = [&](State_digest const &state, Image_copy::Sections sections) {
		seen = state;
		EXPECT_EQ(sections.size(), 1u);
		sections.clear();
		return sections;
	};
	Image const result = open_image(copied(copy));
	EXPECT_EQ(result.sections().size(), 3u);
	EXPECT_EQ(result.trailer().state, image.trailer().state);
	EXPECT_EQ(seen, image.trailer().state);
}

TEST(Image_copy, other_version_of_the_codec)
{
	/* blocks are compressed anew, as the profile of the copy says */
	Model const model(1);
	Profile const here = profile_of(Codec_id::ZSTD, 4096, 8);
	Profile older = here;
	older.codec_version = 10000;
	Image const image = open_image(model.image(older).write());
	EXPECT_EQ(Image_copy::profile_of(image), here);
	EXPECT_FALSE(Image_copy::codec_warning(image, here).empty());
	EXPECT_TRUE(Image_copy::codec_warning(image, older).empty());
	EXPECT_EQ(copied({ .image = image }), model.image(here).write());
}

TEST(Image_copy, contents_that_are_not_those_of_the_index)
{
	/* the digest of a block is believed, the content digest of the chunk is compared */
	auto bytes = Model(1).image({}).write();
	{
		Image const image = open_image(bytes);
		std::size_t const directory = image.sections()[0].offset;
		put(bytes, directory + 24, 8, 1);
	}
	reseal(bytes);
	Image const image = open_image(bytes);
	EXPECT_EQ(code_of([&] { copied({ .image = image }); }), Code::DAMAGED);
}

TEST(Image_copy, stored_zeros_become_a_block_of_zeros)
{
	Small_image small;
	small.dataspaces.push_back(Pieces().random(2 * 4096, 1));
	auto bytes = small.write();
	Image const original = open_image(bytes);
	std::size_t const chunk = original.directory().chunk(0).offset;
	std::size_t const where = original.block(1).where;

	/* another writer's image: zeros stored as they are */
	std::fill_n(bytes.begin() + std::ptrdiff_t(where), 4096, std::byte(0));
	std::uint64_t const zero = Zero_digest(4096).of(4096);
	put(bytes, chunk + 32 + 16, 8, zero);
	put(bytes, chunk + 32 + 24, 8, zero);
	Content_record record;
	record.add(original.block(0));
	Block second;
	second.digest = zero;
	record.add(second);
	put(bytes, original.sections()[0].offset + 24, 8, record.digest());
	reseal(bytes);

	Image const copy = open_image(copied({ .image = open_image(bytes) }));
	EXPECT_EQ(copy.block(1).kind, Block_kind::ZERO);
}

TEST(Output_file, copies_ranges_of_files)
{
	Bytes_vector const bytes = Model::content(5, 1 << 20);
	Temporary_file const source(bytes), target({});
	{
		Mapped_file const file(source.path());
		Output_file output(target.path(), false);
		output.append(std::span(bytes).first(10));
		output.copy(file, 4096, 500'000);
		output.append(std::span(bytes).first(3));
		output.copy(file, 1, 0);
		output.commit();
	}
	Bytes_vector expected(bytes.begin(), bytes.begin() + 10);
	expected.insert(expected.end(), bytes.begin() + 4096, bytes.begin() + 504'096);
	expected.insert(expected.end(), bytes.begin(), bytes.begin() + 3);
	EXPECT_EQ(read_file(target.path()), expected);
}

TEST(Output_file, copies_from_another_file_system)
{
	/* what copy_file_range refuses is read and written */
	Bytes_vector const bytes = Model::content(5, 1 << 20);
	int const fd = ::memfd_create("source", 0);
	ASSERT_EQ(::write(fd, bytes.data(), bytes.size()), ssize_t(bytes.size()));
	Mapped_file const file("source", fd);
	::close(fd);

	Temporary_file const target({});
	Output_file output(target.path(), false);
	output.copy(file, 0, bytes.size());
	output.commit();
	EXPECT_EQ(read_file(target.path()), bytes);
}

TEST(Output_file, source_that_shrinks)
{
	Bytes_vector const bytes = Model::content(5, 1 << 20);
	Temporary_file const source(bytes), target({});
	Mapped_file const file(source.path());
	ASSERT_EQ(::truncate(source.path().c_str(), 8192), 0);

	Output_file output(target.path(), false);
	Memory_sink memory;
	for (Sink *const sink : std::initializer_list<Sink *> { &output, &memory }) {
		try {
			sink->copy(file, 4096, 65536);
			FAIL() << "copied what is not there";
		} catch (Image_error const &error) {
			EXPECT_EQ(error.info().code, Code::TRUNCATED);
			EXPECT_EQ(error.info().file, source.path());
		}
	}
}
