/*
 * Searching again: agrees with what import declared, and names every way in which a manifest can
 * say otherwise
 */

#include <gtest/gtest.h>

#include "libimage/capability_layout.h"
#include "libimage/capability_scan.h"
#include "libimage/image_error.h"
#include "tests/support/imported_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using Map_result = Capability_scan::Map_result;

Capability_scan scan(Image const &image) { return { image, Address_space(image) }; }

/* the scan of a component whose manifest was changed */
Capability_scan edited(Component const &component, Edit const &edit)
{
	return scan(import_component(component, {}, edit));
}

std::string texts(Capability_scan const &scan)
{
	std::string text;
	for (auto const &difference : scan.differences()) text += difference.text + "\n";
	return text;
}

auto layout_of(Schema::Manifest::Builder manifest)
{
	return manifest.getCapabilitySpaces()[0].getLayout();
}

}

TEST(Capability_scan, Fixtures_agree)
{
	for (char const *name : { "foc-counter", "foc-server-1", "foc-server-2", "foc-churn-1",
							  "foc-churn-2", "foc-churn-3", "linux-server" })
	{
		SCOPED_TRACE(name);
		auto const truth = fixture_truth(name);
		bool const foc = truth.contains("capMap");
		Capability_scan const result = scan(import_fixture(name));
		EXPECT_EQ(result.map_result(), Map_result::SAME) << texts(result);
		EXPECT_TRUE(result.agree()) << texts(result);
		EXPECT_FALSE(result.exhausted());
		EXPECT_EQ(result.found(), result.declared());
		EXPECT_EQ(result.parent_found().has_value(), foc);
		EXPECT_EQ(result.parent_found(), result.parent_declared());

		/* nothing of it comes from the manifest */
		Capability_scan const again = scan(import_fixture(name, { .search = false }));
		EXPECT_EQ(again.map_result(), Map_result::UNDECLARED);
		EXPECT_EQ(again.found(), result.found());
		EXPECT_EQ(again.parent_found(), result.parent_found());
		ASSERT_EQ(again.pools().size(), result.pools().size());
		EXPECT_EQ(again.differences().size(), 1 + again.pools().size() + foc);
		for (std::size_t i = 0; i < again.pools().size(); i++) {
			EXPECT_EQ(again.pools()[i].tree, result.pools()[i].tree);
			EXPECT_TRUE(again.pools()[i].found);
			EXPECT_FALSE(again.pools()[i].declared);
			if (!foc) continue;
			EXPECT_EQ(again.pools()[i].tree, number(truth["objectPools"][i]["tree"]));
			EXPECT_EQ(again.pools()[i].nodes.size(),
					  truth["objectPools"][i]["objects"].get<std::size_t>());
		}
	}
}

TEST(Capability_scan, Every_layout_agrees_and_lists_pools)
{
	for (unsigned layout = 0; layout < cap_layouts().count; layout++)
		for (bool const split : { false, true }) {
			Component const component({ .layout = layout, .seed = 3, .split = split });
			Capability_scan const result = scan(import_component(component));
			SCOPED_TRACE(std::to_string(layout) + " " + texts(result));
			EXPECT_EQ(result.map_result(), Map_result::SAME);
			EXPECT_TRUE(result.agree());
			EXPECT_EQ(result.found(), component.map());

			auto const want = component.pools();
			ASSERT_EQ(result.pools().size(), want.size());
			for (std::size_t p = 0; p < want.size(); p++) {
				Capability_scan::Pool const &pool = result.pools()[p];
				EXPECT_EQ(pool.tree, want[p].tree);
				ASSERT_EQ(pool.nodes.size(), want[p].objects.size());
				std::map<std::uint64_t, std::uint64_t> index_of;
				for (auto const &object : want[p].objects) index_of[object.node] = object.index;
				for (auto const &node : pool.nodes) EXPECT_EQ(node.index, index_of.at(node.node));
			}
		}
}

TEST(Capability_scan, Another_place)
{
	Component const component({});
	Capability_scan const result = edited(component, [&](auto manifest) {
		layout_of(manifest).setArray(component.map().array + component.map().stride);
		layout_of(manifest).setCount(component.map().count - 1);
	});
	EXPECT_EQ(result.map_result(), Map_result::OTHER);
	EXPECT_NE(texts(result).find("array is"), std::string::npos) << texts(result);
	EXPECT_NE(texts(result).find("count is"), std::string::npos) << texts(result);
	EXPECT_EQ(result.found(), component.map());
}

TEST(Capability_scan, Another_form)
{
	for (char const *field : { "max badge", "root", "ref offset" }) {
		Component const component({});
		Capability_scan const result = edited(component, [&](auto manifest) {
			auto layout = layout_of(manifest);
			if (field == std::string("max badge")) layout.setMaxBadge(0xfff);
			if (field == std::string("root")) layout.setRoot(0);
			if (field == std::string("ref offset")) layout.setRefOffset(layout.getIdOffset());
		});
		EXPECT_EQ(result.map_result(), Map_result::OTHER) << field;
		EXPECT_FALSE(result.agree()) << field;
	}
}

