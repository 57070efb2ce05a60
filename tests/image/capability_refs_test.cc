/*
 * Who holds which capability: against the independent decoder, and against a search without
 * any wit in generated components
 */

#include <gtest/gtest.h>

#include "libimage/capability_refs.h"
#include "libimage/compression.h"
#include "libimage/core/cap_descriptor.h"
#include "libimage/image_error.h"
#include "tests/support/imported_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

Cap_map map_of(Image const &image)
{
	auto const manifest = image.core_manifest();
	return cap_map_of(manifest.capability_spaces()[0].layout(), manifest.kernel());
}

using Refs = std::vector<Capability_refs::Ref>;

/* every aligned word of all segments, those of the map's own object left out */
Refs naive_refs(Component const &component)
{
	Cap_map const &map = component.map();
	std::set<std::uint64_t> used;
	for (Component_entry const &entry : component.entries()) used.insert(entry.index);

	std::uint64_t const end = align_up(map.size(), map.word_bytes) + map.word_bytes;
	Refs refs;
	for (auto const &[begin, bytes] : component.memory().segments()) {
		for (std::uint64_t at = align_up(begin, map.word_bytes);
			 at + map.word_bytes <= begin + bytes.size(); at += map.word_bytes)
		{
			std::uint64_t const value = component.memory().load(at, map.word_bytes);
			if (value < map.array || (value - map.array) % map.stride) continue;
			std::uint64_t const index = (value - map.array) / map.stride;
			bool const internal = (at >= map.array && at < map.array + end) || at == map.root;
			if (used.count(index) && !internal) refs.push_back({ at, std::uint32_t(index) });
		}
	}
	std::sort(refs.begin(), refs.end(), [](auto const &a, auto const &b) {
		return std::pair(a.index, a.address) < std::pair(b.index, b.address);
	});
	return refs;
}

}

class Capability_refs_fixture : public testing::TestWithParam<char const *>
{};

TEST_P(Capability_refs_fixture, As_many_as_the_decoder_counted)
{
	auto const truth = fixture_truth(GetParam());
	for (Codec_id const codec : { Codec_id::RAW, Codec_id::ZSTD }) {
		Profile profile {};
		profile.codec = codec;
		profile.level = std::int8_t(codec_levels(codec).usual);
		profile.codec_version = codec_version(codec);
		Image const image = import_fixture(GetParam(), {}, profile);
		Address_space const space(image);
		Cap_map const map = map_of(image);
		Capability_refs const refs(image, space, map);

		if (truth.contains("capabilityVariables")) {
			EXPECT_EQ(refs.all().size() + refs.internal(),
					  truth["capabilityVariables"].get<std::uint64_t>());
		}
		EXPECT_GT(refs.all().size(), truth["entries"].size() / 2);

		/* links lead to nodes, which are at the begin of an entry in some layouts only */
		EXPECT_EQ(refs.internal() > 0, map.node_offset == 0);

		std::size_t sum = 0;
		for (auto const entry : image.manifest().getCapabilitySpaces()[0].getEntries())
			sum += refs.of(entry.getIndex()).size();
		EXPECT_EQ(sum, refs.all().size());

		for (std::size_t i = 0; i < refs.all().size(); i++) {
			auto const &ref = refs.all()[i];
			std::uint64_t word = 0;
			ASSERT_FALSE(space.read(ref.address, Bytes(&word, 8)));
			EXPECT_EQ(word, map.slot(ref.index));
			if (!i) continue;
			auto const &last = refs.all()[i - 1];
			EXPECT_LT(std::pair(last.index, last.address), std::pair(ref.index, ref.address));
		}

		/* each object in a pool is held by its node */
		for (auto const tree : image.manifest().getBadgeTrees())
			for (auto const node : tree.getNodes()) {
				std::uint64_t const at = node.getAddress() + tree.getCapabilityOffset();
				EXPECT_TRUE(std::ranges::any_of(
					refs.all(), [&](auto const &ref) { return ref.address == at; }));
			}
	}
}

INSTANTIATE_TEST_SUITE_P(All, Capability_refs_fixture,
						 testing::Values("foc-counter", "foc-server-1", "foc-server-2",
										 "foc-churn-1", "foc-churn-2", "foc-churn-3",
										 "linux-server"),
						 [](auto const &info) {
							 std::string name = info.param;
							 std::replace(name.begin(), name.end(), '-', '_');
							 return name;
						 });

TEST(Capability_refs, Every_layout)
{
	for (unsigned layout = 0; layout < cap_layouts().count; layout++)
		for (std::uint64_t const seed : { 1u, 2u })
			for (bool const split : { false, true }) {
				SCOPED_TRACE(std::to_string(layout) + " " + std::to_string(seed));
				Component const component({ .layout = layout, .seed = seed, .split = split });
				Image const image = import_component(component);
				Capability_refs const refs(image, Address_space(image), component.map());

				EXPECT_EQ(refs.all(), naive_refs(component));
				std::set<std::uint64_t> addresses;
				for (auto const &ref : refs.all()) addresses.insert(ref.address);
				EXPECT_EQ(addresses.size(), refs.all().size());
				EXPECT_TRUE(std::ranges::includes(addresses, component.variables()));
			}
}

TEST(Capability_refs, More_than_the_limit)
{
	Component const component({});
	Image const image = import_component(component);
	Address_space const space(image);
	std::size_t const all = Capability_refs(image, space, component.map()).all().size();

	EXPECT_EQ(Capability_refs(image, space, component.map(), all).all().size(), all);
	try {
		Capability_refs(image, space, component.map(), all - 1);
		FAIL();
	} catch (Image_error const &error) {
		EXPECT_EQ(error.info().code, Code::LIMIT);
	}
}

TEST(Capability_refs, Maps_that_make_no_sense)
{
	Image const image = import_component(Component({}));
	Address_space const space(image);
	Cap_map map = map_of(image);
	map.count = ~0ull;
	EXPECT_THROW(Capability_refs(image, space, map), Image_error);
	map.stride = 0;
	EXPECT_THROW(Capability_refs(image, space, map), Image_error);
}
