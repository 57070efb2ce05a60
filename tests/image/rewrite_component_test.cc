/*
 * Rewriting badges of generated components: all layouts, many maps, and the way back
 */

#include <gtest/gtest.h>
#include <random>
#include <set>

#include "libimage/address_space.h"
#include "libimage/rewrite.h"
#include "tests/support/component_image.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using Map = std::map<std::uint64_t, std::uint64_t>;

/* badges that a map may change */
std::vector<std::uint64_t> badges_of(Component const &component)
{
	bool const foc = component.layout().kernel == Cap_kernel::FOC;
	std::set<std::uint64_t> badges;
	for (Component_entry const &e : component.entries())
		if (!e.foreign && e.badge && e.badge != component.map().invalid_id &&
			!(foc && e.badge == 1))
			badges.insert(e.badge);
	return { badges.begin(), badges.end() };
}

/* values that no object has */
std::vector<std::uint64_t> far_away(Component const &component, std::size_t count,
									std::mt19937_64 &random)
{
	std::set<std::uint64_t> taken, values;
	for (Component_entry const &e : component.entries()) taken.insert(e.badge);
	Cap_map const &map = component.map();
	while (values.size() < count) {
		std::uint64_t const value = random() % (map.max_badge / map.badge_step) * map.badge_step;
		if (value && !taken.contains(value)) values.insert(value);
	}
	std::vector<std::uint64_t> result(values.begin(), values.end());
	std::shuffle(result.begin(), result.end(), random);
	return result;
}

struct Kind
{
	char const *name;
	Map (*make)(Component const &, std::mt19937_64 &);
};

Map zip(std::vector<std::uint64_t> const &from, std::vector<std::uint64_t> const &to)
{
	Map map;
	for (std::size_t i = 0; i < from.size(); i++) map[from[i]] = to[i];
	return map;
}

constexpr Kind KINDS[] {
	{ "swap",
	  [](Component const &c, std::mt19937_64 &random) {
		  auto const all = badges_of(c);
		  std::uint64_t const a = all[random() % all.size()], b = all[random() % all.size()];
		  return Map { { a, b }, { b, a } };
	  } },
	{ "cycle",
	  [](Component const &c, std::mt19937_64 &) {
		  auto const all = badges_of(c);
		  auto next = all;
		  std::rotate(next.begin(), next.begin() + 1, next.end());
		  return zip(all, next);
	  } },
	{ "shuffle",
	  [](Component const &c, std::mt19937_64 &random) {
		  auto const all = badges_of(c);
		  auto other = all;
		  std::shuffle(other.begin(), other.end(), random);
		  return zip(all, other);
	  } },
	{ "reverse",
	  [](Component const &c, std::mt19937_64 &) {
		  auto const all = badges_of(c);
		  return zip(all, { all.rbegin(), all.rend() });
	  } },
	{ "far",
	  [](Component const &c, std::mt19937_64 &random) {
		  auto const all = badges_of(c);
		  return zip(all, far_away(c, all.size(), random));
	  } },
	{ "some",
	  [](Component const &c, std::mt19937_64 &random) {
		  auto all = badges_of(c);
		  std::shuffle(all.begin(), all.end(), random);
		  all.resize((all.size() + 2) / 3);
		  return zip(all, far_away(c, all.size(), random));
	  } },
};

void read_memory(Image const &image, Segment_memory &memory)
{
	Address_space const space(image);
	for (auto const &piece : space.pieces()) {
		std::vector<std::uint8_t> bytes(piece.size);
		space.copy(piece.address, std::as_writable_bytes(std::span(bytes)));
		memory.add(piece.address, std::move(bytes));
	}
}

/* what the component would look for, as Genode's code does it, with nothing of ours */
struct Genode
{
	Segment_memory const &memory;
	Cap_map const &map;

	std::uint64_t word(std::uint64_t address) const { return memory.load(address, map.word_bytes); }
	std::uint64_t id(std::uint64_t slot) const
	{
		return memory.load(slot + map.id_offset, map.id_width);
	}

