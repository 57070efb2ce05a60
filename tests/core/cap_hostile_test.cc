/*
 * Capability maps that somebody damaged or crafted: an error with a place, never a hang
 */

#include "tests/support/cap_search.h"
#include "tests/support/component.h"
#include <gtest/gtest.h>

using namespace Capimg;
using Test_options = Capimg::Test::Component_options;
using Capimg::Test::Component;
using Capimg::Test::find;
using Capimg::Test::place_of;
using Capimg::Test::read_everything;
using Capimg::Test::Segment_memory;

namespace
{

struct Damage
{
	char const *name;
	Code code;
	char const *field;

	/* damages the tree at a node with two children; returns the address to be reported */
	uint64_t (*apply)(Component &, uint64_t node);
};

uint64_t slot_of(Component const &c, uint64_t node) { return node - c.layout().node_offset; }
unsigned word(Component const &c) { return c.map().word_bytes; }

void set_id(Component &c, uint64_t node, uint64_t id)
{
	c.memory().store(slot_of(c, node) + c.map().id_offset, id, c.map().id_width);
}

Damage const DAMAGES[] {
	{ "cycle to an ancestor", Code::CYCLE, "left",
	  [](Component &c, uint64_t node) {
		  uint64_t const child = c.avl().left(node);
		  c.memory().store(child, node, word(c));
		  return child;
	  } },
	{ "the same child twice", Code::CYCLE, "right",
	  [](Component &c, uint64_t node) {
		  c.memory().store(node + word(c), c.avl().left(node), word(c));
		  return node;
	  } },
	{ "wrong parent", Code::INCONSISTENT, "parent",
	  [](Component &c, uint64_t node) {
		  uint64_t const child = c.avl().left(node);
		  c.memory().store(child + 2 * word(c), child, word(c));
		  return child;
	  } },
	{ "depth as large as the parent's", Code::INCONSISTENT, "depth",
	  [](Component &c, uint64_t node) {
		  uint64_t const child = c.avl().right(node);
		  c.memory().store(child + 3 * word(c), c.avl().depth(node), 1);
		  return child;
	  } },
	{ "depth 0", Code::INCONSISTENT, "depth",
	  [](Component &c, uint64_t node) {
		  uint64_t const child = c.avl().left(node);
		  c.memory().store(child + 3 * word(c), 0, 1);
		  return child;
	  } },
	{ "depth of a leaf", Code::INCONSISTENT, "depth",
	  [](Component &c, uint64_t node) {
		  while (c.avl().left(node)) node = c.avl().left(node);
		  while (c.avl().right(node)) node = c.avl().right(node);
		  c.memory().store(c.avl().parent(node) + 3 * word(c), 9, 1);
		  c.memory().store(node + 3 * word(c), 2, 1);
		  return uint64_t(0);
	  } },
	{ "link to nowhere", Code::ABSENT, "node",
	  [](Component &c, uint64_t node) {
		  c.memory().store(node, 0x90000000, word(c));
		  return uint64_t(0x90000000);
	  } },
	{ "link out of the array", Code::DANGLING, "node",
	  [](Component &c, uint64_t node) {
		  /* a good node, but in the heap */
		  uint64_t const child = c.avl().left(node), fake = 0x40000000 + 0x40;
		  for (unsigned i = 0; i < 4; i++)
			  c.memory().store(fake + i * word(c), c.memory().load(child + i * word(c), word(c)),
							   word(c));
		  for (uint64_t below : { c.avl().left(fake), c.avl().right(fake) })
			  if (below) c.memory().store(below + 2 * word(c), fake, word(c));
		  c.memory().store(node, fake, word(c));
		  return fake - c.layout().node_offset;
	  } },
	{ "link to a free entry", Code::DANGLING, "id",
	  [](Component &c, uint64_t node) {
		  uint64_t const id = c.layout().kernel == Cap_kernel::FOC ? 0 : c.map().invalid_id;
		  set_id(c, node, id);
		  c.memory().store(slot_of(c, node) + c.map().ref_offset, 0, c.map().ref_width);
		  return slot_of(c, node) + c.map().id_offset;
	  } },
	{ "invalid id in the tree", Code::INVALID, "id",
	  [](Component &c, uint64_t node) {
		  set_id(c, node, c.map().invalid_id);
		  c.memory().store(slot_of(c, node) + c.map().ref_offset, 1, c.map().ref_width);
		  return slot_of(c, node) + c.map().id_offset;
	  } },
	{ "order", Code::INCONSISTENT, "id",
	  [](Component &c, uint64_t node) {
		  uint64_t below = c.avl().left(node);
		  while (c.avl().right(below)) below = c.avl().right(below);
		  set_id(c, below, c.key(node));
		  return slot_of(c, node) + c.map().id_offset;
	  } },
};

/* a node in the middle of a tree */
uint64_t inner_node(Component &c)
{
	uint64_t node = c.avl().left(c.map().root);
	while (c.avl().depth(node) > 4) node = c.avl().left(node);
	return node;
}

}

