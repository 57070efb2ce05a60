/*
 * Re-seating trees: shape kept, order right, and the way back exact
 */

#include <gtest/gtest.h>
#include <map>
#include <random>

#include "libimage/core/sort.h"
#include "libimage/core/tree_reseat.h"
#include "tests/support/avl_model.h"

using namespace Capimg;
using Capimg::Test::Avl_model;
using Capimg::Test::Segment_memory;

namespace
{

/* nodes with a key beside them, and the history of a tree that Genode would make */
struct Tree
{
	static constexpr uint64_t BASE = 0x10000, NODES = BASE + 0x100;

	unsigned const word;
	uint64_t const stride;
	Segment_memory memory {};
	Avl_model avl;
	std::vector<uint64_t> nodes {}; /* in the tree */
	std::mt19937_64 random;

	Tree(unsigned word, unsigned count, unsigned churn, uint64_t seed)
		: word(word),
		  stride(4 * word + 8),
		  avl(memory, word, [this](uint64_t node) { return key(node); }),
		  random(seed)
	{
		std::vector<uint8_t> bytes(0x100 + count * stride);
		for (uint8_t &b : bytes) b = uint8_t(random());
		memory.add(BASE, std::move(bytes));
		avl.construct(BASE);

		std::vector<uint64_t> outside;
		for (unsigned i = 0; i < count; i++) outside.push_back(NODES + i * stride);
		std::shuffle(outside.begin(), outside.end(), random);

		auto const insert = [&] {
			uint64_t const node = outside.back();
			outside.pop_back();
			avl.construct(node);
			set_key(node, random() >> 8);
			avl.insert(BASE, node);
			nodes.push_back(node);
		};
		while (!outside.empty()) insert();
		for (unsigned i = 0; i < churn && nodes.size() > 1; i++) {
			size_t const victim = random() % nodes.size();
			avl.remove(nodes[victim]);
			outside.push_back(nodes[victim]);
			nodes.erase(nodes.begin() + std::ptrdiff_t(victim));
			if (random() % 3) insert();
		}
	}

	uint64_t key(uint64_t node) const { return memory.load(node + 4 * word, 8); }
	void set_key(uint64_t node, uint64_t key) { memory.store(node + 4 * word, key, 8); }
};

struct Writable final : Writable_memory
{
	Segment_memory &memory;
	unsigned writes = 0;

	explicit Writable(Segment_memory &memory) : memory(memory) {}

	Status read(uint64_t addr, Bytes dst) const override { return memory.read(addr, dst); }
	Result<Extent> extent_from(uint64_t addr) const override { return memory.extent_from(addr); }
	Status write(uint64_t addr, Const_bytes src) override
	{
		writes++;
		for (size_t i = 0; i < src.size(); i++) memory.store(addr + i, src.u8(i), 1);
		return ok;
	}
};

Status reseat(Tree &tree, uint32_t &moved, unsigned &writes)
{
	Writable memory(tree.memory);
	std::vector<uint8_t> work(Tree_reseat::work_size(tree.nodes.size()));
	Tree_reseat reseat(memory, tree.word, Tree::BASE, { work.data(), work.size() });
	if (Status const s = reseat.open(uint32_t(tree.nodes.size()))) return s;
	for (uint32_t i = 0; i < reseat.count(); i++) reseat.key(i, tree.key(reseat.node(i)));
	Status const s = reseat.reseat();
	moved = reseat.moved();
	writes = memory.writes;
	return s;
}

/* depths in order: the shape of the tree */
std::vector<unsigned> shape(Tree &tree, std::vector<uint64_t> *keys = nullptr)
{
	std::vector<unsigned> depths;
	Memory_view view(tree.memory);
	Avl_walk walk(view, tree.word, Tree::BASE);
	for (auto step = walk.next();; step = walk.next()) {
		if (step.failed()) {
			EXPECT_EQ(step.error().code, Code::NOT_FOUND) << step.error().field;
			return depths;
		}
		depths.push_back(step->depth);
		if (keys) keys->push_back(tree.key(step->addr));
	}
}

}

