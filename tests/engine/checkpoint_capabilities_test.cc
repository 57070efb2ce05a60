/*
 * What a checkpoint says of a component's capabilities is what 'capimg import' says of the same
 * memory
 */

#include <gtest/gtest.h>

#include <kj/string-tree.h>

#include <set>

#include "libimage/core/cap_descriptor.h"
#include "libimage/verify.h"
#include "tests/engine/taken_checkpoint.h"
#include "tests/support/imported_image.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

std::string failures(std::vector<std::byte> const &bytes)
{
	Temporary_file const file(bytes);
	std::string text;
	for (Finding const &finding : verify(file.path(), {}).findings)
		text += finding.check + " " + finding.field + ": " + finding.message + "\n";
	return text;
}

template <typename LIST>
std::string text(LIST const &list)
{
	std::string result;
	for (auto const element : list) result += std::string(kj::str(element).cStr()) + "\n";
	return result;
}

std::string last_line(std::string const &lines)
{
	std::size_t const end = lines.rfind('\n', lines.size() - 2);
	return lines.substr(end + 1);
}

/* the component that was imported, as it would be captured */
void become(Scripted_origin &origin, Component const &component, Image const &imported)
{
	for (auto const &[addr, bytes] : component.memory().segments()) origin.live.add(addr, bytes);
	add_memory(origin);
	origin.about.machine = imported.head().machine;
	origin.about.kernel = schema_kernel_of(component.layout().kernel);
	origin.about.label = "component";
	origin.hint.word_bytes = component.layout().word_bytes;

	auto const manifest = imported.core_manifest();
	std::map<std::uint64_t, Engine::Cap_note> notes;
	auto const entries = manifest.capability_spaces()[0].entries();
	for (std::uint32_t i = 0; i < entries.size(); i++)
		if (entries[i].kcap())
			notes[entries[i].kcap()] = { entries[i].kind(), entries[i].origin() };
	origin.note_of = [notes](std::uint64_t kcap) {
		auto const it = notes.find(kcap);
		return it == notes.end() ? Engine::Cap_note {} : it->second;
	};

	auto const objects = manifest.objects();
	auto const raw = manifest.raw_badges();
	for (std::uint32_t i = 0; i < raw.size(); i++)
		origin.raw.push_back({ raw[i].place(), raw[i].address(), raw[i].width(),
							   objects[find_object(objects, raw[i].object())].badge(), 0, 0 });
}

class Checkpoint_capabilities : public testing::TestWithParam<unsigned>
{};

}

TEST_P(Checkpoint_capabilities, as_import_has_them)
{
	for (std::uint64_t const seed : { 1u, 2u, 3u }) {
		Component component({ .layout = GetParam(), .seed = seed, .split = seed == 2 });
		Image const imported = import_component(component);
		Scripted_origin origin;
		become(origin, component, imported);
		origin.live.peek_allowed(seed != 3);

		/* running, the component does what it likes */
		origin.resumed = [](Scripted_origin &o) {
			for (auto const &[addr, bytes] : o.live.segments())
				fill_memory(o.live.at(addr).base(), 0x5a, bytes.size());
		};

		Taken_checkpoint taken(origin);
		Status const status = taken.all();
		ASSERT_FALSE(status) << text_of(status);
		EXPECT_TRUE(origin.at_rest());
		EXPECT_EQ(taken.checkpoint.effort().attempts, 1u);

		Image const image = open_image(taken.sink.bytes());
		EXPECT_EQ(image.manifest_bytes().size() % 8, 0u);
		EXPECT_EQ(failures(taken.sink.bytes()), "");

		auto const ours = image.manifest(), theirs = imported.manifest();
		EXPECT_TRUE(ours.getMemorySearched());
		EXPECT_EQ(text(ours.getCapabilitySpaces()), text(theirs.getCapabilitySpaces()));
		EXPECT_EQ(text(ours.getBadgeTrees()), text(theirs.getBadgeTrees()));
		EXPECT_EQ(text(ours.getRawBadges()), text(theirs.getRawBadges()));
		ASSERT_EQ(ours.getObjects().size(), theirs.getObjects().size());
		for (unsigned i = 0; i < ours.getObjects().size(); i++) {
			EXPECT_EQ(ours.getObjects()[i].getId(), theirs.getObjects()[i].getId());
			EXPECT_EQ(ours.getObjects()[i].getBadge(), theirs.getObjects()[i].getBadge());
		}
	}
}

