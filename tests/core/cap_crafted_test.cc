/*
 * Memory crafted or mutated against the search: bounded work, no crash
 */

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tests/support/cap_search.h"
#include "tests/support/component.h"

using namespace Capimg;
using Test_options = Capimg::Test::Component_options;
using Capimg::Test::Component;
using Capimg::Test::find;
using Capimg::Test::place_of;
using Capimg::Test::read_everything;
using Capimg::Test::Segment_memory;

namespace
{

/* counts how often anything asks for bytes: the measure of work done */
struct Counting_memory : Segment_memory
{
	mutable uint64_t calls = 0;

	Status read(uint64_t addr, Bytes dst) const override
	{
		calls++;
		return Segment_memory::read(addr, dst);
	}
	Const_bytes peek(uint64_t addr, size_t size) const override
	{
		calls++;
		return Segment_memory::peek(addr, size);
	}
};

rc::Gen<uint64_t> one_of(std::vector<uint64_t> values) { return rc::gen::elementOf(values); }

}

/* what costs most: structures that look good until the last moment, many times over */
TEST(Cap_crafted, CraftedMemoryCostsLinearWork)
{
	constexpr uint64_t BASE = 0x10000000, SIZE = 4 << 20;

	struct Case
	{
		char const *name;
		std::function<void(Segment_memory &)> craft;
	};
	Case const cases[] {
		{ "every third word is a tree object, all of one node",
		  [](Segment_memory &m) {
			  for (uint64_t at = 0x1000; at + 64 < SIZE; at += 24) {
				  m.store(BASE + at, BASE + 0x40, 8);
				  m.store(BASE + at + 24, 3, 1);
			  }
		  } },
		{ "one chain through all of memory",
		  [](Segment_memory &m) {
			  for (uint64_t at = 0; at + 96 < SIZE; at += 32) {
				  m.store(BASE + at, BASE + at + 32, 8);
				  m.store(BASE + at + 32 + 16, at ? BASE + at : 0, 8);
				  m.store(BASE + at + 24, 255 - (at / 32) % 255, 1);
			  }
		  } },
		{ "pointers back to one large array of free list entries",
		  [](Segment_memory &m) {
			  m.store(BASE, 0x5000, 4);
			  m.store(BASE + 4, 1, 4);
			  for (uint64_t at = SIZE / 2; at < SIZE; at += 4) m.store(BASE + at, BASE + 8, 4);
		  } },
		{ "bit allocators everywhere",
		  [](Segment_memory &m) {
			  for (uint64_t at = 0x100; at + 64 < SIZE; at += 32) {
				  m.store(BASE + at + 8, 64, 4);
				  m.store(BASE + at + 12, 1, 4);
				  m.store(BASE + at + 16, BASE + at + 24, 8);
			  }
		  } },
	};

	for (Case const &c : cases) {
		Counting_memory memory;
		memory.add(BASE, std::vector<uint8_t>(SIZE));
		c.craft(memory);
		EXPECT_EQ(find(memory).count, 0u) << c.name;
		EXPECT_LT(memory.calls, 8 * (Limit::MIN_SEARCH_BUDGET + SIZE)) << c.name;
	}
}

RC_GTEST_PROP(Cap_crafted_property, MutatedMemoryNeverHangsAndFindsAreReadable, ())
{
	Test_options options {};
	options.layout = *rc::gen::inRange(0u, cap_layouts().count);
	options.seed = *rc::gen::inRange(0, 20);
	options.count = 1024;
	options.capabilities = 60;
	options.churn = 60;
	Component c(options);

	/* mostly in the array and its neighbourhood, with values that mean something there */
	auto const changes = *rc::gen::inRange(1, 40);
	for (int i = 0; i < changes; i++) {
		uint64_t const span = c.map().size() + 0x1000;
		uint64_t const at = 0x2000000 + *rc::gen::inRange<uint64_t>(0, span / 4) * 4;
		uint64_t const value = *rc::gen::oneOf(
			one_of({ 0, 1, ~0ull, 0xffff, c.map().root, c.map().array }),
			rc::gen::map(rc::gen::inRange<uint64_t>(0, c.map().count),
						 [&](uint64_t n) { return c.map().slot(n) + c.layout().node_offset; }),
			rc::gen::arbitrary<uint64_t>());
		if (c.memory().at(at).size() >= 8) c.memory().store(at, value, c.map().word_bytes);
	}

	Status status {};
	read_everything(c.memory(), c.map(), status);

	Cap_find_result const found = find(c.memory());
	for (unsigned i = 0; i < found.count; i++) {
		read_everything(c.memory(), found.candidates[i].map, status);
		RC_ASSERT(!status);
	}
	(void)find(c.memory(), place_of(c.map()));
}

/* descriptors come from images: any numbers, any memory */
RC_GTEST_PROP(Cap_crafted_property, AnyDescriptorIsRefusedOrBounded, ())
{
	static Component const c({});

	Cap_map map = c.map();
	map.array += *one_of({ 0, 4, 40, ~0ull, 1ull << 63 });
	map.root = *one_of({ map.root, 0, map.array, ~0ull, 0x40000000 });
	map.count = *one_of({ 4096, 1, 70000, 0, ~0ull });
	map.stride = uint32_t(*one_of({ 40, 4, 44, 256, 0, 7, ~0u }));
	map.structure = *rc::gen::element(Cap_structure::TREE, Cap_structure::LIST);
	if (map.structure == Cap_structure::LIST) map.depth_offset = CAP_NO_OFFSET;
	map.kernel = *rc::gen::element(Cap_kernel::FOC, Cap_kernel::LINUX, Cap_kernel(9));
	map.id_offset = uint32_t(*one_of({ 36, 0, 37, ~0u }));

	std::vector<uint8_t> bits(Limit::MAX_CAP_ENTRIES / 8);
	Cap_reader reader(c.memory(), map, Bytes(bits.data(), bits.size()));
	Status const opened = reader.open();
	if (check_cap_map(map)) {
		RC_ASSERT(opened.code == check_cap_map(map).code);
		RC_ASSERT(reader.next_used(0).error().code == Code::BAD_STATE);
	} else {
		Status status {};
		read_everything(c.memory(), map, status);
		RC_ASSERT(status.code == opened.code);
	}
}
