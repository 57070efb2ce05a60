/*
 * Rewriting what the manifest alone knows, what is refused, and what the provenance says
 */

#include <gtest/gtest.h>

#include "libimage/badge_map_file.h"
#include "libimage/image_error.h"
#include "libimage/provenance.h"
#include "libimage/rewrite.h"
#include "tests/support/component_image.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

/* a component two threads of which are inside a call */
struct Called
{
	Component const component { Component_options {} };
	std::uint32_t thread = 0;             /* id of the first thread */
	std::uint32_t target = 0, passed = 0; /* ids of objects */
	std::uint64_t target_badge = 0, passed_badge = 0;

	void edit(Schema::Manifest::Builder manifest)
	{
		for (auto const object : manifest.asReader().getObjects()) {
			if (object.isThread() && !thread) thread = object.getId();
			if (!object.isNativeCapability()) continue;
			(target ? passed : target) = object.getId();
			(target_badge && target != object.getId() ? passed_badge : target_badge) =
				object.getBadge();
			if (passed) break;
		}
		auto builder = manifest.getObjects()[thread - 1].getThread();
		auto words = builder.initUtcb().initWords(4);
		for (unsigned i = 0; i < 4; i++) words.set(i, target_badge + 1000000 * i);
		words.set(0, target_badge);
		words.set(3, passed_badge);
		builder.getRegisters().getX86x64().setRbx(passed_badge);

		auto const old = manifest.asReader().getRawBadges();
		auto const orphan = manifest.disownRawBadges();
		auto raw = manifest.initRawBadges(old.size() + 3);
		for (unsigned i = 0; i < old.size(); i++) raw.setWithCaveats(i, orphan.getReader()[i]);

		auto const utcb = [&](unsigned i, unsigned word, std::uint32_t object) {
			raw[i].setPlace(Schema::RawBadgePlace::UTCB);
			raw[i].setWidth(8);
			raw[i].setObject(object);
			raw[i].setThread(thread);
			raw[i].setWord(word);
		};
		utcb(old.size(), 0, target);
		utcb(old.size() + 1, 3, passed);
		utcb(old.size() + 2, 3, passed);
		raw[old.size() + 2].setPlace(Schema::RawBadgePlace::REGISTER); /* ip, sp, rax, rbx */
	}

	/* 'more' changes the manifest further */
	std::vector<std::byte> write(Edit const &more = {})
	{
		Component_image image;
		image.threads = 2;
		image.edit = [&](Schema::Manifest::Builder manifest) {
			edit(manifest);
			if (more) more(manifest);
		};
		return image.write(component);
	}
};

std::vector<std::byte> write(Rewrite_plan const &plan)
{
	Memory_sink sink;
	(void)plan.write(sink, { 1, nullptr });
	return sink.bytes();
}

/* what is said when the request is refused */
std::string refusal(Image const &image, Badge_request const &request)
{
	try {
		Rewrite_plan const plan(image, request);
	} catch (Image_error const &error) {
		return error.what();
	}
	return "accepted";
}

std::string refusal(Image const &image, std::vector<Badge_pair> pairs)
{
	Badge_request request;
	request.pairs = std::move(pairs);
	return refusal(image, request);
}

::testing::AssertionResult says(std::string const &text, std::initializer_list<char const *> parts)
{
	for (char const *part : parts)
		if (text.find(part) == std::string::npos)
			return ::testing::AssertionFailure() << "'" << part << "' is not in '" << text << "'";
	return ::testing::AssertionSuccess();
}

}

TEST(Rewrite, Words_of_the_utcb_and_registers_follow)
{
	Called called;
	std::vector<std::byte> const original = called.write();
	Image const before = open_image(original);
	Badge_request request;
	request.pairs = { { called.target_badge, called.passed_badge },
					  { called.passed_badge, called.target_badge } };
	Rewrite_plan const plan(before, request);
	Image const after = open_image(write(plan));

	auto const thread = after.object(called.thread)->getThread();
	EXPECT_EQ(thread.getUtcb().getWords()[0], called.passed_badge);
	EXPECT_EQ(thread.getUtcb().getWords()[1], called.target_badge + 1000000);
	EXPECT_EQ(thread.getUtcb().getWords()[2], called.target_badge + 2000000);
	EXPECT_EQ(thread.getUtcb().getWords()[3], called.target_badge);
	EXPECT_EQ(thread.getRegisters().getX86x64().getRbx(), called.target_badge);
	EXPECT_EQ(thread.getRegisters().getX86x64().getRax(), 0u);

	Badge_request undo;
	undo.pairs = plan.report().undo;
	EXPECT_EQ(write(Rewrite_plan(after, undo)), original);
}

