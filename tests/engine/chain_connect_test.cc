/*
 * Which images make a chain, and what is said of those that do not
 */

#include <gtest/gtest.h>

#include "libimage/compression.h"
#include "libimage/core/checksum.h"
#include "libimage/sha256.h"
#include "tests/support/engine_chain.h"
#include "tests/support/reseal.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using Image_bytes = std::vector<std::byte>;

Profile profile(Codec_id codec, std::uint32_t block = 4096)
{
	return { block, codec, std::int8_t(codec_levels(codec).usual), codec_version(codec), 0 };
}

Image_bytes whole(unsigned seed, Profile const &p = {})
{
	Small_image small;
	small.head.profile = p;
	small.dataspaces.push_back(Pieces().random(3 * std::uint64_t(p.block_size), seed));
	return small.write();
}

/* names 'parent', inherits its first block, or what 'digest' says it is */
Image_bytes delta(Image_bytes const &parent, unsigned seed, Profile const &p = {},
				  std::uint64_t digest = 0)
{
	Image const image = open_image(parent);
	auto const *const state = reinterpret_cast<std::byte const *>(image.trailer().state.bytes);
	Small_image small;
	small.head.profile = p;
	small.head.required_features = Feature::INHERITED;
	small.parent_digest = { state, state + State_digest::SIZE };

	std::vector<std::byte> buffer(image.block_size());
	if (!digest && image.block(0).kind != Block_kind::INHERITED) {
		auto const bytes = image.read_block(0, buffer);
		digest = checksum({ bytes.data(), bytes.size() });
	} else if (!digest) {
		digest = image.block(0).digest;
	}
	small.dataspaces.push_back(
		Pieces().inherited(0, { digest }, p.block_size).random(2 * p.block_size, seed));
	return small.write();
}

struct Attempt
{
	std::vector<Image_bytes> const images;
	std::deque<Memory_source> sources {};
	Sodium_sha256 hash {};
	Host_codec codec {};
	std::unique_ptr<Opened_chain> opened {};

	explicit Attempt(std::vector<Image_bytes> given, bool with_codec = true)
		: images(std::move(given))
	{
		std::vector<Engine::Source *> pointers;
		for (Image_bytes const &image : images) pointers.push_back(&sources.emplace_back(image));
		opened = std::make_unique<Opened_chain>(pointers, with_codec ? &codec : nullptr, hash);
	}

	Error error() const { return opened->status; }
};

/* code, and the number of the image at fault */
void expect(Attempt const &attempt, Code code, std::uint64_t value)
{
	EXPECT_EQ(attempt.error().code, code) << error_text(attempt.error().code);
	EXPECT_EQ(attempt.error().value, value);
}

}

TEST(Engine_chain_connect, parents)
{
	auto const a = whole(1), b = delta(a, 2), c = delta(b, 3), other = whole(4);

	expect(Attempt({ a }), Code::OK, 0);
	expect(Attempt({ b, a }), Code::OK, 0);
	expect(Attempt({ c, b, a }), Code::OK, 0);

	expect(Attempt({ b }), Code::NO_PARENT, 0);
	expect(Attempt({ c, b }), Code::NO_PARENT, 1);
	expect(Attempt({ c, a }), Code::WRONG_PARENT, 0);
	expect(Attempt({ c, b, other }), Code::WRONG_PARENT, 1);
	expect(Attempt({ b, a, other }), Code::BAD_ARGUMENT, 2);
	expect(Attempt({ a, b }), Code::BAD_ARGUMENT, 1);
	expect(Attempt({ a, a }), Code::BAD_ARGUMENT, 1);
	expect(Attempt(std::vector<Image_bytes>()), Code::BAD_ARGUMENT, 0);
}

TEST(Engine_chain_connect, profiles)
{
	auto const raw = whole(1), lz4 = whole(2, profile(Codec_id::LZ4));
	auto const raw_on_lz4 = delta(lz4, 3);

	expect(Attempt({ raw }, false), Code::OK, 0);
	expect(Attempt({ lz4 }), Code::OK, 0);
	expect(Attempt({ lz4 }, false), Code::NO_CODEC, 0);
	expect(Attempt({ raw_on_lz4, lz4 }), Code::OK, 0);
	expect(Attempt({ raw_on_lz4, lz4 }, false), Code::NO_CODEC, 1);

	expect(Attempt({ whole(1, profile(Codec_id::RAW, 65536)) }), Code::OK, 0);
	expect(Attempt({ whole(1, profile(Codec_id::RAW, 131072)) }), Code::LIMIT, 131072);

	auto const large = whole(1, profile(Codec_id::RAW, 8192));
	expect(Attempt({ delta(large, 1), large }), Code::UNSUPPORTED, 1);
}

