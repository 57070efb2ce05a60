/*
 * Memory of real Genode components: exactly what the independent decoder found, and no more
 *
 * Fixtures and the JSON beside them: tests/data/fixtures/README.md.
 */

#include <fstream>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "libimage/core_memory.h"
#include "libimage/image_error.h"
#include "libimage/import.h"

namespace
{

using namespace Capimg;
using Json = nlohmann::json;
using Schema::EntryKind;
using Schema::EntryState;

struct Fixture
{
	Json json;
	Elf_core core;
	Import_plan plan;

	explicit Fixture(std::string const &name, Import_options const &options = {})
		: json(Json::parse(std::ifstream(path(name) + ".json"))),
		  core(path(name) + ".core"),
		  plan(core, options)
	{}

	static std::string path(std::string const &name)
	{
		return std::string(CAPIMG_TEST_DATA) + "/fixtures/" + name;
	}

	Schema::Manifest::Reader manifest() { return plan.manifest().asReader(); }

	/* ids are dense: the object of an id */
	Schema::Object::Reader object(std::uint32_t id)
	{
		auto const objects = manifest().getObjects();
		EXPECT_TRUE(id && id <= objects.size()) << id;
		EXPECT_EQ(objects[id - 1].getId(), id);
		return objects[id - 1];
	}

