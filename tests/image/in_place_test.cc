/*
 * Changing an image in its own file: the bytes are those of another file, and what is refused
 */

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <set>

#include "libimage/compression.h"
#include "libimage/image_edit.h"
#include "libimage/image_error.h"
#include "libimage/locked_image.h"
#include "libimage/rewrite.h"
#include "tests/support/component_image.h"
#include "tests/support/rounds.h"
#include "tests/support/scratch_directory.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using Bytes_vector = std::vector<std::byte>;

Bytes_vector applied(Bytes_vector bytes, Image_edit const &edit)
{
	bytes.resize(std::max<std::size_t>(bytes.size(), edit.size_after));
	std::uint64_t floor = Head::SIZE;
	for (File_change const &change : edit.changes) {
		EXPECT_GE(change.offset, floor);
		EXPECT_FALSE(change.bytes.empty());
		floor = change.offset + change.bytes.size();
		EXPECT_LE(floor, edit.size_after);
		std::ranges::copy(change.bytes, bytes.begin() + std::ptrdiff_t(change.offset));
	}
	bytes.resize(edit.size_after);
	return bytes;
}

Bytes_vector copied(Image_copy const &copy)
{
	Memory_sink sink;
	(void)copy.write(sink);
	return sink.bytes();
}

/* nothing if it is refused, with the reason in 'why' */
std::optional<Image_edit> edit_of(Image_copy const &copy, std::string *why = nullptr)
{
	try {
		return Image_edit::of(copy);
	} catch (Image_error const &error) {
		EXPECT_EQ(error.info().code, Code::UNSUPPORTED) << error.what();
		EXPECT_NE(error.info().hint.find("-o"), std::string::npos);
		if (why) *why = error.what();
		return {};
	}
}

Bytes_vector content(unsigned seed, std::size_t size = 4096)
{
	std::mt19937 random(seed);
	Bytes_vector bytes(size);
	for (std::byte &b : bytes) b = std::byte(random());
	return bytes;
}

/* blocks by letter: equal letters are equal blocks, '0' is zero, '-' absent */
Bytes_vector image_of(std::string const &letters, std::uint8_t dedup,
					  Codec_id codec = Codec_id::RAW)
{
	Small_image small;
	small.head.profile.dedup_log2 = dedup;
	small.head.profile.codec = codec;
	small.head.profile.codec_version = codec_version(codec);
	Pieces pieces;
	for (char const letter : letters) {
		if (letter == '0')
			pieces.zero(4096);
		else if (letter == '-')
			pieces.absent(4096);
		else
			pieces.bytes(content(unsigned(letter)));
	}
	small.dataspaces.push_back(pieces.random(700, 5));
	return small.write();
}

struct Patch
{
	std::string letters;
	std::uint64_t block;
	char to;
};

/* changed in place, or why not; what is done equals the copy */
std::string result_of(Patch const &patch, std::uint8_t dedup, Codec_id codec = Codec_id::RAW)
{
	Bytes_vector const before = image_of(patch.letters, dedup, codec);
	Image const image = open_image(before);
	Patched_blocks patched;
	Bytes_vector const bytes = patch.to == '0' ? Bytes_vector(4096) : content(unsigned(patch.to));
	patched.patch(patch.block, bytes);
	Image_copy const copy { .image = image, .patched = &patched };

	std::string why;
	auto const edit = edit_of(copy, &why);
	if (!edit) return why;
	EXPECT_EQ(applied(before, *edit), copied(copy));
	return "changed";
}

}

TEST(Edit, raw_and_unshared_blocks_alone)
{
	struct Case
	{
		Patch patch;
		char const *says;
	};
	for (Case const &c : std::initializer_list<Case> {
			 { { "abcd", 1, 'x' }, "changed" },
			 { { "a0-b", 3, 'x' }, "changed" },
			 { { "abab", 2, 'x' }, "shares its bytes with block 0" },
			 { { "abab", 0, 'x' }, "block 2 shares its bytes" },
			 { { "a0b", 1, 'x' }, "has no bytes in the file" },
			 { { "abc", 1, '0' }, "all zero" },
			 { { "abc", 1, 'a' }, "would share the bytes of block 0" },
			 { { "abc", 0, 'c' }, "block 2: cannot be changed in place: it would share the bytes" },
		 })
	{
		SCOPED_TRACE(c.patch.letters);
		EXPECT_NE(result_of(c.patch, 12).find(c.says), std::string::npos) << result_of(c.patch, 12);
	}
}

TEST(Edit, without_deduplication_equal_blocks_are_no_matter)
{
	EXPECT_EQ(result_of({ "abab", 2, 'x' }, 0), "changed");
	EXPECT_EQ(result_of({ "abc", 1, 'a' }, 0), "changed");
}

