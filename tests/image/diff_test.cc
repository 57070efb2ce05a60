/*
 * Two images by what they mean: what is equal, what is not read, who is who
 */

#include <gtest/gtest.h>

#include "libimage/compression.h"
#include "libimage/diff.h"
#include "libimage/diff_bytes.h"
#include "libimage/image_error.h"
#include "libimage/image_family.h"
#include "tests/support/edited_image.h"
#include "tests/support/imported_image.h"
#include "tests/support/reseal.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using Manifest = Schema::Manifest::Builder;

/* an image with blocks of which nothing is what its digest says: whoever reads one is told */
std::vector<std::byte> unreadable(std::vector<std::byte> bytes)
{
	Image const image = open_image(bytes);
	for (std::uint64_t n = 0; n < image.blocks(); n++) {
		Block const block = image.block(n);
		if (stored(block.kind)) bytes[block.where] ^= std::byte(0xff);
	}
	return bytes;
}

std::vector<std::byte> bytes_of(Image const &image)
{
	auto const bytes = image.file().bytes();
	return { bytes.begin(), bytes.end() };
}

void set_epoch(Manifest manifest, std::uint8_t value)
{
	std::array<kj::byte, 4> const epoch { value, 2, 3, 4 };
	manifest.setEpoch(kj::arrayPtr(epoch.data(), epoch.size()));
}

/* other badges for all, in the same order */
void shift_badges(Manifest manifest)
{
	for (auto object : manifest.getObjects())
		if (object.getBadge()) object.setBadge(object.getBadge() + 0x1000);
}

std::vector<std::string> fields(Diff const &diff)
{
	std::vector<std::string> paths;
	diff.for_each_change([&](Diff_change const &change) {
		paths.push_back(change.kind + " " + change.word() + " " + change.field.path);
	});
	return paths;
}

}

TEST(Diff, itself_without_reading_a_block)
{
	auto const bytes = unreadable(bytes_of(import_fixture("foc-churn-1")));
	Image const a = open_image(bytes), b = open_image(bytes);
	EXPECT_TRUE(Diff(a, b).equal());

	std::vector<std::byte> buffer(a.block_size());
	EXPECT_THROW(
		{
			for (std::uint64_t n = 0; n < a.blocks(); n++) a.read_block(n, buffer);
		},
		Image_error);
}

TEST(Diff, blocks_with_equal_digests_are_not_read)
{
	Image const good = import_fixture("foc-churn-1");
	auto const other =
		edited(good, { .manifest = [](Manifest manifest) { manifest.setSequence(7); } });
	Image const a = open_image(unreadable(bytes_of(good))), b = open_image(unreadable(other));

	Diff const diff(a, b, { .same_boot = true });
	EXPECT_TRUE(diff.memory().empty());
	EXPECT_EQ(fields(diff), std::vector<std::string> { "manifest changed sequence" });
}

TEST(Diff, how_it_is_stored_makes_no_difference)
{
	Image const plain = import_fixture("foc-churn-1");
	for (Profile const profile :
		 { Profile { 4096, Codec_id::ZSTD, 3, codec_version(Codec_id::ZSTD), 10 },
		   Profile { 65536, Codec_id::LZ4, 1, codec_version(Codec_id::LZ4), 0 },
		   Profile { 1 << 20, Codec_id::RAW, 0, 0, 0 } })
	{
		Image const other = import_fixture("foc-churn-1", {}, profile);
		EXPECT_TRUE(Diff(plain, other).equal()) << profile.block_size;
		EXPECT_TRUE(Diff(other, plain).equal()) << profile.block_size;
	}
}

TEST(Diff, who_wrote_it_makes_no_difference)
{
	Image const image = import_fixture("foc-churn-1");
	Image_edit edit { .manifest = [](Manifest manifest) { manifest.setSequence(1); } };
	Image const a = open_image(edited(image, edit));
	edit.sections = { provenance("squash", State_digest {}) };
	EXPECT_TRUE(Diff(a, open_image(edited(image, edit))).equal());
}

