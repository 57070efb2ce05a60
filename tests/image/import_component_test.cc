/*
 * Import of generated components: every known layout, with what the generator knows of them
 */

#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "libimage/capability_layout.h"
#include "libimage/core/cap_descriptor.h"
#include "libimage/core/manifest_check.h"
#include "libimage/image_error.h"
#include "libimage/import.h"
#include "libimage/manifest.h"
#include "tests/support/component_image.h"
#include "tests/support/elf_core_check.h"
#include "tests/support/imported_image.h"

namespace
{

using namespace Capimg;
using Capimg::Test::Component;
using Capimg::Test::Component_entry;
using Capimg::Test::core_of;
using Schema::EntryState;

struct Imported
{
	std::string file;
	Elf_core core;
	Import_plan plan;

	explicit Imported(Component const &component, Import_options const &options = {})
		: file(core_of(component)),
		  core("generated.core", { file.data(), file.size() }),
		  plan(core, options)
	{}

	Schema::Manifest::Reader manifest() { return plan.manifest().asReader(); }

	Schema::Object::Reader object(std::uint32_t id) { return manifest().getObjects()[id - 1]; }
};

class Import_component : public ::testing::TestWithParam<unsigned>
{
  public:
	/* maps of okl4 and pistachio look alike: the kernel decides which of the two it is */
	static Import_options hints(Cap_layout const &layout)
	{
		return { .kernel = schema_kernel(layout.kernel) };
	}
};

TEST_P(Import_component, Entries_objects_and_pools)
{
	for (std::uint64_t const seed : { 1u, 2u, 3u }) {
		for (bool const split : { false, true }) {
			Component const component({ .layout = GetParam(), .seed = seed, .split = split });
			Imported imported(component, hints(component.layout()));
			Cap_map const &map = component.map();
			bool const sockets = map.socket_offset != CAP_NO_OFFSET;

			ASSERT_EQ(imported.manifest().getCapabilitySpaces().size(), 1u);
			auto const space = imported.manifest().getCapabilitySpaces()[0];
			std::vector<std::byte> const message = encode_manifest(imported.manifest());
			auto const core =
				*Wire::open<Metadata::Manifest>({ message.data(), message.size() }, MESSAGE_LIMITS);
			EXPECT_EQ(cap_map_of(core.capability_spaces()[0].layout(), core.kernel()), map);
			EXPECT_FALSE(check_cap_map(map));

			std::vector<Component_entry> const want = component.entries();
			auto const have = space.getEntries();
			ASSERT_EQ(have.size(), want.size());

			using Key = std::tuple<std::uint64_t, std::int32_t, bool>;
			std::map<Key, std::uint32_t> ids;
			std::map<std::uint64_t, std::uint32_t> id_of_index;
			unsigned stale = 0, empty = 0;

			for (unsigned i = 0; i < have.size(); i++) {
				Component_entry const &w = want[i];
				auto const h = have[i];
				EXPECT_EQ(h.getIndex(), w.index);
				EXPECT_EQ(h.getRefCount(), w.ref_count);
				EXPECT_EQ(h.getInTree(), w.in_tree);
				EXPECT_EQ(h.getForeign(), w.foreign);
				EXPECT_EQ(h.getSocket(), sockets ? w.socket : 0);

				if (w.badge == map.invalid_id) {
					EXPECT_EQ(h.getState(), EntryState::EMPTY);
					EXPECT_EQ(h.getObject(), 0u);
					EXPECT_EQ(h.getRawId(), map.invalid_id);
					empty++;
					continue;
				}
				EXPECT_EQ(h.getState(), w.stale ? EntryState::STALE : EntryState::LIVE);
				EXPECT_EQ(h.getRawId(), 0u);
				EXPECT_EQ(imported.object(h.getObject()).getBadge(), w.badge);
				stale += w.stale;

				/* one object for each identity, and no two of them share one */
				Key const key { w.badge, sockets ? w.socket : 0, w.foreign };
				auto const [it, fresh] = ids.insert({ key, h.getObject() });
				EXPECT_EQ(it->second, h.getObject());
				id_of_index[w.index] = h.getObject();
				(void)fresh;
			}
			std::set<std::uint32_t> distinct;
			for (auto const &[key, id] : ids) EXPECT_TRUE(distinct.insert(id).second);
			if (map.kernel == Cap_kernel::FOC) {
				EXPECT_GT(stale, 0u);
				EXPECT_GT(empty, 0u);
			}

			/* pools, as sets of nodes with the objects they hold */
			std::map<std::uint64_t, std::map<std::uint64_t, std::uint32_t>> pools;
			for (auto const &pool : component.pools())
				for (auto const &object : pool.objects)
					pools[pool.tree][object.node] = id_of_index.at(object.index);
			auto const trees = imported.manifest().getBadgeTrees();
			ASSERT_EQ(trees.size(), pools.size());
			std::set<std::uint32_t> native;
			for (auto const tree : trees) {
				std::map<std::uint64_t, std::uint32_t> nodes;
				for (auto const node : tree.getNodes()) {
					nodes[node.getAddress()] = node.getObject();
					native.insert(node.getObject());
				}
				EXPECT_EQ(nodes, pools[tree.getRoot()]);
			}
			for (auto const &[key, id] : ids) {
				bool const parent = imported.object(id).isParentCapability();
				EXPECT_EQ(imported.object(id).isNativeCapability(), native.count(id) && !parent);
			}
		}
	}
}

TEST_P(Import_component, Map_at_an_address)
{
	Component const component({ .layout = GetParam(), .seed = 9 });
	Import_options options = hints(component.layout());
	options.capability_map = component.map().array;
	options.search = false;
	Imported imported(component, options);
	ASSERT_EQ(imported.manifest().getCapabilitySpaces().size(), 1u);
	EXPECT_EQ(imported.manifest().getCapabilitySpaces()[0].getEntries().size(),
			  component.entries().size());
}

std::string row_name(::testing::TestParamInfo<unsigned> const &info)
{
	Cap_layout const &layout = cap_layouts().rows[info.param];
	std::string name = std::string(cap_kernel_name(layout.kernel)) + "_" + layout.genode + "_" +
					   std::to_string(8 * layout.word_bytes);
	for (char &c : name)
		if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
	return name;
}

INSTANTIATE_TEST_SUITE_P(Layouts, Import_component, ::testing::Range(0u, cap_layouts().count),
						 row_name);

TEST(Import_component_once, Kernels_that_look_alike_are_both_named)
{
	for (unsigned row = 0; row < cap_layouts().count; row++) {
		Cap_layout const &layout = cap_layouts().rows[row];
		bool const twin =
			layout.kernel == Cap_kernel::OKL4 || layout.kernel == Cap_kernel::PISTACHIO;
		Imported imported(Component({ .layout = row, .seed = 5 }));
		std::string const name = imported.plan.report().layout;
		std::string const own = std::string(cap_kernel_name(layout.kernel)) + " " + layout.genode;
		EXPECT_NE(name.find(own), std::string::npos) << name;
		EXPECT_EQ(name.find(" or ") != std::string::npos, twin) << name;
	}
}

TEST(Import_component_once, Damaged_memory_is_an_image_or_an_error)
{
	std::mt19937_64 random(7);
	for (unsigned row = 0; row < cap_layouts().count; row++) {
		for (unsigned round = 0; round < 20; round++) {
			Component component(
				{ .layout = row, .seed = round, .count = 256, .capabilities = 60, .churn = 60 });
			Cap_map const &map = component.map();
			for (unsigned n = 1 + unsigned(random() % 40); n; n--) {
				bool const at_root = random() % 8 == 0;
				std::uint64_t const at =
					at_root ? map.root + random() % 40 : map.array + random() % (map.size() - 8);
				std::uint64_t const value =
					random() % 2 ? map.slot(random() % map.count) : random();
				component.memory().store(at, value, map.word_bytes);
			}
			std::string const file = core_of(component);
			auto const *bytes = reinterpret_cast<std::uint8_t const *>(file.data());
			Capimg::Test::Core_outcome const outcome =
				Capimg::Test::check_elf_core({ bytes, file.size() });
			ASSERT_EQ(outcome.broken, "") << row << ", " << round << ": " << outcome.message;

			/* at its address it is read even if its tree makes no sense */
			Import_options options = Import_component::hints(component.layout());
			options.capability_map = map.array;
			try {
				Imported imported(component, options);
				EXPECT_LE(imported.plan.report().entries, map.count);
			} catch (Image_error const &error) {
				EXPECT_FALSE(error.info().message.empty());
			}
		}
	}
}

/* the parent stands where the loader's writeable segment begins */
TEST(Import_component_once, Raw_badge_where_the_memory_of_the_map_begins)
{
	Component component({ .layout = 0, .seed = 4 });
	auto parent_badge = component.memory().load(
		component.map().slot(0xb) + component.map().id_offset, component.map().id_width);

	/* segment that holds the map */
	std::uint64_t start = 0;
	for (auto const &[address, bytes] : component.memory().segments())
		if (address <= component.map().array) start = address;

	/* wherever the generator puts it, let only this place have it */
	component.memory().store(component.raw_parent(), 0, 8);
	{
		Imported imported(component);
		EXPECT_EQ(imported.manifest().getRawBadges().size(), 0u);
	}
	component.memory().store(start, parent_badge, 8);
	{
		Imported imported(component);
		ASSERT_EQ(imported.manifest().getRawBadges().size(), 1u);
		auto const raw = imported.manifest().getRawBadges()[0];
		EXPECT_EQ(raw.getAddress(), start);
		EXPECT_EQ(raw.getWidth(), 8u);
		EXPECT_TRUE(imported.object(raw.getObject()).isParentCapability());
		EXPECT_EQ(imported.object(raw.getObject()).getBadge(), parent_badge);
	}

	/* the core may have split the segment, at a place before the map */
	component.memory().split(start + 4096 < component.map().array ? start + 4096 : start);
	Imported imported(component);
	ASSERT_EQ(imported.manifest().getRawBadges().size(), 1u);
	EXPECT_EQ(imported.manifest().getRawBadges()[0].getAddress(), start);
}

}