TEST(Edit, compressed_images)
{
	/* these bytes are as they are in every codec */
	for (Codec_id const codec : { Codec_id::ZSTD, Codec_id::LZ4 }) {
		EXPECT_EQ(result_of({ "abcd", 1, 'x' }, 8, codec), "changed");
		EXPECT_NE(result_of({ "abab", 0, 'x' }, 8, codec), "changed");
	}
	Small_image small;
	small.head.profile = { 4096, Codec_id::LZ4, 1, codec_version(Codec_id::LZ4), 0 };
	small.dataspaces.push_back(Pieces().bytes(Bytes_vector(4096, std::byte(7))).random(4096, 1));
	Image const image = open_image(small.write());
	for (std::uint64_t const n : { 0u, 1u }) {
		Patched_blocks patched;
		patched.patch(n, Bytes_vector(4096, std::byte(8)));
		std::string why;
		EXPECT_FALSE(edit_of({ .image = image, .patched = &patched }, &why));
		EXPECT_NE(why.find(n ? "would be compressed" : "it is compressed"), std::string::npos);
	}
}

/* small tables, so that blocks that have nothing in common meet in one slot */
TEST(Edit, deduplication_that_changes_elsewhere_is_noticed)
{
	std::mt19937 random(1);
	unsigned done = 0, refused = 0;
	for (unsigned round = 0; round < rounds(3000); round++) {
		std::string letters;
		for (unsigned i = 0; i < 12; i++) letters += char('a' + random() % 8);
		Patch const patch { letters, random() % 12, char('a' + random() % 12) };
		std::string const said = result_of(patch, std::uint8_t(1 + round % 3));
		(said == "changed" ? done : refused)++;
		if (HasFailure()) FAIL() << letters << " " << patch.block << " " << patch.to;

		/* a refusal is not for nothing: another layout, or a block that is shared */
		if (said == "changed" || said.find("share") == std::string::npos) continue;
		Bytes_vector const before = image_of(letters, std::uint8_t(1 + round % 3));
		Image const image = open_image(before);
		if (image.block(patch.block).kind != Block_kind::RAW) continue;
		if (patch.to == letters[patch.block]) continue;
		Patched_blocks patched;
		patched.patch(patch.block, content(unsigned(patch.to)));
		Image const copy = open_image(copied({ .image = image, .patched = &patched }));
		bool same = true;
		for (std::uint64_t n = 0; n < image.blocks(); n++)
			same = same && copy.block(n).kind == image.block(n).kind &&
				   copy.block(n).where == image.block(n).where;
		EXPECT_FALSE(same) << letters << " " << patch.block << " " << patch.to << ": " << said;
	}
	EXPECT_GT(done, 200u);
	EXPECT_GT(refused, 200u);
}

namespace
{

std::vector<Badge_pair> reversed(Component const &component)
{
	bool const foc = component.layout().kernel == Cap_kernel::FOC;
	std::set<std::uint64_t> badges;
	for (Component_entry const &e : component.entries())
		if (!e.foreign && e.badge && e.badge != component.map().invalid_id &&
			!(foc && e.badge == 1))
			badges.insert(e.badge);
	std::vector<Badge_pair> pairs;
	auto from = badges.begin();
	for (auto to = badges.rbegin(); to != badges.rend(); ++to) pairs.push_back({ *from++, *to });
	return pairs;
}

class Rewrite_in_place : public ::testing::TestWithParam<unsigned>
{};

}

/* the promise of 'rewrite --in-place': the file that '-o' writes, and the way back */
TEST_P(Rewrite_in_place, is_the_file_that_would_be_written)
{
	Scratch_directory scratch;
	std::string const path = scratch.path("a.img");
	unsigned done = 0;

	for (unsigned seed = 1; seed <= 12; seed++) {
		Component_options options;
		options.layout = GetParam();
		options.seed = seed;
		options.capabilities = 20 * seed;
		options.count = 1024;
		options.split = seed % 2;
		Component const component(options);

		Component_image writer;
		writer.profile.dedup_log2 = seed % 3 ? 20 : 0;
		Bytes_vector const before = writer.write(component);
		Scratch_directory::write(path, before);

		Badge_request request;
		request.pairs = reversed(component);
		std::vector<Badge_pair> undo;
		Bytes_vector after;
		{
			Locked_image file(path);
			Image const image(file.map());
			Rewrite_plan const plan(image, request);
			undo = plan.report().undo;
			Memory_sink sink;
			(void)plan.write(sink, { 1, nullptr });
			after = sink.bytes();
			try {
				file.commit(plan.edit(), false);
			} catch (Image_error const &error) {
				ASSERT_EQ(error.info().code, Code::UNSUPPORTED) << error.what();
				ASSERT_EQ(read_file(path), before);
				continue;
			}
		}
		done++;
		ASSERT_EQ(read_file(path), after) << seed;
		ASSERT_FALSE(std::filesystem::exists(path + ".capimg-journal"));

		request.pairs = undo;
		{
			Locked_image file(path);
			Image const image(file.map());
			file.commit(Rewrite_plan(image, request).edit(), false);
		}
		ASSERT_EQ(read_file(path), before) << seed;
	}
	EXPECT_GT(done, 6u); /* generated maps have blocks of zeros now and then */
}

INSTANTIATE_TEST_SUITE_P(Layouts, Rewrite_in_place, ::testing::Range(0u, cap_layouts().count));