TEST(Diff, sections_that_nobody_knows_count)
{
	Image const image = import_fixture("foc-counter");
	Image_edit edit {};
	edit.sections = { { Section_kind(0x10000), 0, std::vector<std::byte>(3) } };
	Image const a = open_image(edited(image, edit));
	edit.sections[0].bytes[1] = std::byte(1);
	Image const b = open_image(edited(image, edit));
	edit.manifest = [](Manifest manifest) { manifest.setLabel("other"); };
	edit.sections.clear();
	Image const c = open_image(edited(image, edit));

	/* the state is the same; a section is no part of it */
	EXPECT_EQ(fields(Diff(a, c)).back(), "section gone ");
	edit.sections = { { Section_kind(0x10000), 0, std::vector<std::byte>(3) } };
	EXPECT_EQ(fields(Diff(c, open_image(edited(image, edit)))),
			  std::vector<std::string> { "section came " });
	EXPECT_EQ(fields(Diff(a, b)), std::vector<std::string> { "section changed digest" });
}

TEST(Diff, one_byte)
{
	Image const image = import_fixture("foc-churn-1");
	std::uint32_t const id = image.ranges()[2].object;
	Image_edit edit {};
	edit.bytes[id][0x1234] = std::byte(0xa5);

	for (std::uint32_t const block : { 4096u, 16384u, 1u << 20 }) {
		edit.profile.block_size = block;
		Image const other = open_image(edited(image, edit));
		Diff const diff(image, other);
		EXPECT_TRUE(fields(diff).empty());
		ASSERT_EQ(diff.memory().size(), 1u);
		EXPECT_EQ(diff.differing_pages(), 1u);

		std::vector<Diff_bytes> lines, runs;
		for_each_line(diff, diff.memory()[0], [&](auto const &line) { lines.push_back(line); });
		for_each_byte_run(diff, diff.memory()[0], [&](auto const &run) { runs.push_back(run); });
		ASSERT_EQ(lines.size(), 1u);
		EXPECT_EQ(lines[0].offset, 0x1230u);
		ASSERT_EQ(runs.size(), 1u);
		EXPECT_EQ(runs[0].offset, 0x1234u);
		EXPECT_EQ(runs[0].size, 1u);
		EXPECT_EQ(runs[0].b[0], std::optional<std::uint8_t>(0xa5));
	}
}

/* ---- who is who ---- */

TEST(Diff, after_a_rewrite_ids_stay)
{
	Image const image = import_fixture("foc-churn-1");
	Image_edit edit { .manifest = shift_badges };
	edit.sections = { provenance("rewrite", image.trailer().state) };
	Image const rewritten = open_image(edited(image, edit));

	Diff const diff(image, rewritten);
	EXPECT_EQ(diff.basis().kind, Diff_basis::Kind::LINEAGE);
	EXPECT_FALSE(diff.equal());
	EXPECT_TRUE(diff.same_objects_new_badges());
	EXPECT_TRUE(fields(diff).empty());
	EXPECT_TRUE(diff.lost().empty() && diff.gained().empty() && diff.reused_slots().empty());
	EXPECT_EQ(diff.unsure(), 0u);

	/* two that were made of a third */
	edit.manifest = [](Manifest manifest) {
		shift_badges(manifest);
		shift_badges(manifest);
	};
	Image const again = open_image(edited(image, edit));
	EXPECT_EQ(Diff(rewritten, again).basis().kind, Diff_basis::Kind::LINEAGE);

	/* an action that nobody knows may have changed the ids */
	edit.sections = { provenance("frobnicate", image.trailer().state) };
	Image const strange = open_image(edited(image, edit));
	EXPECT_NE(Diff(image, strange).basis().kind, Diff_basis::Kind::LINEAGE);
}

