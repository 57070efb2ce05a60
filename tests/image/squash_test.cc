/*
 * A squashed chain is the image that a writer would have made of its last state
 */

#include <gtest/gtest.h>

#include "libimage/image_chain.h"
#include "libimage/image_error.h"
#include "libimage/squash.h"
#include "libimage/verify.h"
#include "tests/support/image_family.h"
#include "tests/support/reseal.h"
#include "tests/support/rounds.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using Bytes_vector = std::vector<std::byte>;

std::shared_ptr<Image> shared(Bytes_vector const &bytes)
{
	return std::make_shared<Image>(open_image(bytes));
}

Bytes_vector squashed(Image const &image, unsigned threads = 1)
{
	Memory_sink sink;
	(void)squash(image, sink, { .threads = threads });
	return sink.bytes();
}

/* the last one of 'images' on top of the others, which are given in that order */
Bytes_vector squashed(std::vector<Bytes_vector> const &images)
{
	std::shared_ptr<Image> const image = shared(images.back());
	Images parents;
	for (std::size_t i = 0; i + 1 < images.size(); i++) parents.push_back(shared(images[i]));
	connect_parents(*image, parents, Ancestors::ALL);
	return squashed(*image);
}

Code code_of(std::vector<Bytes_vector> const &images)
{
	try {
		(void)squashed(images);
	} catch (Image_error const &error) {
		return error.info().code;
	}
	return Code::OK;
}

/* a delta that inherits 'blocks' blocks of a parent, all in a row, and both images' bytes */
struct Pair
{
	Bytes_vector parent {}, child {};
	State_digest state {};

	static Bytes_vector memory(std::uint64_t blocks, unsigned seed, Profile const &profile = {})
	{
		Small_image small;
		small.head.profile = profile;
		small.dataspaces.push_back(Pieces().random(blocks * 4096, seed).absent(4096));
		return small.write();
	}

	explicit Pair(unsigned blocks, unsigned first = 0) : parent(memory(blocks, 1))
	{
		Image const image = open_image(parent);
		state = image.trailer().state;
		std::vector<std::uint64_t> digests;
		for (unsigned i = 0; i < blocks; i++)
			digests.push_back(first + i < blocks ? image.block(first + i).digest : 0);

		Small_image small;
		auto const *const base = reinterpret_cast<std::byte const *>(state.bytes);
		small.parent_digest = { base, base + state.SIZE };
		small.head.required_features = Feature::INHERITED;
		small.dataspaces.push_back(Pieces().inherited(first, digests));
		child = small.write();
	}
};

}

TEST(Squash, equals_the_whole_image)
{
	for (unsigned deltas = 1; deltas <= 4; deltas++)
		for (unsigned seed = 0; seed < rounds(20); seed++) {
			Image_family const family(100 * deltas + seed, deltas);
			std::vector<Bytes_vector> images;
			for (auto const &generation : family.generations()) images.push_back(generation.image);

			/* parents in any order */
			std::mt19937 random(seed);
			std::shuffle(images.begin(), images.end() - 1, random);
			EXPECT_EQ(squashed(images), family.whole()) << deltas << " deltas, seed " << seed;
		}
}

TEST(Squash, deltas_are_sound)
{
	Image_family const family(7, 2);
	auto const &generations = family.generations();
	for (std::size_t i = 0; i < generations.size(); i++) {
		Temporary_file const file(generations[i].image);
		Verify_options options;
		for (std::size_t k = 0; k < i; k++) options.parents.push_back(shared(generations[k].image));
		EXPECT_TRUE(verify(file.path(), options).sound()) << i;
		options.parents.clear();
		EXPECT_TRUE(verify(file.path(), options).sound()) << i << " alone";
	}
}

TEST(Squash, whole_image_stays_as_it_is)
{
	Image_family const family(3, 0);
	auto const &bytes = family.generations().front().image;
	EXPECT_EQ(squashed({ bytes }), bytes);
}