	/* Avl_tree::first, then Cap_index::find_by_id; or the list from its head */
	std::uint64_t entry(std::uint64_t badge) const
	{
		if (map.structure == Cap_structure::LIST) {
			for (std::uint64_t slot = word(map.root); slot; slot = word(slot + map.node_offset))
				if (id(slot) == badge) return slot;
			return 0;
		}
		for (std::uint64_t node = word(map.root); node;) {
			std::uint64_t const slot = node - map.node_offset;
			if (id(slot) == badge) return slot;
			node = word(node + (badge > id(slot) ? map.word_bytes : 0));
		}
		return 0;
	}

	/* Object_pool::Entry::find_by_obj_id, whose key is read through the capability */
	std::uint64_t object(std::uint64_t tree, std::uint64_t badge) const
	{
		for (std::uint64_t node = word(tree); node;) {
			std::uint64_t const here = id(word(node + 4 * map.word_bytes));
			if (here == badge) return node;
			node = word(node + (badge > here ? map.word_bytes : 0));
		}
		return 0;
	}
};

/* bytes that a rewrite may change: ids, links and depths of nodes, raw badges */
std::set<std::uint64_t> changeable(Component const &component)
{
	std::set<std::uint64_t> set;
	Cap_map const &map = component.map();
	auto const add = [&](std::uint64_t address, unsigned size) {
		for (unsigned i = 0; i < size; i++) set.insert(address + i);
	};
	bool const tree = map.structure == Cap_structure::TREE;
	for (Component_entry const &e : component.entries()) {
		add(map.slot(e.index) + map.id_offset, map.id_width);
		if (tree && e.in_tree) add(map.slot(e.index) + map.node_offset, 3 * map.word_bytes + 1);
	}
	if (tree) add(map.root, map.word_bytes);
	for (auto const &pool : component.pools()) {
		add(pool.tree, map.word_bytes);
		for (auto const &object : pool.objects) add(object.node, 3 * map.word_bytes + 1);
	}
	if (component.raw_parent()) add(component.raw_parent(), map.word_bytes);
	return set;
}

std::vector<std::byte> rewritten(Image const &image, std::vector<Badge_pair> const &pairs,
								 Rewrite_plan::Report *report = nullptr)
{
	Badge_request request;
	request.pairs = pairs;
	Rewrite_plan const plan(image, request);
	Memory_sink sink;
	(void)plan.write(sink, { 2, nullptr });
	if (report) *report = plan.report();
	return sink.bytes();
}

std::vector<Badge_pair> pairs_of(Map const &map)
{
	std::vector<Badge_pair> pairs;
	for (auto const &[from, to] : map) pairs.push_back({ from, to });
	return pairs;
}

void check_lookups(Component const &component, Image const &image, Map const &map)
{
	Segment_memory memory;
	read_memory(image, memory);
	Genode const genode { memory, component.map() };
	auto const now = [&](Component_entry const &e) {
		auto const at = map.find(e.badge);
		return e.foreign || at == map.end() ? e.badge : at->second;
	};

	std::map<std::uint64_t, std::uint64_t> badge_of_index;
	for (Component_entry const &e : component.entries()) {
		std::uint64_t const slot = component.map().slot(e.index);
		ASSERT_EQ(genode.id(slot), now(e)) << "entry " << e.index;
		badge_of_index[e.index] = now(e);
		if (!e.in_tree) continue;
		ASSERT_EQ(genode.entry(now(e)), slot) << "entry " << e.index;
	}
	for (auto const &pool : component.pools())
		for (auto const &object : pool.objects)
			ASSERT_EQ(genode.object(pool.tree, badge_of_index.at(object.index)), object.node);
}

void check_other_bytes(Component const &component, Image const &before, Image const &after)
{
	std::set<std::uint64_t> const allowed = changeable(component);
	Segment_memory old_memory, new_memory;
	read_memory(before, old_memory);
	read_memory(after, new_memory);
	ASSERT_EQ(old_memory.segments().size(), new_memory.segments().size());
	for (auto const &[address, a] : old_memory.segments()) {
		auto const &b = new_memory.segments().at(address);
		ASSERT_EQ(a.size(), b.size());
		for (std::size_t i = 0; i < a.size(); i++)
			ASSERT_TRUE(a[i] == b[i] || allowed.contains(address + i)) << std::hex << address + i;
	}
}

