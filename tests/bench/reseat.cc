/*
 * Core's work on capabilities alone, against std::sort of the same keys
 *
 * Usage: reseat [RUNS [ENTRIES...]]
 *
 * For each number of entries, a generated component is imported, and its badges are shuffled, so
 * that nearly every node takes another place. Measured, in turns, are
 *
 *   sort    std::sort of the new badges of the tree's nodes, shuffled
 *   order   core's own sort of the same keys
 *   reseat  Tree_reseat: walking the tree, keys, sorting, links in memory
 *   memory  Badge_rewrite::memory: comparison with the manifest, entries, all trees
 *
 * Prints one JSON object a line: entries, nodes, and times of each run in nanoseconds.
 */

#include <cstdlib>
#include <iostream>

#include "libimage/core/badge_rewrite.h"
#include "libimage/core/sort.h"
#include "libimage/core/tree_reseat.h"
#include "tests/bench/times.h"
#include "tests/support/imported_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

struct Writable final : Writable_memory
{
	Segment_memory &memory;

	explicit Writable(Segment_memory &memory) : memory(memory) {}

	Status read(uint64_t addr, Bytes dst) const override { return memory.read(addr, dst); }
	Result<Extent> extent_from(uint64_t addr) const override { return memory.extent_from(addr); }
	Const_bytes peek(uint64_t addr, size_t size) const override { return memory.peek(addr, size); }
	Status write(uint64_t addr, Const_bytes src) override
	{
		for (size_t done = 0; done < src.size();) {
			Bytes const dst = memory.at(addr + done);
			if (!dst.size()) return { Code::ABSENT, addr + done, "memory" };
			size_t const n = std::min(dst.size(), src.size() - done);
			copy_memory(dst.base(), src.base() + done, n);
			done += n;
		}
		return ok;
	}
};

struct Any_difference final : Badge_difference_sink
{};

struct Any_tree final : Reseat_sink
{};

void check(Status const &status)
{
	if (!status) return;
	std::cerr << "reseat: " << (status.field ? status.field : "error") << "\n";
	std::exit(1);
}

using Work = std::vector<uint8_t>;

Bytes bytes_of(Work &work) { return { work.data(), work.size() }; }

/* a new badge for each object: the old ones, shuffled */
std::vector<Badge_pair> shuffled(Badge_assignment const &badges)
{
	std::vector<Badge_pair> pairs;
	for (uint32_t i = 0; i < badges.count(); i++)
		if (badges.rewritable(i)) pairs.push_back({ badges.old_badge(i), badges.old_badge(i) });

	std::mt19937_64 random(1);
	for (size_t i = pairs.size(); i > 1; i--)
		std::swap(pairs[i - 1].new_badge, pairs[random() % i].new_badge);
	return pairs;
}

void measure(uint32_t entries, unsigned runs)
{
	Component_options options;
	options.capabilities = entries;
	/* with room for the selectors below the user's, as far as a map may have */
	options.count = std::min((entries / 64 + 16) * 64, Limit::MAX_CAP_ENTRIES);
	options.objects = entries / 4;
	options.churn = entries / 8;
	Component component(options);
	Image const image = import_component(component);
	auto const manifest = image.core_manifest();

	Work assignment(Badge_assignment::work_size(manifest));
	Badge_assignment badges(manifest, bytes_of(assignment));
	check(badges.open());
	auto const pairs = shuffled(badges);
	if (pairs.empty() || badges.apply(pairs.data(), uint32_t(pairs.size()), false)) {
		std::cerr << "reseat: no capabilities found, or the badge map is refused\n";
		std::exit(1);
	}
	std::map<uint64_t, uint64_t> new_badge;
	for (Badge_pair const &pair : pairs) new_badge[pair.old_badge] = pair.new_badge;

	/* the tree's keys as they will be, in the order of the old ones */
	Writable memory(component.memory());
	Cap_map const &map = component.map();
	Work tree_work(Tree_reseat::work_size(entries + 64));
	std::vector<uint64_t> before, after;
	{
		Tree_reseat tree(memory, map.word_bytes, map.root, bytes_of(tree_work));
		check(tree.open(entries + 64));
		for (uint32_t i = 0; i < tree.count(); i++) {
			uint64_t const old = component.key(tree.node(i)); // ascending
			auto const found = new_badge.find(old);
			before.push_back(old);
			after.push_back(found == new_badge.end() ? old : found->second);
		}
	}

	auto const pristine = component.memory().segments();
	auto const reset = [&] {
		for (auto const &[addr, bytes] : pristine) component.memory().add(addr, bytes);
	};

	Work rewrite_work(Badge_rewrite::work_size(manifest));
	Times sort, order, reseat, whole;
	std::mt19937_64 random(1);
	for (unsigned run = 0; run < runs; run++) {
		/* another order each time: a processor learns the branches of a small sort by heart */
		auto keys = after;
		std::shuffle(keys.begin(), keys.end(), random);
		auto sorted = keys;
		sort.measure([&] { std::sort(keys.begin(), keys.end()); });

		std::vector<uint64_t> scratch(after.size());
		order.measure([&] {
			sort_by(sorted.data(), scratch.data(), uint32_t(sorted.size()),
					[](uint64_t key) { return key; });
		});
		if (keys != sorted) std::abort();

		reset();
		reseat.measure([&] {
			Tree_reseat tree(memory, map.word_bytes, map.root, bytes_of(tree_work));
			check(tree.open(entries + 64));
			for (uint32_t i = 0; i < tree.count(); i++) tree.key(i, after[i]);
			check(tree.reseat());
		});

		reset();
		whole.measure([&] {
			Any_difference differences;
			Any_tree trees;
			Badge_rewrite rewrite(manifest, badges, bytes_of(rewrite_work));
			check(rewrite.memory(0, memory, differences, trees));
		});
	}

	std::cout << "{\"entries\": " << entries << ", \"nodes\": " << after.size()
			  << ", \"runs\": " << runs << ", \"sort\": " << sort.json()
			  << ", \"order\": " << order.json() << ", \"reseat\": " << reseat.json()
			  << ", \"memory\": " << whole.json() << "}" << std::endl;
}

}

int main(int argc, char **argv)
{
	unsigned const runs = argc > 1 ? unsigned(std::strtoul(argv[1], nullptr, 0)) : 5;
	std::vector<uint32_t> sizes { 16, 256, 4096, 65536, 1u << 20 };
	if (argc > 2) sizes.clear();
	for (int i = 2; i < argc; i++) sizes.push_back(uint32_t(std::strtoul(argv[i], nullptr, 0)));

	for (uint32_t const size : sizes) {
		/* small ones often: they take microseconds */
		unsigned const times = std::max(runs, std::min(1001u, 1000000u / size));
		measure(size, times);
	}
	return 0;
}
