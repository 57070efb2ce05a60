/*
 * Core with little or no memory of the caller's: searches, sorting, messages that are only counted
 */

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "libimage/core/cap_find.h"
#include "libimage/core/generated/image.h"
#include "libimage/core/sort.h"
#include "tests/support/cap_search.h"
#include "tests/support/component.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

unsigned found(Component const &component, size_t size, Code expected = Code::OK)
{
	std::vector<uint8_t> work(size);
	Cap_find_result result {};
	Cap_hints hints {};
	hints.kernel = component.layout().kernel;
	EXPECT_EQ(find_cap_maps(component.memory(), hints, Bytes(work.data(), size), result).code,
			  expected);
	return result.count;
}

}

/* bits are for lists alone: a bit for each entry of the longest one that is to be found */
TEST(Cap_find_work, bits_for_lists_only)
{
	for (unsigned layout = 0; layout < cap_layouts().count; layout++) {
		Component const component({ .layout = layout });
		component.memory().segments();
		bool const list = component.layout().structure == Cap_structure::LIST;
		size_t const bits = size_t(component.map().count + 7) / 8;

		EXPECT_EQ(found(component, CAP_FIND_MIN_WORK - 1, Code::NO_SPACE), 0u);
		EXPECT_EQ(found(component, CAP_FIND_MIN_WORK), list ? 0u : 1u);
		EXPECT_EQ(found(component, CAP_FIND_MIN_WORK + bits), 1u);
		if (list) EXPECT_EQ(found(component, CAP_FIND_MIN_WORK + bits - 1), 0u);
	}
}

RC_GTEST_PROP(Sort_in_place, sorts, (std::vector<unsigned> items))
{
	auto sorted = items;
	sort_in_place(
		uint32_t(sorted.size()), [&](uint32_t a, uint32_t b) { return sorted[a] < sorted[b]; },
		[&](uint32_t a, uint32_t b) { std::swap(sorted[a], sorted[b]); });
	std::sort(items.begin(), items.end());
	RC_ASSERT(sorted == items);
}

/* the same calls give the same size, up to the largest message and no further */
TEST(Wire_builder_counting, counts_without_memory)
{
	auto const build = [](Wire::Builder &builder) {
		auto const root = builder.init_root<Metadata::Manifest>();
		root.label("label");
		root.sequence(5);
		auto const features = root.init_cpu_features(2);
		features.set(0, "a");
		features.set(1, "a longer one");
		auto const objects = root.init_objects(1);
		objects[0].init_rm_session().init_region_maps(3).set(2, 7);
	};
	std::vector<uint8_t> memory(1000);
	Wire::Builder real(Bytes(memory.data(), memory.size()));
	Wire::Builder counting;
	build(real);
	build(counting);
	EXPECT_EQ(real.finish()->size(), counting.used());
	EXPECT_FALSE(counting.status());
	EXPECT_EQ(counting.finish()->size(), 0u);

	Wire::Builder large;
	auto const root = large.init_root<Metadata::Manifest>();
	root.epoch(Const_bytes(nullptr, Wire::MAX_ELEMENTS));
	EXPECT_FALSE(large.status());
	(void)root.init_objects(Wire::MAX_ELEMENTS / 8);
	EXPECT_EQ(large.status().code, Code::NO_SPACE);
}