INSTANTIATE_TEST_SUITE_P(layouts, Checkpoint_capabilities,
						 testing::Range(0u, unsigned(cap_layouts().count)));

/* objects that the runtime knows keep their ids, and get no others */
TEST(Checkpoint_badges, known_objects)
{
	Component component({ .layout = 0, .seed = 7 });
	Image const imported = import_component(component);
	Scripted_origin origin;
	become(origin, component, imported);

	/* every third badge is one of an object with an id in disorder */
	std::map<std::uint64_t, std::uint32_t> known;
	std::set<std::uint64_t> all;
	std::uint32_t id = 100000;
	for (auto const &entry : component.entries()) {
		if (!entry.badge || entry.badge == component.map().invalid_id) continue;
		if (!all.insert(entry.badge).second || all.size() % 3) continue;
		known[entry.badge] = id += 7;
		origin.items.push_back({ { id, entry.badge, Metadata::Object::Which::NATIVE_CAPABILITY, 0 },
								 [](auto const &o, auto) { (void)o.init_native_capability(); } });
	}
	/* a badge that is in no entry, in a register for instance */
	std::uint64_t const stray = 0xabcdef0;
	ASSERT_FALSE(all.contains(stray));
	origin.raw.push_back({ Metadata::Raw_badge_place::STACK, 0x40000000, 8, stray, 0, 0 });
	std::uint32_t const thread = id += 7;
	origin.items.push_back({ { thread, 0, Metadata::Object::Which::THREAD, 0 },
							 [](auto const &o, auto) { (void)o.init_thread(); } });
	origin.raw.push_back({ Metadata::Raw_badge_place::UTCB, 0, 4, stray, thread, 5 });
	origin.raw.push_back({ Metadata::Raw_badge_place::STACK, 0x40000010, 8, 0, 0, 0 });

	Taken_checkpoint taken(origin);
	Status const status = taken.all();
	ASSERT_FALSE(status) << text_of(status);

	Image const image = open_image(taken.sink.bytes());
	std::map<std::uint64_t, std::uint32_t> found;
	std::uint32_t last_id = 0;
	std::uint64_t last_badge = 0;
	for (auto const object : image.manifest().getObjects()) {
		EXPECT_GT(object.getId(), last_id);
		last_id = object.getId();
		bool const fresh = !object.getBadge() || found.emplace(object.getBadge(), last_id).second;
		EXPECT_TRUE(fresh);
		if (!object.isCapability()) continue;
		EXPECT_GT(object.getId(), id);
		EXPECT_GT(object.getBadge(), last_badge);
		last_badge = object.getBadge();
	}
	all.insert(stray);
	EXPECT_EQ(found.size(), all.size());
	for (auto const &[badge, known_id] : known) EXPECT_EQ(found.at(badge), known_id);
	for (auto const entry : image.manifest().getCapabilitySpaces()[0].getEntries()) {
		std::uint64_t const slot = component.map().slot(entry.getIndex());
		std::uint64_t const badge =
			component.memory().load(slot + component.map().id_offset, component.map().id_width);
		if (entry.getState() == Schema::EntryState::EMPTY)
			EXPECT_EQ(entry.getRawId(), badge);
		else
			EXPECT_EQ(entry.getObject(), found.at(badge));
	}
	auto const raw = image.manifest().getRawBadges();
	ASSERT_EQ(raw.size(), imported.manifest().getRawBadges().size() + 2);
	EXPECT_EQ(last_line(text(raw)),
			  "(place = utcb, address = 0, width = 4, object = " + std::to_string(found.at(stray)) +
				  ", thread = " + std::to_string(thread) + ", word = 5)\n");
}