TEST(Cap_hostile, DamagedTreesAreRefusedWithPlaceAndField)
{
	unsigned reported = 0;
	for (unsigned row = 0; row < cap_layouts().count; row++) {
		if (cap_layouts().rows[row].structure != Cap_structure::TREE) continue;

		for (Damage const &damage : DAMAGES) {
			SCOPED_TRACE(std::to_string(row) + ": " + damage.name);
			Test_options options {};
			options.layout = row;
			Component c(options);
			uint64_t const at = damage.apply(c, inner_node(c));

			Status status {};
			uint64_t const used = read_everything(c.memory(), c.map(), status);
			EXPECT_EQ(status.code, damage.code);
			EXPECT_STREQ(status.field, damage.field);
			if (at) {
				EXPECT_EQ(status.offset, at);
			}
			EXPECT_GE(used + 1, c.entries().size());

			/* no map for who searches; for who knows the place, a map and what is wrong */
			EXPECT_EQ(find(c.memory()).count, 0u);
			Cap_find_result const known = find(c.memory(), place_of(c.map()));
			if (known.count) {
				EXPECT_EQ(known.candidates[0].map.array, c.map().array);
				EXPECT_TRUE(known.candidates[0].tree);
				reported++;
			}
		}
	}

	/* only where the damage goes so far that entries look like none, nothing is reported */
	EXPECT_GT(reported, 10 * sizeof(DAMAGES) / sizeof(DAMAGES[0]));
}

TEST(Cap_hostile, EveryDepthAndEveryParentIsChecked)
{
	Test_options options {};
	Component c(options);
	std::vector<uint8_t> bits(Cap_reader::work_size(c.map()));

	std::vector<uint64_t> nodes { c.map().root };
	for (auto const &e : c.entries())
		if (e.in_tree) nodes.push_back(c.map().slot(e.index));

	auto fails_with = [&](uint64_t addr, unsigned width, uint64_t value) {
		uint64_t const old = c.memory().load(addr, width);
		c.memory().store(addr, value, width);
		Cap_reader reader(c.memory(), c.map(), Bytes(bits.data(), bits.size()));
		bool const failed = reader.open().code == Code::INCONSISTENT && !reader.intact();
		c.memory().store(addr, old, width);
		return failed;
	};
	for (uint64_t node : nodes) {
		unsigned const depth = c.avl().depth(node);
		EXPECT_TRUE(fails_with(node + 24, 1, depth + 1)) << std::hex << node;
		EXPECT_TRUE(fails_with(node + 24, 1, depth - 1)) << std::hex << node;
		EXPECT_TRUE(fails_with(node + 16, 8, node + 8)) << std::hex << node;
	}
	Cap_reader sound(c.memory(), c.map(), Bytes(bits.data(), bits.size()));
	EXPECT_FALSE(sound.open());
}

TEST(Cap_hostile, PoolsOutOfOrderAreNone)
{
	Component c({});
	auto const pool = c.pools()[0];
	ASSERT_GE(pool.objects.size(), 3u);

	/* two objects hold each other's capabilities */
	uint64_t const first = pool.objects[0].node + 32, last = pool.objects.back().node + 32;
	c.memory().store(first, c.map().slot(pool.objects.back().index), 8);
	c.memory().store(last, c.map().slot(pool.objects[0].index), 8);

	Memory_view view(c.memory());
	Object_pool_walk walk(view, c.map(), pool.tree);
	EXPECT_FALSE(walk.next().failed());
	Error const error = walk.next().error();
	EXPECT_EQ(error.code, Code::INCONSISTENT);
	EXPECT_STREQ(error.field, "badge");
	EXPECT_EQ(error.offset, pool.objects[1].node);

	std::vector<uint8_t> buffer(Limit::MIN_SCAN_BUFFER);
	Object_pool_scan scan(c.memory(), c.map(), Bytes(buffer.data(), buffer.size()));
	Result<Object_pool> const other = scan.next();
	ASSERT_FALSE(other.failed());
	EXPECT_EQ(other->tree, c.pools()[1].tree);
	EXPECT_EQ(scan.next().error().code, Code::NOT_FOUND);
}

TEST(Cap_hostile, AnArrayWithoutItsAllocatorIsNoMap)
{
	Component c({});
	ASSERT_EQ(find(c.memory()).count, 1u);

	for (auto [addr, width] : { std::pair { c.map().array - 4, 4u },
								{ c.map().array - 12, 8u },
								{ align_up(c.map().array + c.map().size(), 8), 8u } })
	{
		uint64_t const old = c.memory().load(addr, width);
		c.memory().store(addr, width == 4 ? 7 : 0, width);
		EXPECT_EQ(find(c.memory()).count, 0u) << std::hex << addr;
		c.memory().store(addr, old, width);
	}
	EXPECT_EQ(find(c.memory()).count, 1u);
}

