/*
 * Finding and reading in generated memory, in every known layout
 */

#include "tests/support/component_compare.h"
#include <gtest/gtest.h>

using namespace Capimg;
using Test_options = Capimg::Test::Component_options;
using Capimg::Test::but_kernel;
using Capimg::Test::Component;
using Capimg::Test::Component_entry;
using Capimg::Test::Component_pool;
using Capimg::Test::difference;
using Capimg::Test::find;
using Capimg::Test::read;

namespace
{

bool has_row(Cap_find_result const &found, unsigned row)
{
	return found.count && (found.candidates[0].layouts >> row & 1);
}

/* every aligned word of memory, looked at one by one */
std::map<uint64_t, uint64_t> references(Component const &c)
{
	unsigned const word = c.map().word_bytes;
	std::map<uint64_t, uint64_t> slots, refs;
	for (Component_entry const &e : c.entries()) slots[c.map().slot(e.index)] = e.index;

	for (auto const &[addr, bytes] : c.memory().segments())
		for (uint64_t at = align_up(addr, word); at + word <= addr + bytes.size(); at += word)
			if (auto it = slots.find(c.memory().load(at, word)); it != slots.end())
				refs[at] = it->second;
	return refs;
}

}

class Cap_generated : public testing::TestWithParam<unsigned>
{};

static std::string row_name(testing::TestParamInfo<unsigned> const &info)
{
	Cap_layout const &l = cap_layouts().rows[info.param];
	std::string const kind = l.structure == Cap_structure::LIST ? "_list_" : "_";
	return cap_kernel_name(l.kernel) + kind + std::to_string(l.first_release) + "_" +
		   std::to_string(8 * l.word_bytes);
}

TEST_P(Cap_generated, IsFoundAndReadWithoutHints)
{
	for (uint64_t seed = 1; seed <= 8; seed++) {
		Test_options options {};
		options.layout = GetParam();
		options.seed = seed;
		options.split = seed % 2;
		Component c(options);
		c.memory().peek_allowed(seed % 4 != 0);

		Cap_find_result const found = find(c.memory());
		ASSERT_EQ(found.count, 1u) << "seed " << seed;
		Cap_candidate const &best = found.candidates[0];
		EXPECT_TRUE(has_row(found, GetParam()));
		EXPECT_EQ(but_kernel(best.map, c.map().kernel), c.map());
		EXPECT_EQ(best.contradictions, 0u);
		EXPECT_EQ(best.used, c.entries().size());
		EXPECT_EQ(best.reason, Cap_reason::ONLY);
		EXPECT_FALSE(found.best().failed());

		EXPECT_EQ(difference(c, read(c.memory(), best.map)), "");
		EXPECT_EQ(difference(c.pools(), c.memory(), best.map), "");
	}
}

TEST_P(Cap_generated, AnyNumberOfEntriesIsFound)
{
	/* foc's arrays have any size, tables are made of whole words of allocator bits */
	bool const any = cap_layouts().rows[GetParam()].placement == Cap_placement::ALLOCATOR;
	std::vector<uint32_t> counts { 64, 128, 1024, 6144, 65536 };
	if (any) counts.insert(counts.end(), { 3, 5, 63, 700, 4097, 5000 });

	for (uint32_t count : counts) {
		Test_options options {};
		options.layout = GetParam();
		options.seed = count;
		options.count = count;
		options.capabilities = std::max(3u, count / 3);
		options.churn = std::min(count / 2, 500u);
		options.objects = 2;

		/* badges of 16 bit are rare */
		if (cap_layouts().rows[GetParam()].id_width == 2)
			options.capabilities = std::min(options.capabilities, 8000u);

		Component const c(options);
		Cap_find_result const found = find(c.memory());
		ASSERT_EQ(found.count, 1u) << count;
		EXPECT_EQ(but_kernel(found.candidates[0].map, c.map().kernel), c.map()) << count;
		EXPECT_EQ(difference(c, read(c.memory(), found.candidates[0].map)), "") << count;
	}
}

TEST_P(Cap_generated, EmptyAndSmallestMapsAreFoundByTheirAddress)
{
	Cap_layout const &l = cap_layouts().rows[GetParam()];
	for (uint32_t capabilities : { 0u, 1u, 2u }) {
		Test_options options {};
		options.layout = GetParam();
		options.count = l.placement == Cap_placement::ALLOCATOR ? 3 : 64;
		options.capabilities = capabilities;
		options.churn = 0;
		options.pools = 0;
		options.variables = 0;
		Component const c(options);

		/* with less than two, nothing shows that it is a map */
		if (capabilities < 2) {
			EXPECT_EQ(find(c.memory()).count, 0u);
		}

		Cap_hints hints {};
		hints.has_addr = true;
		hints.addr = c.map().array;
		hints.kernel = c.map().kernel;
		hints.release = l.last_release == 9999 ? 2602 : l.last_release;

		Cap_find_result const found = find(c.memory(), hints);
		ASSERT_GE(found.count, 1u) << capabilities;

		/* 16.08 had a tree and, in the other project, a list: empty, they look alike */
		bool right = false;
		for (unsigned i = 0; i < found.count; i++) {
			Cap_map const &map = found.candidates[i].map;
			if (map.structure != l.structure) continue;
			right = map.array == c.map().array && map.count == c.map().count &&
					(map.root == c.map().root || (!map.root && c.entries().empty()) ||
					 found.candidates[i].nodes == 0);
			EXPECT_EQ(difference(c, read(c.memory(), map)), "");
		}
		EXPECT_TRUE(right) << capabilities;
	}
}