TEST(Diff, epochs)
{
	Image const image = import_fixture("foc-churn-1"), later = import_fixture("foc-churn-2");
	auto const with_epoch = [](Image const &from, std::uint8_t epoch) {
		return open_image(
			edited(from, { .manifest = [=](Manifest manifest) { set_epoch(manifest, epoch); } }));
	};
	Image const a = with_epoch(image, 1), b = with_epoch(later, 1), c = with_epoch(later, 2);

	Diff const same(a, b), other(a, c);
	EXPECT_EQ(same.basis().kind, Diff_basis::Kind::EPOCH);
	EXPECT_EQ(same.basis().match_by, Match_by::BADGES);
	EXPECT_EQ(same.lost().size(), 10u);
	EXPECT_EQ(other.basis().kind, Diff_basis::Kind::EPOCH);
	EXPECT_EQ(other.basis().match_by, Match_by::ROLES);

	/* one epoch, but one of them has new badges */
	Image_edit edit { .manifest = shift_badges };
	edit.sections = { provenance("rewrite", b.trailer().state) };
	Image const rewritten = open_image(edited(b, edit));
	EXPECT_EQ(Diff(a, rewritten).basis().match_by, Match_by::ROLES);
	EXPECT_EQ(Diff(b, rewritten).basis().match_by, Match_by::IDS);
}

TEST(Diff, roles_without_any_badge_in_common)
{
	/* the same component with other badges, and nothing that says where they come from */
	for (char const *name : { "foc-churn-1", "foc-server-1", "foc-counter", "linux-server" }) {
		Image const image = import_fixture(name);
		Image const other = open_image(edited(image, { .manifest = shift_badges }));
		Diff const diff(image, other);
		EXPECT_EQ(diff.basis().match_by, Match_by::ROLES);
		EXPECT_TRUE(diff.same_objects_new_badges()) << name;
		EXPECT_TRUE(fields(diff).empty()) << name;
		EXPECT_TRUE(diff.moved().empty()) << name;
		for (std::uint32_t i = 0; i < diff.a().size(); i++)
			EXPECT_EQ(diff.match().in_b(i), i) << name;
	}
}

TEST(Diff, ids_mean_nothing)
{
	/* the same objects under other numbers */
	Image const image = import_fixture("foc-churn-1");
	auto const renumber = [](Manifest manifest) {
		auto const move = [](std::uint32_t id) { return id ? id * 3 + 5 : 0; };
		for (auto object : manifest.getObjects()) {
			object.setId(move(object.getId()));
			if (object.isPdSession())
				object.getPdSession().setAddressSpace(
					move(object.getPdSession().getAddressSpace()));
			if (object.isRegionMap())
				for (auto region : object.getRegionMap().getRegions())
					region.setDataspace(move(region.getDataspace()));
		}
		for (auto space : manifest.getCapabilitySpaces()) {
			space.setPd(move(space.getPd()));
			for (auto entry : space.getEntries()) entry.setObject(move(entry.getObject()));
		}
		for (auto tree : manifest.getBadgeTrees())
			for (auto node : tree.getNodes()) node.setObject(move(node.getObject()));
		for (auto raw : manifest.getRawBadges()) raw.setObject(move(raw.getObject()));
	};
	auto const origin = [](std::uint32_t id) { return (id - 5) / 3; };
	Image const other = open_image(edited(image, { .manifest = renumber, .origin = origin }));
	EXPECT_TRUE(Diff(image, other).equal());
	EXPECT_TRUE(Diff(image, other, { .same_boot = false }).equal());
}