TEST(Tree_reseat, Keeps_the_shape_and_goes_back_exactly)
{
	for (unsigned const word : { 4u, 8u }) {
		for (unsigned const count : { 1u, 2u, 3u, 7u, 20u, 100u, 1000u }) {
			for (uint64_t seed = 1; seed <= 6; seed++) {
				Tree tree(word, count, seed % 2 ? 3 * count : 0, seed);
				auto const before = tree.memory.segments();
				std::vector<unsigned> const depths = shape(tree);

				std::map<uint64_t, uint64_t> old_keys;
				for (uint64_t const node : tree.nodes) old_keys[node] = tree.key(node);
				/* with 44 bits and less, keys are sorted another way */
				unsigned const unused = seed % 3 ? 20 : 4;
				for (uint64_t const node : tree.nodes) tree.set_key(node, tree.random() >> unused);

				uint32_t moved = 0;
				unsigned writes = 0;
				ASSERT_FALSE(reseat(tree, moved, writes));

				std::vector<uint64_t> keys;
				EXPECT_EQ(shape(tree, &keys), depths);
				EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
				EXPECT_EQ(keys.size(), tree.nodes.size());

				for (auto const &[node, key] : old_keys) tree.set_key(node, key);
				ASSERT_FALSE(reseat(tree, moved, writes));
				EXPECT_TRUE(tree.memory.segments() == before) << count << " " << seed;
			}
		}
	}
}

TEST(Tree_reseat, Writes_nothing_if_the_order_stays)
{
	Tree tree(8, 300, 200, 1);
	for (uint64_t const node : tree.nodes) tree.set_key(node, tree.key(node) * 2 + 12);
	uint32_t moved = 1;
	unsigned writes = 1;
	ASSERT_FALSE(reseat(tree, moved, writes));
	EXPECT_EQ(moved, 0u);
	EXPECT_EQ(writes, 0u);
}

TEST(Tree_reseat, Two_equal_keys_are_refused_before_anything_is_written)
{
	for (uint64_t const mask : { ~0ull, (1ull << 44) - 1 }) {
		Tree tree(8, 50, 30, 2);
		for (uint64_t const node : tree.nodes) tree.set_key(node, ~tree.key(node) & mask);
		tree.set_key(tree.nodes[3], tree.key(tree.nodes[9]));
		auto const before = tree.memory.segments();
		uint32_t moved = 0;
		unsigned writes = 0;
		Status const s = reseat(tree, moved, writes);
		EXPECT_EQ(s.code, Code::DUPLICATE);
		EXPECT_EQ(s.value, tree.key(tree.nodes[9]));
		EXPECT_TRUE((s.offset == tree.nodes[3] && s.limit == tree.nodes[9]) ||
					(s.offset == tree.nodes[9] && s.limit == tree.nodes[3]));
		EXPECT_TRUE(tree.memory.segments() == before);
	}
}

TEST(Tree_reseat, Says_when_there_is_no_room)
{
	Tree tree(8, 50, 0, 2);
	Writable memory(tree.memory);
	for (size_t size = 0; size < Tree_reseat::work_size(50) - 16; size += 7) {
		std::vector<uint8_t> work(size);
		Tree_reseat reseat(memory, 8, Tree::BASE, { work.data(), work.size() });
		EXPECT_EQ(reseat.open(50).code, Code::NO_SPACE) << size;
	}
	std::vector<uint8_t> work(Tree_reseat::work_size(50));
	Tree_reseat reseat(memory, 8, Tree::BASE, { work.data(), work.size() });
	EXPECT_EQ(reseat.open(49).code, Code::LIMIT);
}

TEST(Sort, Agrees_with_the_standard_library)
{
	std::mt19937_64 random(1);
	for (unsigned const count : { 0u, 1u, 2u, 3u, 255u, 1000u, 70000u }) {
		for (uint64_t const mask :
			 { ~uint64_t(0), uint64_t(0xfffffff), uint64_t(0xff00), uint64_t(0) }) {
			struct Item
			{
				uint64_t key;
				uint32_t number;
				bool operator==(Item const &) const = default;
			};
			std::vector<Item> items(count), scratch(count);
			for (uint32_t i = 0; i < count; i++) items[i] = { random() & mask, i };
			std::vector<Item> expected = items;
			std::stable_sort(expected.begin(), expected.end(),
							 [](Item const &a, Item const &b) { return a.key < b.key; });
			sort_by(items.data(), scratch.data(), count, [](Item const &i) { return i.key; });
			EXPECT_EQ(items, expected) << count << " " << mask;
		}
	}
}