TEST(Capability_scan, Declared_and_not_there)
{
	/* memory that never held a map */
	Component component({});
	for (auto const &[address, bytes] : component.memory().segments())
		component.memory().at(address).zero();
	Component const whole({});

	std::string const file = core_of(component);
	Elf_core const core("zero.core", { file.data(), file.size() });
	Image const image = import_core(core, {}, {}, [&](Schema::Manifest::Builder manifest) {
		manifest.setKernel(Schema::Kernel::FOC);
		auto space = manifest.initCapabilitySpaces(1)[0];
		space.setPd(1);
		Image const declared = import_component(whole);
		space.setLayout(declared.manifest().getCapabilitySpaces()[0].getLayout());
		auto tree = manifest.initBadgeTrees(1)[0];
		tree.setRole(Schema::TreeRole::OBJECT_POOL);
		tree.setRoot(whole.pools()[0].tree);
		tree.setCapabilityOffset(32);
		auto node = tree.initNodes(1)[0];
		node.setAddress(whole.pools()[0].objects[0].node);
		node.setObject(1);
	});
	Capability_scan const result = scan(image);
	EXPECT_EQ(result.map_result(), Map_result::LOST);
	EXPECT_EQ(result.differences().size(), 2u) << texts(result);
	ASSERT_EQ(result.pools().size(), 1u);
	EXPECT_FALSE(result.pools()[0].found);
}

TEST(Capability_scan, Nothing_at_all)
{
	Component component({});
	for (auto const &[address, bytes] : component.memory().segments())
		component.memory().at(address).zero();
	std::string const file = core_of(component);
	Elf_core const core("zero.core", { file.data(), file.size() });
	Capability_scan const result = scan(import_core(core));
	EXPECT_EQ(result.map_result(), Map_result::NONE);
	EXPECT_TRUE(result.agree());
	EXPECT_FALSE(result.found());
}

TEST(Capability_scan, A_map_too_small_to_be_found)
{
	unsigned small = 0;
	for (unsigned layout = 0; layout < cap_layouts().count; layout++) {
		Component const component(
			{ .layout = layout, .capabilities = 1, .churn = 0, .pools = 0, .variables = 0 });
		std::string const file = core_of(component);
		Elf_core const core("small.core", { file.data(), file.size() });
		Import_options options {};
		options.capability_map = component.map().array;
		options.kernel = schema_kernel(component.layout().kernel);
		Capability_scan const result = scan(import_core(core, options));

		SCOPED_TRACE(std::to_string(layout) + " " + texts(result));
		EXPECT_TRUE(result.agree());
		bool const few = component.entries().size() < 2;
		EXPECT_EQ(result.map_result(), few ? Map_result::PLACE_ONLY : Map_result::SAME);
		small += few;
	}
	EXPECT_GT(small, 0u);
}

TEST(Capability_scan, Pools)
{
	Component const component({});
	auto const with = [&](auto const &change) {
		return edited(component, [&](auto manifest) { change(manifest); });
	};
	auto const pools = component.pools();

	/* declared elsewhere: one is missing, one is more */
	auto result = with([](auto manifest) {
		auto tree = manifest.getBadgeTrees()[0];
		tree.setRoot(tree.getRoot() + 8);
	});
	EXPECT_EQ(result.map_result(), Map_result::SAME);
	EXPECT_EQ(result.differences().size(), 2u) << texts(result);
	EXPECT_EQ(result.pools().size(), pools.size() + 1);

	/* one node elsewhere */
	result = with([](auto manifest) {
		auto node = manifest.getBadgeTrees()[0].getNodes()[0];
		node.setAddress(node.getAddress() + 8);
	});
	EXPECT_EQ(result.differences().size(), 2u) << texts(result);

	/* two nodes with each other's objects */
	result = with([](auto manifest) {
		auto nodes = manifest.getBadgeTrees()[0].getNodes();
		std::uint32_t const first = nodes[0].getObject();
		nodes[0].setObject(nodes[1].getObject());
		nodes[1].setObject(first);
	});
	EXPECT_EQ(result.differences().size(), 2u) << texts(result);

	result = with([](auto manifest) { manifest.getBadgeTrees()[0].setCapabilityOffset(40); });
	EXPECT_EQ(result.differences().size(), 1u) << texts(result);

	result = with([](auto manifest) { manifest.initBadgeTrees(0); });
	EXPECT_EQ(result.differences().size(), pools.size()) << texts(result);
}

TEST(Capability_scan, The_parent_word)
{
	auto const with = [](Edit const &edit) {
		return scan(import_fixture("foc-counter", {}, {}, edit));
	};
	auto result = with([](auto manifest) { manifest.initRawBadges(0); });
	EXPECT_EQ(result.differences().size(), 1u) << texts(result);
	EXPECT_EQ(result.parent_found(), 0x10d000u);
	EXPECT_FALSE(result.parent_declared());

	result = with([](auto manifest) {
		auto raw = manifest.getRawBadges()[0];
		raw.setAddress(raw.getAddress() + 8);
	});
	EXPECT_EQ(result.differences().size(), 1u) << texts(result);
	EXPECT_EQ(result.parent_declared(), 0x10d008u);
}

TEST(Capability_scan, Declared_kernel_of_another_layout)
{
	Component const component({});
	Capability_scan const result =
		edited(component, [](auto manifest) { manifest.setKernel(Schema::Kernel::LINUX); });
	EXPECT_EQ(result.map_result(), Map_result::OTHER);
	EXPECT_NE(texts(result).find("kernel"), std::string::npos) << texts(result);
}