TEST(Diff, a_thread_keeps_its_name_in_another_boot)
{
	Image const image = import_fixture("linux-server");
	auto const name_threads = [](Manifest manifest, unsigned shift, std::uint64_t sp) {
		unsigned n = 0;
		for (auto object : manifest.getObjects())
			if (object.isThread()) {
				auto thread = object.getThread();
				thread.setName("thread " + std::to_string((n++ + shift) % 5));
				thread.setNativeId(1000 * shift + n);
				thread.getRegisters().getX86x64().setSp(sp + n);
			}
	};
	Image const a =
		open_image(edited(image, { .manifest = [&](Manifest m) { name_threads(m, 0, 0); } }));
	Image const b =
		open_image(edited(image, { .manifest = [&](Manifest m) { name_threads(m, 2, 0); } }));

	Diff const diff(a, b, { .same_boot = false });
	for (std::uint32_t i = 0; i < diff.a().size(); i++) {
		auto const object = diff.a().object(i);
		if (object.which() != Metadata::Object::Which::THREAD) continue;
		ASSERT_NE(diff.match().in_b(i), Diff::NONE);
		EXPECT_EQ(object.thread().name(), diff.b().object(diff.match().in_b(i)).thread().name());
		EXPECT_TRUE(diff.match().reason(i).sure);
	}
}

TEST(Diff, known_and_not_known_is_a_difference_of_its_own)
{
	Small_image a, b;
	a.dataspaces = { Pieces().random(3 * 4096, 1).absent(4096).random(4096, 2).zero(3000) };
	b.dataspaces = { Pieces()
						 .random(3 * 4096, 1)
						 .random(4096, 3)
						 .absent(4096)
						 .absent(3000, Absent_reason::REDACTED) };
	for (std::uint32_t const block : { 4096u, 8192u, 65536u }) {
		b.head.profile.block_size = block;
		Image const x = open_image(a.write()), y = open_image(b.write());
		Diff const diff(x, y);
		ASSERT_EQ(diff.memory().size(), 1u) << block;
		Page_map const &pages = diff.memory()[0].pages;
		std::vector<Page_state> states;
		for (std::uint64_t i = 0; i < pages.pages(); i++) states.push_back(pages.state(i));
		EXPECT_EQ(states,
				  (std::vector { Page_state::SAME, Page_state::SAME, Page_state::SAME,
								 Page_state::CAPTURED, Page_state::LOST, Page_state::LOST }))
			<< block;
	}
}

TEST(Diff, a_parent_is_needed_for_bytes_only)
{
	Small_image whole;
	whole.dataspaces = { Pieces().random(8 * 4096, 1) };
	auto const parent_bytes = whole.write();
	auto const parent = std::make_shared<Image>(open_image(parent_bytes));
	std::vector<std::uint64_t> digests;
	for (std::uint64_t n = 0; n < 8; n++) digests.push_back(parent->block(n).digest);

	auto const delta_of = [&](unsigned seed) {
		Small_image delta;
		delta.head.required_features |= Feature::INHERITED;
		auto const *const state =
			reinterpret_cast<std::byte const *>(parent->trailer().state.bytes);
		delta.parent_digest = { state, state + State_digest::SIZE };
		Pieces pieces;
		pieces.inherited(0, { digests.begin(), digests.begin() + 3 });
		pieces.random(4096, seed);
		pieces.inherited(4, { digests.begin() + 4, digests.end() });
		delta.dataspaces = { pieces };
		return std::make_shared<Image>(open_image(delta.write()));
	};
	auto const a = delta_of(5), b = delta_of(6);
	EXPECT_EQ(Diff(*a, *b).differing_pages(), 1u);
	EXPECT_EQ(Diff(*parent, *a).differing_pages(), 1u);

	/* a page that both have is read, and lies in the parent where it is inherited */
	connect_family({ parent, a, b }, 3);
	Diff const diff(*parent, *a);
	std::size_t lines = 0;
	for_each_line(diff, diff.memory()[0], [&](Diff_bytes const &) { lines++; });
	EXPECT_EQ(lines, 256u);
	EXPECT_THROW(connect_family({ a, b, std::make_shared<Image>(open_image(whole.write())),
								  std::make_shared<Image>(import_fixture("foc-counter")) },
								2),
				 Image_error);
}