TEST(Rewrite, A_raw_badge_that_is_not_what_was_declared_is_an_error)
{
	Called called;
	Image const broken = open_image(called.write([&](Schema::Manifest::Builder manifest) {
		manifest.getObjects()[called.thread - 1].getThread().getUtcb().getWords().set(3, 5);
	}));
	EXPECT_TRUE(says(refusal(broken, { { called.target_badge, 0x7770000 } }),
					 { "do not agree", "raw badge", "0x5 in memory" }));

	Called again;
	Image const beyond = open_image(again.write([&](Schema::Manifest::Builder manifest) {
		auto raw = manifest.getRawBadges();
		raw[raw.size() - 1].setWord(29);
	}));
	EXPECT_TRUE(says(refusal(beyond, { { again.target_badge, 0x7770000 } }), { "RawBadge.word" }));
}

TEST(Rewrite, Refusals_name_the_pair)
{
	Called called;
	Image const image = open_image(called.write());
	std::uint64_t const a = called.target_badge, b = called.passed_badge;

	struct Row
	{
		std::vector<Badge_pair> pairs;
		std::initializer_list<char const *> parts;
	};
	std::string const pair = hex_text(a) + " to ";
	std::string const b_text = hex_text(b);
	Row const rows[] {
		{ { { 0, 0x100 } }, { "0x0 to 0x100", "0 is no badge" } },
		{ { { a, 0 } }, { pair.c_str(), "0x0: 0 is no badge" } },
		{ { { 0xffffffff, 0x100 } }, { "0xffffffff to", "without a capability" } },
		{ { { a, 0xffffffff } }, { pair.c_str(), "without a capability" } },
		{ { { 1, 0x100 } }, { "0x1 to 0x100", "main thread" } },
		{ { { a, 1 } }, { pair.c_str(), "main thread" } },
		{ { { a, 0x10000000 } }, { pair.c_str(), "the highest is 0xfffffff" } },
		{ { { a, 0x7770002 } }, { pair.c_str(), "0x7770002", "multiples of 4" } },
		{ { { 0x7770000, 0x7770004 } }, { "0x7770000 to 0x7770004", "no object" } },
		{ { { a, 0x7770000 }, { b, 0x7770000 } }, { "two objects would get one", "0x7770000" } },
		{ { { a, 0x7770000 }, { a, 0x7770004 } }, { "twice", "0x7770000" } },
		{ { { a, b } }, { pair.c_str(), b_text.c_str(), "leaves alone" } },
	};
	for (Row const &row : rows) EXPECT_TRUE(says(refusal(image, row.pairs), row.parts));

	Badge_request missing;
	missing.pairs = { { 0x7770000, 0x7770004 }, { a, 0x7770008 } };
	missing.ignore_missing = true;
	Rewrite_plan const plan(image, missing);
	EXPECT_EQ(plan.report().missing, 1u);
	EXPECT_EQ(plan.report().rewritten, 1u);

	Badge_request fresh;
	fresh.fresh = 0xffffffc;
	EXPECT_TRUE(says(refusal(image, fresh), { "the highest" }));
	fresh.fresh = 0x101;
	EXPECT_TRUE(says(refusal(image, fresh), { "multiples of 4" }));
}

TEST(Rewrite, An_old_badge_of_two_objects_is_refused)
{
	Called called;
	Image const twice = open_image(called.write([&](Schema::Manifest::Builder manifest) {
		manifest.getObjects()[0].setBadge(called.target_badge);
	}));
	EXPECT_TRUE(says(refusal(twice, { { called.target_badge, 0x7770000 } }),
					 { "more than one object", "object 1" }));
	Badge_request fresh;
	fresh.fresh = 0x7000000;
	EXPECT_TRUE(says(refusal(twice, fresh), { "more than one object" }));
	/* other objects can be rewritten */
	EXPECT_EQ(refusal(twice, { { called.passed_badge, 0x7770000 } }), "accepted");
}

/* as on the target of a restore, where new badges become known one by one */
TEST(Rewrite, Badges_set_one_by_one_are_checked)
{
	Called called;
	Image const image = open_image(called.write());
	auto const manifest = image.core_manifest();
	std::vector<std::byte> work(Badge_assignment::work_size(manifest));
	Badge_assignment badges(manifest, { work.data(), work.size() });
	ASSERT_FALSE(badges.open());

	std::uint32_t const a = called.target - 1, b = called.passed - 1; /* ids count from 1 */
	ASSERT_EQ(badges.old_badge(a), called.target_badge);
	badges.set(a, called.passed_badge);
	badges.set(b, called.target_badge);
	EXPECT_FALSE(badges.check());
	EXPECT_EQ(badges.changed(), 2u);
	EXPECT_FALSE(badges.order_kept());

	badges.set(b, called.passed_badge);
	EXPECT_EQ(badges.check().code, Badge_refusal_code::NEW_TWICE);
	badges.set(b, 0x7770002);
	EXPECT_EQ(badges.check().code, Badge_refusal_code::STEP);
	badges.set(b, 0x10000000);
	EXPECT_EQ(badges.check().code, Badge_refusal_code::RANGE);

	std::vector<std::byte> small(work.size() / 2);
	Badge_assignment cramped(manifest, { small.data(), small.size() });
	EXPECT_EQ(cramped.open().code, Code::NO_SPACE);
}