TEST_P(Cap_generated, HintsOfPlaceAndKind)
{
	Test_options options {};
	options.layout = GetParam();
	options.seed = 77;
	Component const c(options);
	Cap_layout const &l = c.layout();

	Cap_hints kind {};
	kind.kernel = l.kernel;
	kind.word_bytes = l.word_bytes;
	kind.release = l.first_release;
	ASSERT_EQ(find(c.memory(), kind).count, 1u);
	EXPECT_EQ(find(c.memory(), kind).candidates[0].map, c.map());

	kind.word_bytes = uint8_t(12 - l.word_bytes);
	EXPECT_EQ(find(c.memory(), kind).count, 0u);

	std::vector<uint64_t> places { c.map().array };
	if (l.structure == Cap_structure::TREE) places.push_back(c.map().root);
	if (l.placement == Cap_placement::ALLOCATOR) places.push_back(c.map().array - 4 - l.word_bytes);

	for (uint64_t addr : places) {
		Cap_hints place {};
		place.has_addr = true;
		place.addr = addr;
		Cap_find_result const found = find(c.memory(), place);
		ASSERT_EQ(found.count, 1u) << std::hex << addr;
		EXPECT_EQ(but_kernel(found.candidates[0].map, l.kernel), c.map());
	}

	for (uint64_t addr : { uint64_t(0), c.map().array + 4, c.map().slot(3), ~uint64_t(0) }) {
		Cap_hints nowhere {};
		nowhere.has_addr = true;
		nowhere.addr = addr;
		EXPECT_EQ(find(c.memory(), nowhere).count, 0u) << std::hex << addr;
	}
}

TEST_P(Cap_generated, PointersToCapabilities)
{
	Test_options options {};
	options.layout = GetParam();
	options.seed = 5;
	Component const c(options);

	std::vector<uint8_t> work(Cap_ref_scan::work_size(c.map()));
	for (bool peek : { true, false }) {
		const_cast<Component &>(c).memory().peek_allowed(peek);
		Cap_ref_scan scan(c.memory(), c.map(), Bytes(work.data(), work.size()));

		std::map<uint64_t, uint64_t> all;
		std::set<uint64_t> external;
		for (Result<Cap_ref> ref = scan.next(); !ref.failed(); ref = scan.next()) {
			EXPECT_TRUE(all.empty() || all.rbegin()->first < ref->addr);
			all[ref->addr] = ref->index;
			if (!ref->internal) external.insert(ref->addr);
		}
		EXPECT_EQ(all, references(c));

		std::set<uint64_t> planted = c.variables();
		for (Component_pool const &pool : c.pools())
			for (auto const &o : pool.objects) planted.insert(o.node + 4 * c.map().word_bytes);
		for (uint64_t addr : planted) EXPECT_TRUE(external.count(addr));
		EXPECT_EQ(external.count(c.map().root), 0u);
		for (uint64_t addr : external)
			EXPECT_TRUE(addr < c.map().array || addr > c.map().array + c.map().size());
	}
}

TEST_P(Cap_generated, LocksHeldAreSeen)
{
	Test_options options {};
	options.layout = GetParam();
	Component c(options);
	bool const foc = c.layout().kernel == Cap_kernel::FOC;

	std::vector<uint8_t> bits(Cap_reader::work_size(c.map()));
	Cap_reader reader(c.memory(), c.map(), Bytes(bits.data(), bits.size()));
	ASSERT_FALSE(reader.open());
	EXPECT_EQ(reader.locks().tree, Lock_state::FREE);

	c.memory().store(c.tree_lock(), 0, 4);
	EXPECT_EQ(reader.locks().tree, Lock_state::HELD);
	c.memory().store(c.tree_lock(), 0xdd, 4);
	EXPECT_EQ(reader.locks().tree, Lock_state::UNKNOWN);

	if (foc) {
		EXPECT_EQ(reader.locks().allocator, Lock_state::FREE);
		c.memory().store(c.map().array - 4, 0, 4);
		EXPECT_EQ(reader.locks().allocator, Lock_state::HELD);

		/* a map is found in the middle of its use, too */
		c.memory().store(c.tree_lock(), 0, 4);
		EXPECT_EQ(find(c.memory()).count, 1u);
	} else {
		EXPECT_EQ(reader.locks().allocator, Lock_state::UNKNOWN);
		c.memory().store(c.tree_lock(), 1, 4);
		c.memory().store(c.tree_lock() + 4, 0, 4);
		EXPECT_EQ(reader.locks().tree, Lock_state::HELD);
	}

	uint64_t const pool = c.pools()[0].tree;
	c.memory().store(c.pool_lock(pool) + 4, 0, 4);
	std::vector<uint8_t> buffer(Limit::MIN_SCAN_BUFFER);
	Object_pool_scan scan(c.memory(), c.map(), Bytes(buffer.data(), buffer.size()));
	bool seen = false;
	for (Result<Object_pool> p = scan.next(); !p.failed(); p = scan.next())
		seen |= p->tree == pool && p->lock == Lock_state::HELD;
	EXPECT_TRUE(seen);
}

INSTANTIATE_TEST_SUITE_P(Layouts, Cap_generated, testing::Range(0u, cap_layouts().count), row_name);
