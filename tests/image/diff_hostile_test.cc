/*
 * Images that lie, and as many objects as there may be
 */

#include <gtest/gtest.h>

#include <capnp/message.h>
#include <chrono>

#include "libimage/core/block_index.h"
#include "libimage/diff_three_way.h"
#include "libimage/image_error.h"
#include "libimage/manifest.h"
#include "tests/support/edited_image.h"
#include "tests/support/imported_image.h"
#include "tests/support/reseal.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

double seconds(std::function<void()> const &fn)
{
	auto const start = std::chrono::steady_clock::now();
	fn();
	return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/* an image without memory, of objects that 'fill' makes */
Image many(unsigned count, std::function<void(unsigned, Schema::Object::Builder)> const &fill)
{
	capnp::MallocMessageBuilder message;
	auto objects = message.initRoot<Schema::Manifest>().initObjects(count);
	for (unsigned i = 0; i < count; i++) {
		objects[i].setId(i + 1);
		fill(i, objects[i]);
	}
	Memory_sink sink;
	Writer writer(sink, Head(), { .threads = 1 });
	writer.finish(encode_manifest(message.getRoot<Schema::Manifest>().asReader()));
	return open_image(sink.bytes());
}

}

TEST(Diff_hostile, objects_with_one_label)
{
	static constexpr unsigned MOST = Limit::MAX_OBJECTS / 8, FEW = MOST / 8;
	auto const alike = [](unsigned i, Schema::Object::Builder object) {
		object.setLabel("the same for all");
		object.setBadge(i % 2 ? 4 : 8);
		object.setCapability();
	};
	Image const few_a = many(FEW, alike), few_b = many(FEW - 1, alike);
	Image const a = many(MOST, alike), b = many(MOST - 1, alike);

	double const few = seconds([&] { EXPECT_EQ(Diff(few_a, few_b).gone(), FEW); });
	double const most = seconds([&] { EXPECT_EQ(Diff(a, b).gone(), MOST); });
	/* eight times as many: 64 times as long would be the square */
	EXPECT_LT(most, 30 * few + 1);
}

TEST(Diff_hostile, lists_that_share_a_name)
{
	auto const notes = [](unsigned count, char const *owner) {
		return many(1, [&](unsigned, Schema::Object::Builder object) {
			auto list = object.initThread().initNotes(count);
			for (auto note : list) note.setOwner(owner);
		});
	};
	Image const a = notes(100000, "one"), b = notes(100001, "one"), c = notes(100000, "other");
	EXPECT_LT(seconds([&] { EXPECT_EQ(Diff(a, b).changes(), 1u); }), 20);
	EXPECT_LT(seconds([&] { EXPECT_EQ(Diff(a, c).changes(), 200000u); }), 20);
}

TEST(Diff_hostile, a_state_digest_that_lies)
{
	/* the trailer's word is not taken where manifests or directories say otherwise */
	Image const image = import_fixture("foc-churn-1");
	auto bytes = edited(image, { .manifest = [](auto manifest) { manifest.setSequence(3); } });
	auto const trailer = bytes.size() - Trailer::SIZE;
	for (std::size_t i = 0; i < State_digest::SIZE; i++)
		bytes[trailer + 56 + i] = std::byte(image.trailer().state.bytes[i]);
	reseal(bytes);

	Image const liar = open_image(bytes);
	EXPECT_TRUE(liar.trailer().state == image.trailer().state);
	EXPECT_FALSE(Diff(image, liar).equal());
}

TEST(Diff_hostile, damaged_images_end_in_an_error_or_an_answer)
{
	Image const image = import_fixture("foc-churn-1");
	auto const good = image.file().bytes();
	std::mt19937_64 random(1);
	unsigned answers = 0, errors = 0;

	for (unsigned n = 0; n < 1500; n++) {
		std::vector<std::byte> bytes(good.begin(), good.end());
		/* manifest and index are at the end */
		for (unsigned k = 0; k < 1 + n % 3; k++) {
			std::size_t const tail = std::min<std::size_t>(bytes.size(), 24 * 1024);
			bytes[bytes.size() - 1 - random() % tail] ^= std::byte(1 << random() % 8);
		}
		reseal(bytes);
		try {
			Image const other = open_image(bytes);
			for (std::optional<bool> const same : { std::optional<bool>(), std::optional(false) }) {
				Diff const diff(image, other, { .same_boot = same });
				for (Diff::Dataspace const &dataspace : diff.memory())
					diff.for_each_range(dataspace, [](Diff::Range const &) {});
			}
			Diff_three_way const three(image, other, image, {});
			answers++;
		} catch (Image_error const &) {
			errors++;
		}
	}
	EXPECT_GT(answers, 50u);
	EXPECT_GT(errors, 50u);
}