TEST(Cap_hostile, ATableWhoseTreeHangsElsewhereIsNoMap)
{
	for (unsigned row : { 8u, 12u }) {
		Test_options options {};
		options.layout = row;
		Component c(options);
		uint64_t const root = c.map().root, elsewhere = 0x40000040;

		for (unsigned i = 0; i < 5; i++)
			c.memory().store(elsewhere + 8 * i, c.memory().load(root + 8 * i, 8), 8);
		c.memory().store(c.avl().left(root) + 16, elsewhere, 8);
		EXPECT_EQ(find(c.memory()).count, 0u) << row;
	}
}

TEST(Cap_hostile, BadgesAboveTheRangeAreRefused)
{
	Test_options options {}; /* foc 25.02: 28 bit in a field of 32 */
	Component c(options);
	uint64_t node = c.avl().left(c.map().root);
	while (c.avl().right(node)) node = c.avl().right(node);
	set_id(c, node, c.map().max_badge + 1);

	Status status {};
	read_everything(c.memory(), c.map(), status);
	EXPECT_EQ(status.code, Code::INVALID);
	EXPECT_STREQ(status.field, "id");
	EXPECT_EQ(status.value, c.map().max_badge + 1);
	EXPECT_EQ(status.limit, c.map().max_badge);
	EXPECT_EQ(find(c.memory()).count, 0u);
}

TEST(Cap_hostile, ListsThatBiteTheirTailOrLeaveTheArray)
{
	for (unsigned row : { 6u, 7u }) {
		for (bool cycle : { true, false }) {
			Test_options options {};
			options.layout = row;
			Component c(options);
			ASSERT_EQ(c.layout().structure, Cap_structure::LIST);

			/* the last element links to the first, or to the heap */
			uint64_t last = c.memory().load(c.map().root, word(c));
			while (uint64_t const next = c.memory().load(last, word(c))) last = next;
			uint64_t const first = c.memory().load(c.map().root, word(c));
			c.memory().store(last, cycle ? first : 0x40000000, word(c));

			Status status {};
			read_everything(c.memory(), c.map(), status);
			EXPECT_EQ(status.code, cycle ? Code::CYCLE : Code::DANGLING);
			EXPECT_EQ(find(c.memory()).count, 0u);
		}
	}
}

TEST(Cap_hostile, EntriesThatWereNotCaptured)
{
	Test_options options {};
	options.seed = 3;
	Component c(options);

	/* the second half of the array is gone */
	Segment_memory part;
	uint64_t const cut = align_up(c.map().slot(0x340), 4096);
	for (auto const &[addr, bytes] : c.memory().segments()) {
		uint64_t const end = addr + bytes.size();
		if (addr < cut && cut < end)
			part.add(addr, { bytes.begin(), bytes.begin() + std::ptrdiff_t(cut - addr) });
		else
			part.add(addr, bytes);
	}

	Status status {};
	uint64_t const used = read_everything(part, c.map(), status);
	EXPECT_EQ(status.code, Code::ABSENT);
	EXPECT_GT(used, 0u);
	EXPECT_LT(used, c.entries().size());
	EXPECT_EQ(find(part).count, 0u);
}

TEST(Cap_hostile, ImpossibleRequests)
{
	Component const c({});
	std::vector<uint8_t> work(CAP_FIND_WORK);
	Cap_find_result result {};

	EXPECT_EQ(find_cap_maps(c.memory(), {}, Bytes(work.data(), 100), result).code, Code::NO_SPACE);

	Cap_hints hints {};
	hints.word_bytes = 5;
	EXPECT_EQ(find_cap_maps(c.memory(), hints, Bytes(work.data(), work.size()), result).code,
			  Code::BAD_ARGUMENT);
	hints = {};
	hints.kernel = Cap_kernel(77);
	EXPECT_EQ(find_cap_maps(c.memory(), hints, Bytes(work.data(), work.size()), result).code,
			  Code::BAD_ARGUMENT);

	Cap_reader closed(c.memory(), c.map(), Bytes(work.data(), 1));
	EXPECT_EQ(closed.open().code, Code::NO_SPACE);
	EXPECT_EQ(closed.next_used(0).error().code, Code::BAD_STATE);
	EXPECT_EQ(closed.find(1).error().code, Code::BAD_STATE);

	Cap_reader reader(c.memory(), c.map(), Bytes(work.data(), work.size()));
	ASSERT_FALSE(reader.open());
	EXPECT_EQ(reader.entry(c.map().count).error().code, Code::BAD_ARGUMENT);
	EXPECT_EQ(reader.entry(5).error().code, Code::NOT_FOUND);
	EXPECT_EQ(reader.entry(c.entries()[0].index)->badge, c.entries()[0].badge);

	Cap_ref_scan refs(c.memory(), c.map(), Bytes(work.data(), 10));
	EXPECT_EQ(refs.next().error().code, Code::NO_SPACE);
	EXPECT_EQ(refs.next().error().code, Code::NOT_FOUND);
}