	std::uint64_t id_of(Schema::CapabilityEntry::Reader entry)
	{
		return entry.getObject() ? object(entry.getObject()).getBadge() : entry.getRawId();
	}
};

std::uint64_t number(Json const &text) { return std::stoull(text.get<std::string>(), nullptr, 0); }

class Foc : public ::testing::TestWithParam<char const *>
{};

TEST_P(Foc, Layout)
{
	Fixture f(GetParam());
	EXPECT_EQ(f.manifest().getKernel(), Schema::Kernel::FOC);
	EXPECT_EQ(f.manifest().getLabel(), f.json["component"].get<std::string>().c_str());
	EXPECT_TRUE(f.manifest().getMemorySearched());
	EXPECT_EQ(f.plan.machine(), (Machine { Architecture::X86_64, 64, 4096 }));

	ASSERT_EQ(f.manifest().getCapabilitySpaces().size(), 1u);
	auto const layout = f.manifest().getCapabilitySpaces()[0].getLayout();
	Json const &map = f.json["capMap"];
	EXPECT_EQ(layout.getRelease(), "foc 25.02-26.02");
	EXPECT_EQ(layout.getArray(), number(map["array"]));
	EXPECT_EQ(layout.getRoot(), number(map["root"]));
	EXPECT_EQ(layout.getStride(), map["stride"].get<unsigned>());
	EXPECT_EQ(layout.getCount(), map["count"].get<unsigned>());
	EXPECT_EQ(layout.getIdOffset(), map["idOffset"].get<unsigned>());
	EXPECT_EQ(layout.getRefOffset(), map["refOffset"].get<unsigned>());
	EXPECT_EQ(layout.getDepthOffset(), map["depthOffset"].get<unsigned>());
	EXPECT_EQ(layout.getIdWidth(), 4u);
	EXPECT_EQ(layout.getSelectorShift(), 12u);
	EXPECT_TRUE(layout.getHasSelectors());
	EXPECT_EQ(layout.getSocketOffset(), 0xffffu);
	EXPECT_EQ(layout.getForeignOffset(), 0xffffu);
	EXPECT_EQ(layout.getAllocatorLock(), number(map["array"]) - 4);
	EXPECT_EQ(layout.getTreeLock(), number(map["root"]) + 40);

	/* both locks were free */
	Core_memory const memory(f.core);
	for (std::uint64_t const lock : { layout.getAllocatorLock(), layout.getTreeLock() }) {
		std::uint32_t value = ~0u;
		EXPECT_FALSE(memory.read(lock, Bytes(&value, 4)));
		EXPECT_EQ(value, 1u);
	}
}

TEST_P(Foc, Every_used_slot_and_no_other)
{
	Fixture f(GetParam());
	auto const space = f.manifest().getCapabilitySpaces()[0];
	auto const entries = space.getEntries();
	auto const layout = space.getLayout();
	ASSERT_EQ(entries.size(), f.json["entries"].size());

	unsigned in_tree = 0;
	for (unsigned i = 0; i < entries.size(); i++) {
		Json const &want = f.json["entries"][i];
		auto const have = entries[i];
		SCOPED_TRACE(want.dump());
		EXPECT_EQ(have.getKcap(), number(want["kcap"]));
		EXPECT_EQ(have.getIndex(), have.getKcap() >> 12);
		EXPECT_EQ(layout.getArray() + have.getIndex() * layout.getStride(), number(want["slot"]));
		EXPECT_EQ(f.id_of(have), number(want["badge"]));
		EXPECT_EQ(have.getRefCount(), want["refCount"].get<unsigned>());
		EXPECT_EQ(have.getInTree(), want["inTree"].get<bool>());
		EXPECT_FALSE(have.getForeign());

		bool const empty = want["badge"] == "0xffffffff";
		EXPECT_EQ(have.getState(), empty              ? EntryState::EMPTY
								   : have.getInTree() ? EntryState::LIVE
													  : EntryState::STALE);
		EXPECT_EQ(have.getObject() == 0, empty);
		in_tree += have.getInTree();
	}
	EXPECT_EQ(in_tree, f.json["inTree"].get<unsigned>());
}

TEST_P(Foc, One_object_for_each_badge)
{
	Fixture f(GetParam());
	std::set<std::uint64_t> badges, pooled;
	for (Json const &entry : f.json["entries"])
		if (entry["badge"] != "0xffffffff") badges.insert(number(entry["badge"]));
	for (auto const tree : f.manifest().getBadgeTrees())
		for (auto const node : tree.getNodes())
			pooled.insert(f.object(node.getObject()).getBadge());

	std::set<std::uint64_t> seen;
	std::uint64_t last = 0;
	for (auto const object : f.manifest().getObjects()) {
		if (!object.isCapability() && !object.isNativeCapability() && !object.isParentCapability())
		{
			EXPECT_EQ(object.getBadge(), 0u);
			continue;
		}
		EXPECT_GT(object.getBadge(), last);
		last = object.getBadge();
		seen.insert(last);
		EXPECT_EQ(object.isNativeCapability(), pooled.count(last) == 1) << std::hex << last;
	}
	EXPECT_EQ(seen, badges);
}

TEST_P(Foc, Object_pools)
{
	Fixture f(GetParam());
	std::map<std::uint64_t, std::size_t> want, have;
	for (Json const &pool : f.json["objectPools"])
		want[number(pool["tree"])] = pool["objects"].get<std::size_t>();

	Core_memory const memory(f.core);
	auto const layout = f.manifest().getCapabilitySpaces()[0].getLayout();

	for (auto const tree : f.manifest().getBadgeTrees()) {
		EXPECT_EQ(tree.getRole(), Schema::TreeRole::OBJECT_POOL);
		EXPECT_EQ(tree.getCapabilityOffset(), 32u);
		have[tree.getRoot()] = tree.getNodes().size();

		std::uint64_t last = 0;
		for (auto const node : tree.getNodes()) {
			EXPECT_GT(node.getAddress(), last);
			last = node.getAddress();

			/* the word behind the node points to an entry with the object's badge */
			std::uint64_t slot = 0;
			std::uint32_t badge = 0;
			ASSERT_FALSE(memory.read(node.getAddress() + 32, Bytes(&slot, 8)));
			ASSERT_FALSE(memory.read(slot + layout.getIdOffset(), Bytes(&badge, 4)));
			EXPECT_EQ(f.object(node.getObject()).getBadge(), badge);
		}
	}
	EXPECT_EQ(have, want);
}

TEST_P(Foc, Parent_and_thread_gates)
{
	Fixture f(GetParam());
	std::set<std::uint64_t> gates;
	std::uint32_t parent = 0;
	for (auto const entry : f.manifest().getCapabilitySpaces()[0].getEntries()) {
		if (entry.getKind() == EntryKind::THREAD_GATE) gates.insert(entry.getIndex());
		if (entry.getKind() != EntryKind::PARENT) continue;
		EXPECT_EQ(entry.getIndex(), 0xbu);
		parent = entry.getObject();
	}

	/* main thread and the four others that the JSON names */
	std::set<std::uint64_t> const want { 0xc, 0x11, 0x16, 0x1b, 0x20 };
	EXPECT_EQ(gates, want);
	EXPECT_EQ(f.json["threads"].size(), want.size());

	ASSERT_NE(parent, 0u);
	EXPECT_TRUE(f.object(parent).isParentCapability());

	ASSERT_EQ(f.manifest().getRawBadges().size(), 1u);
	auto const raw = f.manifest().getRawBadges()[0];
	EXPECT_EQ(raw.getPlace(), Schema::RawBadgePlace::PARENT_CAPABILITY);
	EXPECT_EQ(raw.getAddress(), 0x10d000u);
	EXPECT_EQ(raw.getWidth(), 8u);
	EXPECT_EQ(raw.getObject(), parent);
}

TEST_P(Foc, Same_with_every_hint_that_fits)
{
	Fixture plain(GetParam());
	auto same = [&](Import_options const &options) {
		Fixture hinted(GetParam(), options);
		EXPECT_EQ(hinted.plan.report().layout, plain.plan.report().layout);
		EXPECT_EQ(hinted.plan.report().map_address, plain.plan.report().map_address);
		EXPECT_EQ(hinted.manifest().getObjects().size(), plain.manifest().getObjects().size());
		EXPECT_EQ(hinted.manifest().getBadgeTrees().size(),
				  plain.manifest().getBadgeTrees().size());
	};
	same({ .kernel = Schema::Kernel::FOC });
	same({ .genode_version = "26.02" });
	same({ .kernel = Schema::Kernel::FOC, .genode_version = "25.02" });
	same({ .capability_map = number(plain.json["capMap"]["array"]) });
}

INSTANTIATE_TEST_SUITE_P(Fixtures, Foc,
						 ::testing::Values("foc-counter", "foc-server-1", "foc-server-2",
										   "foc-churn-1", "foc-churn-2", "foc-churn-3"),
						 [](auto const &info) {
							 std::string name = info.param;
							 std::replace(name.begin(), name.end(), '-', '_');
							 return name;
						 });

TEST(Import_fixture, Linux_entries)
{
	Fixture f("linux-server");
	EXPECT_EQ(f.manifest().getKernel(), Schema::Kernel::LINUX);
	auto const space = f.manifest().getCapabilitySpaces()[0];
	auto const layout = space.getLayout();
	Json const &map = f.json["capSpace"];
	EXPECT_EQ(layout.getRelease(), "linux 20.05-26.02");
	EXPECT_EQ(layout.getArray(), number(map["array"]));
	EXPECT_EQ(layout.getRoot(), number(map["tree"]));
	EXPECT_EQ(layout.getStride(), map["stride"].get<unsigned>());
	EXPECT_EQ(layout.getCount(), map["count"].get<unsigned>());
	EXPECT_EQ(layout.getIdOffset(), map["keyOffset"].get<unsigned>());
	EXPECT_EQ(layout.getRefOffset(), map["refOffset"].get<unsigned>());
	EXPECT_EQ(layout.getSocketOffset(), map["socketOffset"].get<unsigned>());
	EXPECT_EQ(layout.getForeignOffset(), map["foreignOffset"].get<unsigned>());
	EXPECT_EQ(layout.getNodeOffset(), map["avlOffset"].get<unsigned>());
	EXPECT_EQ(layout.getAllocatorLock(), 0u);
	EXPECT_FALSE(layout.getHasSelectors());

	auto const entries = space.getEntries();
	ASSERT_EQ(entries.size(), f.json["entries"].size());
	std::map<std::tuple<std::int64_t, int, bool>, std::uint32_t> objects;
	unsigned in_tree = 0;

	for (unsigned i = 0; i < entries.size(); i++) {
		Json const &want = f.json["entries"][i];
		auto const have = entries[i];
		SCOPED_TRACE(want.dump());
		std::int64_t const key = want["key"].get<std::int64_t>();
		int const socket = want["socket"].get<int>();
		bool const foreign = want["foreign"].get<bool>();

		EXPECT_EQ(have.getIndex(), want["index"].get<unsigned>());
		EXPECT_EQ(layout.getArray() + have.getIndex() * layout.getStride(), number(want["slot"]));
		EXPECT_EQ(std::int64_t(f.id_of(have)), key);
		EXPECT_EQ(have.getRefCount(), want["refCount"].get<unsigned>());
		EXPECT_EQ(have.getSocket(), socket);
		EXPECT_EQ(have.getForeign(), foreign);
		EXPECT_EQ(have.getInTree(), want["inTree"].get<bool>());
		EXPECT_EQ(have.getKcap(), 0u);
		EXPECT_EQ(have.getState(), key == -1 ? EntryState::EMPTY : EntryState::LIVE);
		in_tree += have.getInTree();

		/* equal in all three: one object; different in one: another */
		if (key == -1) continue;
		auto const [it, fresh] = objects.insert({ { key, socket, foreign }, have.getObject() });
		EXPECT_EQ(it->second, have.getObject());
		if (fresh) {
			for (auto const &[other, id] : objects)
				if (other != it->first) {
					EXPECT_NE(id, have.getObject());
				}
		}
	}
	EXPECT_EQ(in_tree, f.json["inTree"].get<unsigned>());
	EXPECT_EQ(f.manifest().getRawBadges().size(), 0u);
}

TEST(Import_fixture, Pools_of_one_component_on_two_kernels)
{
	auto sizes = [](Fixture &f) {
		std::multiset<std::size_t> result;
		for (auto const tree : f.manifest().getBadgeTrees()) result.insert(tree.getNodes().size());
		return result;
	};
	Fixture on_linux("linux-server"), on_foc("foc-server-1");
	EXPECT_EQ(sizes(on_linux), sizes(on_foc));
	EXPECT_EQ(sizes(on_linux), (std::multiset<std::size_t> { 52, 77 }));

	/* the objects in them are the component's own */
	std::size_t native = 0;
	for (auto const object : on_linux.manifest().getObjects())
		native += object.isNativeCapability();
	EXPECT_EQ(native, 52u + 77u);
}

TEST(Import_fixture, Linux_threads)
{
	Fixture f("linux-server");
	std::uint64_t id = 14005, threads = 0;
	for (auto const object : f.manifest().getObjects()) {
		if (!object.isThread()) continue;
		threads++;
		auto const thread = object.getThread();
		EXPECT_EQ(thread.getNativeId(), id++);
		EXPECT_EQ(thread.getPd(), 1u);
		EXPECT_EQ(thread.getFpu().getFormat(), Schema::FpuFormat::FXSAVE);
		EXPECT_EQ(thread.getFpu().getState().size(), 512u);
		ASSERT_TRUE(thread.getRegisters().isX86x64());
		auto const r = thread.getRegisters().getX86x64();
		EXPECT_EQ(r.getIp(), 0x500ac2bau);
		EXPECT_EQ(r.getCs(), 0x33u);
		EXPECT_EQ(r.getSs(), 0x2bu);
		EXPECT_EQ(thread.getNotes().size(), 0u);
	}
	EXPECT_EQ(threads, 5u);
	EXPECT_EQ(f.manifest().getFpuSize(), 512u);
}

TEST(Import_fixture, Regions_are_the_segments_up_to_the_highest_address)
{
	Fixture f("linux-server");
	auto const regions = f.object(2).getRegionMap().getRegions();
	auto const segments = f.core.segments();
	ASSERT_EQ(regions.size(), segments.size());
	ASSERT_EQ(regions.size(), 29u);
	EXPECT_EQ(f.object(1).getPdSession().getAddressSpace(), 2u);

	std::size_t stored = 0;
	for (unsigned i = 0; i < regions.size(); i++) {
		EXPECT_EQ(regions[i].getAddress(), segments[i].address);
		EXPECT_EQ(regions[i].getSize(), segments[i].size);
		EXPECT_EQ(regions[i].getReadable(), segments[i].readable);
		EXPECT_EQ(regions[i].getWriteable(), segments[i].writeable);
		EXPECT_EQ(regions[i].getExecutable(), segments[i].executable);
		EXPECT_EQ(regions[i].getDataspace(), 3 + i);

		auto const dataspace = f.object(3 + i).getDataspace();
		bool const captured = segments[i].file_size != 0;
		stored += captured;
		EXPECT_EQ(dataspace.getSize(), segments[i].size);
		EXPECT_EQ(dataspace.getStored(), captured);
		EXPECT_EQ(dataspace.getAbsentReason(),
				  captured ? Schema::AbsentReason::NONE : Schema::AbsentReason::NOT_CAPTURED);
	}
	EXPECT_EQ(regions[28].getAddress(), 0xffffffffff600000u);
	EXPECT_EQ(f.plan.pieces().size(), stored);
}

TEST(Import_fixture, No_map_where_none_is_looked_for_or_the_hints_exclude_it)
{
	Fixture unsearched("foc-counter", { .search = false });
	EXPECT_FALSE(unsearched.manifest().getMemorySearched());
	EXPECT_EQ(unsearched.manifest().getCapabilitySpaces().size(), 0u);

	for (Import_options const &options : { Import_options { .kernel = Schema::Kernel::SEL4 },
										   Import_options { .kernel = Schema::Kernel::HW },
										   Import_options { .genode_version = "16.08" } })
	{
		Fixture f("foc-counter", options);
		EXPECT_TRUE(f.manifest().getMemorySearched());
		EXPECT_EQ(f.manifest().getCapabilitySpaces().size(), 0u);
		EXPECT_EQ(f.manifest().getBadgeTrees().size(), 0u);
		EXPECT_EQ(f.manifest().getKernel(), options.kernel);
	}

	EXPECT_THROW(Fixture("foc-counter", { .capability_map = 0x12e230 }), Image_error);
	EXPECT_THROW(Fixture("foc-counter", { .capability_map = 0xdead0000 }), Image_error);
	EXPECT_THROW(Fixture("foc-counter", { .genode_version = "new" }), Image_error);
}

TEST(Import_fixture, Map_at_an_address_without_a_search)
{
	Fixture f("foc-counter", { .search = false, .capability_map = 0x12e22c });
	EXPECT_FALSE(f.manifest().getMemorySearched());
	ASSERT_EQ(f.manifest().getCapabilitySpaces().size(), 1u);
	EXPECT_EQ(f.manifest().getCapabilitySpaces()[0].getEntries().size(), 52u);
	EXPECT_EQ(f.manifest().getBadgeTrees().size(), 0u);
}

}