/* one map, everything that is promised of it */
void check(Component const &component, std::vector<std::byte> const &original, Map const &map,
		   bool bytes = true)
{
	Image const before = open_image(original);
	Rewrite_plan::Report report;
	std::vector<std::byte> const result = rewritten(before, pairs_of(map), &report);
	Image const after = open_image(result);

	check_lookups(component, after, map);
	if (bytes) check_other_bytes(component, before, after);
	EXPECT_EQ(rewritten(after, report.undo), original);

	bool monotone = true;
	std::map<std::uint64_t, std::uint64_t> all;
	for (Component_entry const &e : component.entries())
		if (!e.foreign && e.badge && e.badge != component.map().invalid_id)
			all[e.badge] = map.contains(e.badge) ? map.at(e.badge) : e.badge;
	for (auto at = all.begin(); at != all.end() && std::next(at) != all.end(); ++at)
		monotone = monotone && at->second < std::next(at)->second;
	EXPECT_EQ(report.order_kept, monotone);
}

class Rewrite_component : public ::testing::TestWithParam<unsigned>
{};

std::string row_name(testing::TestParamInfo<unsigned> const &info)
{
	Cap_layout const &l = cap_layouts().rows[info.param];
	return std::string(cap_kernel_name(l.kernel)) +
		   (l.structure == Cap_structure::LIST ? "_list_" : "_") + std::to_string(l.first_release) +
		   "_" + std::to_string(8 * l.word_bytes);
}

}

TEST_P(Rewrite_component, Every_kind_of_map_and_back)
{
	std::uint64_t seed = 1;
	for (unsigned const capabilities : { 1u, 2u, 5u, 60u, 400u }) {
		Component_options options;
		options.layout = GetParam();
		options.capabilities = capabilities;
		options.churn = 2 * capabilities;
		options.pools = capabilities > 5 ? 3 : 1;
		options.objects = capabilities / 4;
		options.count = 1024;
		for (Kind const &kind : KINDS) {
			options.seed = seed++;
			options.split = seed % 2;
			SCOPED_TRACE(std::string(kind.name) + " " + std::to_string(capabilities));
			Component const component(options);
			if (badges_of(component).empty()) continue;

			Component_image image;
			std::uint8_t const dedup = seed % 3 ? 10 : 0;
			if (seed % 4 == 0) image.profile = { 65536, Codec_id::LZ4, 1, 10904, dedup };
			image.profile.dedup_log2 = dedup;
			std::vector<std::byte> const bytes = image.write(component);

			std::mt19937_64 random(seed);
			check(component, bytes, kind.make(component, random));
			if (HasFatalFailure()) return;
		}
	}
}

/* the real case on foc: all 4096 entries in use */
TEST_P(Rewrite_component, A_full_map)
{
	Component_options options;
	options.layout = GetParam();
	options.capabilities = 4096;
	options.churn = 3000;
	options.pools = 4;
	options.objects = 400;
	Component const component(options);
	std::vector<std::byte> const bytes = Component_image {}.write(component);
	std::mt19937_64 random(7);
	for (Kind const &kind : { KINDS[2], KINDS[3], KINDS[4] }) {
		SCOPED_TRACE(kind.name);
		check(component, bytes, kind.make(component, random));
		if (HasFatalFailure()) return;
	}
}

INSTANTIATE_TEST_SUITE_P(Layouts, Rewrite_component, ::testing::Range(0u, cap_layouts().count),
						 row_name);

/* more than any kernel has, as much as the format can hold */
TEST(Rewrite_million, One_map_of_a_million_entries)
{
	Component_options options;
#ifdef CAPIMG_SANITIZED
	options.count = 1 << 16;
#else
	options.count = 1 << 20;
#endif
	options.capabilities = options.count - 1000;
	options.churn = 1000;
	options.pools = 2;
	options.objects = options.count / 10;
	Component const component(options);
	std::vector<std::byte> const bytes = Component_image {}.write(component);
	std::mt19937_64 random(7);
	check(component, bytes, KINDS[2].make(component, random), false);
}
