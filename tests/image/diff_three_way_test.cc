/*
 * Three images: what each side changed, and where both did
 */

#include <gtest/gtest.h>

#include <capnp/message.h>

#include "libimage/diff_three_way.h"
#include "tests/support/edited_image.h"
#include "tests/support/imported_image.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using By = Diff_three_way::By;
using Manifest = Schema::Manifest::Builder;

std::vector<Diff_three_way::Change> changes(Diff_three_way const &diff)
{
	std::vector<Diff_three_way::Change> found;
	for (auto const &[key, change] : diff.changes()) found.push_back(change);
	return found;
}

Image changed(Image const &base, Image_edit const &edit) { return open_image(edited(base, edit)); }

}

TEST(Diff_three_way, neither)
{
	Image const base = import_fixture("foc-churn-1");
	EXPECT_TRUE(Diff_three_way(base, base, base, {}).equal());
}

TEST(Diff_three_way, fields)
{
	Image const base = import_fixture("foc-churn-1");
	auto const edit = [&](std::uint64_t sequence, std::uint64_t time, char const *label) {
		return changed(base, { .manifest = [=](Manifest manifest) {
						   manifest.setSequence(sequence);
						   manifest.setTimeBase(time);
						   manifest.getObjects()[0].setLabel(label);
					   } });
	};
	Image const a = edit(1, 5, "fx_d"), b = edit(2, 5, "other");
	Diff_three_way const diff(base, a, b, {});
	EXPECT_FALSE(diff.equal());
	EXPECT_EQ(diff.conflicts(), 1u);

	auto const found = changes(diff);
	ASSERT_EQ(found.size(), 3u);
	EXPECT_EQ(found[0].field, "label");
	EXPECT_EQ(found[0].by, By::B);
	EXPECT_FALSE(found[0].conflict);
	EXPECT_EQ(found[1].field, "sequence");
	EXPECT_EQ(found[1].by, By::BOTH);
	EXPECT_TRUE(found[1].conflict);
	EXPECT_EQ(found[1].base, "0");
	EXPECT_EQ(found[1].a, "1");
	EXPECT_EQ(found[1].b, "2");
	EXPECT_EQ(found[2].field, "timeBase");
	EXPECT_EQ(found[2].by, By::BOTH);
	EXPECT_FALSE(found[2].conflict);
}

TEST(Diff_three_way, pages)
{
	Small_image small;
	small.dataspaces = { Pieces().random(3000 * 4096, 1) };
	Image const base = open_image(small.write());
	Image_edit a, b;
	auto const put = [](Image_edit &edit, std::uint64_t page, unsigned value) {
		edit.bytes[3][page * 4096 + 7] = std::byte(value);
	};
	/* page: only A, both alike, both differently, only B, and far away both at different bytes */
	put(a, 10, 1), put(a, 11, 1), put(a, 12, 1), put(a, 2000, 1);
	put(b, 11, 1), put(b, 12, 2), put(b, 13, 1);
	b.bytes[3][2000 * 4096 + 9] = std::byte(1);
	Image_edit const *const sides[] { &a, &b };
	for (Image_edit const *side : sides)
		for (auto const &[at, byte] : side->bytes.at(3)) {
			std::vector<std::byte> one(1);
			Dataspace_reader(base, 3).read(at, one);
			ASSERT_NE(one[0], byte) << at;
		}

	Image const with_a = changed(base, a), with_b = changed(base, b);
	Diff_three_way const diff(base, with_a, with_b, {});
	EXPECT_EQ(diff.conflicts(), 1u);
	ASSERT_EQ(diff.memory().size(), 1u);

	std::vector<std::string> text;
	diff.for_each_range(diff.memory()[0], [&](Diff_three_way::Range const &range) {
		text.push_back(std::to_string(range.offset / 4096) + "+" + std::to_string(range.pages) +
					   (range.by == By::A   ? " a"
						: range.by == By::B ? " b"
											: " both") +
					   (range.conflict ? " conflict" : ""));
		EXPECT_EQ(range.address, Small_image::address(0) + range.offset);
	});
	EXPECT_EQ(text, (std::vector<std::string> { "10+1 a", "11+1 both", "12+1 both conflict",
												"13+1 b", "2000+1 both conflict" }));
}

TEST(Diff_three_way, removed_by_one_and_changed_by_the_other)
{
	/* a service at the end, which nothing refers to */
	auto const resize = [](Manifest manifest, unsigned extra) {
		capnp::MallocMessageBuilder copy;
		copy.setRoot(manifest.asReader());
		auto const old = copy.getRoot<Schema::Manifest>().asReader().getObjects();
		unsigned const count = unsigned(old.size()) + extra - 1;
		auto objects = manifest.initObjects(count);
		for (unsigned i = 0; i < std::min(count, old.size()); i++)
			objects.setWithCaveats(i, old[i]);
		if (extra != 2) return;
		objects[count - 1].setId(1000);
		objects[count - 1].initService().setName("service");
	};
	Image const base = changed(import_fixture("foc-churn-1"),
							   { .manifest = [&](Manifest manifest) { resize(manifest, 2); } });
	auto const remove = [&](Manifest manifest) { resize(manifest, 0); };
	auto const rename = [](Manifest manifest) {
		auto objects = manifest.getObjects();
		objects[objects.size() - 1].setLabel("renamed");
	};
	Image const a = changed(base, { .manifest = remove });
	Image const b = changed(base, { .manifest = rename });
	Diff_three_way const diff(base, a, b, {});
	std::size_t conflicts = 0;
	for (auto const &change : changes(diff))
		if (change.conflict) {
			conflicts++;
			EXPECT_EQ(change.change, "gone");
			EXPECT_EQ(change.by, By::A);
		}
	EXPECT_EQ(conflicts, 1u);
	EXPECT_EQ(Diff_three_way(base, a, a, {}).conflicts(), 0u);
}