TEST(Rewrite, Foreign_objects_of_linux_are_left_alone)
{
	Component_options options;
	while (cap_layouts().rows[options.layout].foreign_offset == CAP_NO_OFFSET) options.layout++;
	Component const component(options);
	Image const image = open_image(Component_image {}.write(component));

	std::map<std::uint64_t, bool> local; /* key, and whether a local object has it */
	for (Component_entry const &e : component.entries())
		if (e.badge != component.map().invalid_id) local[e.badge] |= !e.foreign;
	for (auto const &[key, is_local] : local) {
		if (!key) continue;
		std::string const said = refusal(image, { { key, 0x7777777 } });
		if (is_local)
			EXPECT_EQ(said, "accepted");
		else
			EXPECT_TRUE(says(said, { "other components" }));
	}
}

TEST(Rewrite, Order_may_not_change_where_nobody_searched)
{
	Called called;
	Image const unsearched = open_image(called.write(
		[&](Schema::Manifest::Builder manifest) { manifest.setMemorySearched(false); }));
	Badge_request swap;
	swap.pairs = { { called.target_badge, called.passed_badge },
				   { called.passed_badge, called.target_badge } };
	EXPECT_TRUE(says(refusal(unsearched, swap), { "another order", "--unscanned" }));
	swap.unscanned = true;
	EXPECT_EQ(refusal(unsearched, swap), "accepted");

	Badge_request fresh;
	fresh.fresh = 0x7000000;
	EXPECT_EQ(refusal(unsearched, fresh), "accepted");
}

TEST(Rewrite, Trees_without_a_map_keep_their_order)
{
	Called called;
	Image const mapless = open_image(called.write([&](Schema::Manifest::Builder manifest) {
		manifest.setMemorySearched(true);
		(void)manifest.getCapabilitySpaces()[0].disownLayout();
	}));
	EXPECT_TRUE(says(refusal(mapless, { { called.target_badge, called.passed_badge },
										{ called.passed_badge, called.target_badge } }),
					 { "badgeTrees" }));
	Badge_request fresh;
	fresh.fresh = 0x7000000;
	EXPECT_EQ(refusal(mapless, fresh), "accepted");
}

TEST(Rewrite, Provenance_grows_and_undoing_shrinks_it)
{
	Called called;
	std::vector<std::byte> const original = called.write();
	Image const first = open_image(original);
	EXPECT_FALSE(first.has_provenance());

	Badge_request request;
	request.fresh = 0x1000000;
	Rewrite_plan const one(first, request);
	std::vector<std::byte> const second_bytes = write(one);
	Image const second = open_image(second_bytes);
	ASSERT_EQ(second.provenance().getRecords().size(), 1u);
	auto const record = Provenance_record::last(second);
	EXPECT_EQ(record->action, "rewrite");
	EXPECT_EQ(record->tool, "capimg " CAPIMG_VERSION);
	EXPECT_EQ(record->source, first.trailer().state);

	request.fresh = 0x2000000;
	Rewrite_plan const two(second, request);
	Image const third = open_image(write(two));
	ASSERT_EQ(third.provenance().getRecords().size(), 2u);

	Badge_request undo;
	undo.pairs = two.report().undo;
	std::vector<std::byte> const back = write(Rewrite_plan(third, undo));
	EXPECT_EQ(back, second_bytes);
	undo.pairs = one.report().undo;
	EXPECT_EQ(write(Rewrite_plan(open_image(back), undo)), original);

	/* nothing to do is nothing done */
	EXPECT_EQ(write(Rewrite_plan(second, {})), second_bytes);
}

TEST(Badge_map_file, Refuses_what_is_no_map)
{
	struct Row
	{
		char const *text;
		std::initializer_list<char const *> parts;
	};
	Row const rows[] {
		{ "", { "map.json" } },
		{ "[]", { "map.json" } },
		{ "{\"0x104\": \"0x2004\", \"0x104\": \"0x2008\"}", { "0x104", "twice" } },
		{ "{\"0x104\": \"0x2004\", \"0x0104\": \"0x2008\"}", { "0x104", "twice" } },
		{ "{\"0x104\": 8196}", { "0x104" } },
		{ "{\"260\": \"0x2004\"}", { "260" } },
		{ "{\"0x104\": \"0x10000000000000000\"}", { "0x104" } },
		{ "{\"0x104\": \"0x\"}", { "0x104" } },
		{ "{\"0x104\": \"0x2004\"} x", { "map.json" } },
		{ "{\"0x104\": {\"0x1\": 2}}", { "0x104" } },
	};
	for (Row const &row : rows) {
		std::string said = "accepted";
		try {
			(void)parse_badge_map(row.text, "map.json");
		} catch (Image_error const &error) {
			said = error.what();
		}
		EXPECT_TRUE(says(said, row.parts)) << row.text;
		EXPECT_NE(said, "accepted") << row.text;
	}
	EXPECT_EQ(parse_badge_map("{}", "x").size(), 0u);
	EXPECT_EQ(parse_badge_map("{\"0x104\": \"0x2004\"}", "x"),
			  (std::vector<Badge_pair> { { 0x104, 0x2004 } }));
}