TEST(Squash, wrong_parents_are_named)
{
	Pair const pair(10);
	Bytes_vector const stranger = Pair::memory(3, 2);

	EXPECT_EQ(code_of({ pair.parent, pair.child }), Code::OK);
	EXPECT_EQ(code_of({ pair.child }), Code::NO_PARENT);
	EXPECT_EQ(code_of({ stranger, pair.child }), Code::NO_PARENT);
	EXPECT_EQ(code_of({ stranger, pair.parent, pair.child }), Code::WRONG_PARENT);
	EXPECT_EQ(code_of({ stranger, pair.parent }), Code::WRONG_PARENT);
	EXPECT_EQ(code_of({ pair.parent, pair.parent, pair.child }), Code::DUPLICATE);
	EXPECT_EQ(code_of({ pair.child, pair.parent, pair.child }), Code::DUPLICATE);

	try {
		(void)squashed({ pair.child });
	} catch (Image_error const &error) {
		EXPECT_NE(error.info().message.find("state digest"), std::string::npos);
		EXPECT_NE(error.info().message.find("sequence number 0"), std::string::npos);
	}
}

TEST(Squash, chain_that_is_a_loop)
{
	/* each one claims to be what the other one wants */
	Pair const first(10), second(20);
	State_digest const a { { 1 } }, b { { 2 } };
	auto const wants = [](Bytes_vector bytes, State_digest const &from, State_digest const &to) {
		auto const *const base = reinterpret_cast<std::byte const *>(from.bytes);
		auto const at = std::search(bytes.begin(), bytes.end(), base, base + from.SIZE);
		std::copy_n(reinterpret_cast<std::byte const *>(to.bytes), to.SIZE, at);
		reseal(bytes);
		return bytes;
	};
	Bytes_vector const one = with_state(wants(first.child, first.state, b), a);
	Bytes_vector const two = with_state(wants(second.child, second.state, a), b);
	EXPECT_EQ(code_of({ one, two }), Code::CYCLE);
	EXPECT_EQ(code_of({ with_state(wants(first.child, first.state, a), a) }), Code::CYCLE);

	auto const x = shared(one), y = shared(two);
	x->set_parent(y);
	EXPECT_THROW(y->set_parent(x), Image_error);
}

TEST(Squash, parent_that_only_claims_to_be_it)
{
	for (unsigned blocks : { 10u, 2048u }) {
		Pair const pair(blocks);
		auto const forged = [&](Bytes_vector bytes) {
			return code_of({ with_state(std::move(bytes), pair.state), pair.child });
		};
		EXPECT_EQ(forged(Pair::memory(blocks, 1)), Code::OK);
		EXPECT_EQ(forged(Pair::memory(blocks, 2)), Code::WRONG_PARENT) << blocks;
		EXPECT_EQ(forged(Pair::memory(blocks - 5, 1)), Code::WRONG_PARENT) << blocks;
		EXPECT_EQ(forged(Pair::memory(blocks, 1, { 8192 })), Code::WRONG_PARENT) << blocks;

		/* with another codec blocks are decoded, and wrong ones show then as well */
		Profile profile;
		profile.codec = Codec_id::LZ4;
		EXPECT_EQ(forged(Pair::memory(blocks, 2, profile)), Code::WRONG_PARENT) << blocks;
	}
}

TEST(Squash, absent_blocks_cannot_be_inherited)
{
	Pair const pair(10, 1); /* its last block is the parent's absent one */
	EXPECT_EQ(code_of({ pair.parent, pair.child }), Code::WRONG_PARENT);
}

TEST(Squash, damaged_parent_never_gives_a_sound_image)
{
	Pair const pair(3);
	Bytes_vector parent = pair.parent;

	for (std::size_t at = 0; at < parent.size(); at += 61) {
		parent[at] ^= std::byte(1);
		try {
			Temporary_file const file(squashed({ parent, pair.child }));
			/* what is copied undecoded is found by its digest later; what nobody needs, never */
			bool const needed = at >= 4096 && at < 4096 * 4;
			EXPECT_NE(verify(file.path(), {}).sound(), needed) << at;
		} catch (Image_error const &) {
		}
		parent[at] ^= std::byte(1);
	}
}

TEST(Squash, verify_finds_a_wrong_parent_of_a_whole_chunk)
{
	Pair const pair(2048);
	Temporary_file const file(pair.child);
	Verify_options options;
	options.parents = { shared(with_state(Pair::memory(2048, 2), pair.state)) };
	Verify_report const report = verify(file.path(), options);
	EXPECT_FALSE(report.sound());
	options.parents = { shared(pair.parent) };
	EXPECT_TRUE(verify(file.path(), options).sound());
}
