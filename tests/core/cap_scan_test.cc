/*
 * Going through memory: windows, borders of extents, trees of any kind
 */

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "libimage/core/tree_scan.h"
#include "tests/support/avl_model.h"

using namespace Capimg;
using Capimg::Test::Avl_model;
using Capimg::Test::Segment_memory;

namespace
{

std::set<uint64_t> trees(Memory const &memory, unsigned word)
{
	std::vector<uint8_t> buffer(Limit::MIN_SCAN_BUFFER);
	Memory_view view(memory);
	Tree_scan scan(view, memory_bounds(memory), word, Bytes(buffer.data(), buffer.size()));
	std::set<uint64_t> found;
	for (Result<uint64_t> tree = scan.next(); !tree.failed(); tree = scan.next())
		EXPECT_TRUE(found.insert(*tree).second);
	return found;
}

}

TEST(Cap_scan, TreeObjectsOnEveryPlaceAroundABorder)
{
	/* extents that touch, at addresses that no word is aligned to, with and without 'peek' */
	for (unsigned word : { 4u, 8u })
		for (uint64_t border : { 0x1080u, 0x1083u, 0x1084u, 0x108fu })
			for (uint64_t tree = 0x1060; tree < 0x10a0; tree += word)
				for (bool peek : { true, false }) {
					Segment_memory memory;
					memory.add(0x1000, std::vector<uint8_t>(0x200));
					Avl_model avl(memory, word, [](uint64_t node) { return node; });
					avl.construct(tree);
					avl.construct(0x1104);
					avl.insert(tree, 0x1104);
					memory.split(border);
					memory.peek_allowed(peek);
					EXPECT_EQ(trees(memory, word), std::set<uint64_t> { tree })
						<< word << " " << std::hex << border << " " << tree;
				}
}

TEST(Cap_scan, WindowsCoverEveryWordOnce)
{
	Segment_memory memory;
	memory.add(0x1003, std::vector<uint8_t>(5000));
	memory.add(0x1003 + 5000, std::vector<uint8_t>(3));
	memory.add(0x20000, std::vector<uint8_t>(2 * Limit::SCAN_WINDOW + 12));
	memory.add(~uint64_t(0) - 20, std::vector<uint8_t>(16));

	for (bool peek : { true, false }) {
		memory.peek_allowed(peek);
		std::vector<uint8_t> buffer(Limit::MIN_SCAN_BUFFER);
		Memory_scan scan(memory, Bytes(buffer.data(), buffer.size()));

		uint64_t words = 0, bytes = 0;
		Const_bytes window;
		for (uint64_t pos = 0; scan.next(pos, 8, 8, window);) {
			EXPECT_EQ(pos % 8, 0u);
			EXPECT_GE(window.size(), 8u);
			words += window.size() / 8;
			bytes = window.size() / 8 * 8;
			if (pos > ~uint64_t(0) - bytes) break;
			pos += bytes;
		}
		EXPECT_FALSE(scan.status());

		/* [0x1008, 0x238e), the large one, and one word at the very end */
		uint64_t const want = (0x238e - 0x1008) / 8 + (2 * Limit::SCAN_WINDOW + 12) / 8 + 1;
		EXPECT_EQ(words, want);
	}
}

TEST(Cap_scan, FailuresOfTheMemoryAreNotHidden)
{
	struct Broken : Segment_memory
	{
		Status read(uint64_t addr, Bytes) const override
		{
			return { Code::DAMAGED, addr, "block" };
		}
		Const_bytes peek(uint64_t, size_t) const override { return {}; }
	};
	Broken memory;
	memory.add(0x1000, std::vector<uint8_t>(4096));

	std::vector<uint8_t> buffer(Limit::MIN_SCAN_BUFFER);
	Memory_view view(memory);
	Tree_scan scan(view, memory_bounds(memory), 8, Bytes(buffer.data(), buffer.size()));
	EXPECT_EQ(scan.next().error().code, Code::DAMAGED);
}

RC_GTEST_PROP(Cap_scan_property, TreesOfAnyHistoryAreWalkedInOrder, ())
{
	unsigned const word = *rc::gen::element(4u, 8u);
	Segment_memory memory;
	memory.add(0x1000, std::vector<uint8_t>(0x10000));

	/* key: behind the node */
	Avl_model avl(memory, word, [&](uint64_t node) { return memory.load(node + 4 * word, word); });
	uint64_t const tree = 0x1040;
	avl.construct(tree);

	std::map<uint64_t, uint64_t> by_key;
	auto const keys = *rc::gen::container<std::vector<uint16_t>>(rc::gen::arbitrary<uint16_t>());
	uint64_t next = 0x1100;
	for (uint16_t key : keys) {
		if (auto it = by_key.find(key); it != by_key.end()) {
			avl.remove(it->second);
			by_key.erase(it);
		} else {
			avl.construct(next);
			memory.store(next + 4 * word, key, word);
			avl.insert(tree, next);
			by_key[key] = next;
			next += 64;
		}
	}

	Memory_view view(memory);
	Avl_walk walk(view, word, tree);
	for (auto const &[key, node] : by_key) {
		Result<Avl_walk::Step> const step = walk.next();
		RC_ASSERT(!step.failed());
		RC_ASSERT(step->addr == node);
	}
	RC_ASSERT(walk.next().error().code == Code::NOT_FOUND);
	RC_ASSERT(walk.nodes() == by_key.size());
	RC_ASSERT(trees(memory, word).count(tree) == !by_key.empty());
}