/* what is gone stays as long as an entry or a message names it, and is forgotten else */
TEST(Checkpoint_badges, objects_that_are_gone)
{
	Component component({ .layout = 0, .seed = 7 });
	Image const imported = import_component(component);
	Scripted_origin origin;
	become(origin, component, imported);

	std::set<std::uint64_t> all;
	auto const entries = component.entries();
	for (auto const &entry : entries) all.insert(entry.badge);
	auto const live = std::ranges::find_if(entries, [&](auto const &entry) {
		return entry.badge && entry.badge != component.map().invalid_id;
	});
	ASSERT_NE(live, entries.end());
	std::uint64_t const in_map = live->badge, in_message = 0xabcdef0, nowhere = 0xabcdef8;
	ASSERT_FALSE(all.contains(in_message) || all.contains(nowhere));

	std::uint32_t id = 100000;
	for (std::uint64_t const badge : { nowhere, in_map, in_message })
		origin.items.push_back(
			{ { ++id, badge, Metadata::Object::Which::NATIVE_CAPABILITY, 0, true },
			  [](auto const &o, auto) { o.init_native_capability().dangling(true); } });
	origin.raw.push_back({ Metadata::Raw_badge_place::STACK, 0x40000000, 8, in_message, 0, 0 });

	Taken_checkpoint taken(origin);
	Status const status = taken.all();
	ASSERT_FALSE(status) << text_of(status);
	EXPECT_EQ(origin.forgotten, std::vector<std::uint32_t> { 100001 });

	std::map<std::uint64_t, std::uint32_t> found;
	Image const image = open_image(taken.sink.bytes());
	for (auto const object : image.manifest().getObjects())
		if (object.isNativeCapability()) found[object.getBadge()] = object.getId();
	EXPECT_EQ(found, (std::map<std::uint64_t, std::uint32_t> { { in_map, 100002 },
															   { in_message, 100003 } }));
}

/* a tree with an object that has no badge is no pool, for import and for checkpoints */
TEST(Checkpoint_badges, pool_without_a_badge)
{
	Component component({ .layout = 0, .seed = 4 });
	auto const &map = component.map();
	auto const object = component.pools().front().objects.back();
	auto const entries = component.entries();
	auto const nameless = std::ranges::find(entries, map.invalid_id, &Component_entry::badge);
	ASSERT_NE(nameless, entries.end());
	component.memory().store(object.node + 4 * map.word_bytes, map.slot(nameless->index),
							 map.word_bytes);

	Image const imported = import_component(component);
	EXPECT_EQ(imported.manifest().getBadgeTrees().size(), component.pools().size() - 1);
	Scripted_origin origin;
	become(origin, component, imported);
	Taken_checkpoint taken(origin);
	Status const status = taken.all();
	ASSERT_FALSE(status) << text_of(status);
	Image const image = open_image(taken.sink.bytes());
	EXPECT_EQ(text(image.manifest().getBadgeTrees()), text(imported.manifest().getBadgeTrees()));
	EXPECT_EQ(text(image.manifest().getCapabilitySpaces()),
			  text(imported.manifest().getCapabilitySpaces()));
}

/* kernels that have no map, and components of which nothing is known */
TEST(Checkpoint_badges, without_a_map)
{
	for (auto const kernel : { Metadata::Kernel::HW, Metadata::Kernel::NOVA,
							   Metadata::Kernel::UNKNOWN, Metadata::Kernel::FOC })
	{
		Scripted_origin origin;
		origin.live.add(0x1000, std::vector<std::uint8_t>(10000, 1));
		add_memory(origin);
		origin.about.kernel = kernel;

		Taken_checkpoint taken(origin);
		if (kernel == Metadata::Kernel::FOC) {
			EXPECT_EQ(taken.measure().code, Code::NOT_FOUND);
			taken.sizes = { 10000, 10000 };
			EXPECT_EQ(taken.take().code, Code::NOT_FOUND);
			EXPECT_TRUE(origin.at_rest());
			EXPECT_EQ(origin.ran_all, Engine::Consistent_point::MAX_SEARCHES - 1);
			continue;
		}
		Status const status = taken.all();
		ASSERT_FALSE(status) << text_of(status);
		Image const image = open_image(taken.sink.bytes());
		auto const spaces = image.manifest().getCapabilitySpaces();
		ASSERT_EQ(spaces.size(), 1u);
		EXPECT_EQ(spaces[0].hasLayout(), kernel != Metadata::Kernel::UNKNOWN);
		EXPECT_EQ(failures(taken.sink.bytes()), "");
	}
}