TEST(Engine_chain_connect, most_images)
{
	std::vector<Image_bytes> images { whole(1) };
	while (images.size() < Engine::Chain::MAX_IMAGES)
		images.insert(images.begin(), delta(images.front(), unsigned(images.size())));

	Attempt longest(images);
	expect(longest, Code::OK, 0);
	EXPECT_FALSE(longest.opened->chain().verify());
	auto const place = longest.opened->chain().find(0);
	ASSERT_FALSE(place.failed());
	EXPECT_EQ(place->image, Engine::Chain::MAX_IMAGES - 1);

	images.insert(images.begin(), delta(images.front(), 1000));
	expect(Attempt(images), Code::LIMIT, 65);
}

TEST(Engine_chain_connect, calls_in_the_wrong_order)
{
	auto const bytes = whole(1);
	Memory_source source(bytes);
	Engine::Image image(source);
	Engine::Image *const images[] { &image };
	Exact_bytes const work(Engine::Chain::WORK_SIZE), out(4096);
	bool zero = false;

	Engine::Chain chain(images, 1, nullptr, work.bytes());
	EXPECT_EQ(chain.connect().code, Code::BAD_STATE);
	EXPECT_EQ(chain.read(0, out.bytes(), zero).code, Code::BAD_STATE);
	EXPECT_EQ(chain.verify().code, Code::BAD_STATE);
	EXPECT_EQ(chain.find(0).error().code, Code::BAD_STATE);

	Engine::Chain little(images, 1, nullptr, { work.bytes().base(), work.bytes().size() - 1 });
	EXPECT_EQ(little.connect().code, Code::NO_SPACE);

	Attempt attempt({ bytes });
	Engine::Chain &sound = attempt.opened->chain();
	EXPECT_EQ(sound.read(3, out.bytes(), zero).code, Code::BAD_ARGUMENT);
	EXPECT_EQ(sound.read(~0ull, out.bytes(), zero).code, Code::BAD_ARGUMENT);
	EXPECT_EQ(sound.read(0, { out.bytes().base(), 4095 }, zero).code, Code::BAD_ARGUMENT);
	EXPECT_EQ(sound.read(0, out.bytes(), zero).code, Code::OK);
}

TEST(Engine_chain_connect, parent_with_another_block)
{
	auto const a = whole(1), wrong = delta(a, 2, {}, 12345);
	auto const grandchild = delta(wrong, 3);

	for (auto const &images : { std::vector { wrong, a }, std::vector { grandchild, wrong, a } }) {
		Attempt attempt(images);
		expect(attempt, Code::OK, 0);
		Exact_bytes const out(4096);
		bool zero = false;
		EXPECT_EQ(attempt.opened->chain().read(0, out.bytes(), zero).code, Code::WRONG_PARENT);
		EXPECT_EQ(attempt.opened->chain().read(1, out.bytes(), zero).code, Code::OK);
		EXPECT_EQ(attempt.opened->chain().verify().code, Code::WRONG_PARENT);
	}
}

TEST(Engine_chain_connect, parent_with_zeros_or_without_the_block)
{
	Small_image small;
	small.dataspaces.push_back(Pieces().zero(4096).absent(4096).random(100, 1));
	auto const parent = small.write();
	std::vector<std::byte> const zeros(4096);
	auto const right = checksum({ zeros.data(), zeros.size() });

	Attempt good({ delta(parent, 1, {}, right), parent });
	Attempt bad({ delta(parent, 1, {}, right + 1), parent });
	Exact_bytes const out(4096);
	bool zero = false;
	EXPECT_FALSE(good.opened->chain().read(0, out.bytes(), zero));
	EXPECT_TRUE(zero);
	EXPECT_EQ(bad.opened->chain().read(0, out.bytes(), zero).code, Code::WRONG_PARENT);
	EXPECT_FALSE(zero);

	/* blocks 1, 2 and 3 of the parent: absent, of another size, not there */
	Code const codes[] { Code::ABSENT, Code::WRONG_PARENT, Code::WRONG_PARENT };
	for (unsigned i = 0; i < 3; i++) {
		auto child = delta(parent, 1, {}, right);
		std::size_t const chunk = open_image(child).directory().chunk(0).offset;
		put(child, chunk + 8, 8, 1 + i);
		reseal(child);
		Attempt attempt({ child, parent });
		EXPECT_EQ(attempt.opened->chain().read(0, out.bytes(), zero).code, codes[i]) << i;
		EXPECT_EQ(attempt.opened->chain().verify().code, codes[i]) << i;
	}
}
