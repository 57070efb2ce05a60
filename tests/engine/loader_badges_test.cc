/* Components of every layout of a capability map, restored with other badges */

#include <gtest/gtest.h>

#include "libimage/core/badge_rules.h"
#include "libimage/core/cap_descriptor.h"
#include "libimage/core/object_pool.h"
#include "opened_loader.h"
#include "tests/support/component_compare.h"
#include "tests/support/component_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using New_badge = std::function<std::uint64_t(std::uint64_t place, std::uint64_t count)>;

/* the import's manifest becomes that of a component that can be restored */
void complete(Schema::Manifest::Builder manifest)
{
	manifest.setGenodeVersion("26.02");
	manifest.setMemorySearched(true);
	auto objects = manifest.getObjects();
	auto entries = manifest.getCapabilitySpaces()[0].getEntries();

	std::set<std::uint32_t> needed, foreign;
	for (auto entry : entries) {
		if (entry.getState() == Schema::EntryState::LIVE) needed.insert(entry.getObject());
		if (entry.getForeign()) foreign.insert(entry.getObject());
	}
	for (auto raw : manifest.getRawBadges()) needed.insert(raw.getObject());
	for (auto tree : manifest.getBadgeTrees())
		for (auto node : tree.getNodes()) needed.insert(node.getObject());

	std::uint32_t pd = 0, cpu = 0, thread = 0, gate = 0;
	for (auto object : objects) {
		if (object.isPdSession()) {
			pd = object.getId();
			object.getPdSession().initSession().setService("PD");
		}
		if (!object.isCapability() || !needed.count(object.getId())) continue;
		if (foreign.count(object.getId()))
			object.initExternal().setOwner("drivers");
		else if (object.getBadge() == 1)
			gate = object.getId();
		else if (!cpu) {
			cpu = object.getId();
			object.initCpuSession().initSession();
		} else if (!thread) {
			thread = object.getId();
			auto t = object.initThread();
			t.setPd(pd);
			t.setCpu(cpu);
			t.setHasSlot(true);
		} else
			object.initNativeCapability();
	}
	for (auto object : objects) {
		if (!object.isNativeCapability()) continue;
		object.getNativeCapability().setEntrypoint(thread);
		object.getNativeCapability().setDangling(!thread); /* too few for a thread */
	}
	if (thread && gate) objects[thread - 1].getThread().setGate(gate);
}

/* what the component's memory became */
void read_memory(Opened_loader &l, Segment_memory &memory)
{
	auto const objects = l.manifest().objects();
	auto const regions = objects[1].region_map().regions();
	for (std::uint32_t i = 0; i < regions.size(); i++) {
		auto const &bytes = l.target.contents.at(regions[i].dataspace());
		memory.add(regions[i].address(), { bytes.begin(), bytes.end() });
	}
}

std::vector<std::uint64_t> old_badges(Metadata::Manifest::Reader const &manifest)
{
	std::vector<std::uint64_t> badges;
	for (std::uint32_t i = 0; i < manifest.objects().size(); i++)
		badges.push_back(manifest.objects()[i].badge());
	return badges;
}

/* badges in the order that 'place' says: those that may change get multiples of the step */
std::map<std::uint32_t, std::uint64_t> assign(Metadata::Manifest::Reader const &manifest,
											  New_badge const &place)
{
	std::vector<std::byte> work(Badge_assignment::work_size(manifest));
	Badge_assignment badges(manifest, { work.data(), work.size() });
	EXPECT_FALSE(badges.open());

	std::map<std::uint32_t, std::uint64_t> assigned;
	std::vector<std::uint32_t> order;
	for (std::uint32_t i = 0; i < badges.count(); i++) {
		assigned[manifest.objects()[i].id()] = badges.old_badge(i);
		if (badges.rewritable(i)) order.push_back(i);
	}
	std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return badges.old_badge(i); });
	for (std::size_t k = 0; k < order.size(); k++)
		assigned[manifest.objects()[order[k]].id()] =
			(place(k, order.size()) + 2) * badges.rules().step;
	return assigned;
}

void check(Component const &component, New_badge const &place)
{
	Component_image image;
	image.edit = complete;
	Opened_loader l({ image.write(component) });

	auto const &manifest = l.manifest();
	l.target.here = l.opened->chain().newest().head().machine;
	l.target.kernel_here = manifest.kernel();
	l.target.highest = Badge_rules::of(manifest).highest;
	l.target.fpu = 0;

	auto const old = old_badges(manifest);
	auto const fresh = assign(manifest, place);
	l.target.badge = [&](std::uint32_t id, std::uint64_t) { return fresh.at(id); };
	for (std::uint32_t i = 0; i < old.size(); i++)
		l.target.old_badges[manifest.objects()[i].id()] = old[i];

	Status const status = l.restore();
	ASSERT_EQ(l.refusals.reasons, Reasons {});
	ASSERT_EQ(status.code, Code::OK) << status.field << " " << status.value << " " << status.limit;

	/* every entry says the new badge of its object, and a look-up leads to it */
	Segment_memory memory;
	read_memory(l, memory);
	std::map<std::uint64_t, std::uint64_t> by_index;
	auto const entries = manifest.capability_spaces()[0].entries();
	for (std::uint32_t i = 0; i < entries.size(); i++)
		if (entries[i].object()) by_index[entries[i].index()] = fresh.at(entries[i].object());

	std::vector<Component_entry> const expected = component.entries();
	std::vector<Component_entry> const got = read(memory, component.map());
	ASSERT_EQ(got.size(), expected.size());
	for (std::size_t i = 0; i < got.size(); i++) {
		bool const has = by_index.count(expected[i].index);
		ASSERT_EQ(got[i].badge, has ? by_index.at(expected[i].index) : expected[i].badge) << i;
		ASSERT_EQ(got[i].in_tree, expected[i].in_tree);
		ASSERT_EQ(got[i].ref_count, expected[i].ref_count);
	}

	/* every pool has its objects, in the order of the new badges: the walk checks that */
	Memory_view view(memory);
	for (Component_pool const &pool : component.pools()) {
		Object_pool_walk walk(view, component.map(), pool.tree);
		std::set<std::uint64_t> nodes, walked;
		for (Component_object const &object : pool.objects) nodes.insert(object.node);
		for (;;) {
			Result<Pool_object> const object = walk.next();
			if (object.failed()) {
				ASSERT_EQ(object.error().code, Code::NOT_FOUND);
				break;
			}
			walked.insert(object->node);
		}
		ASSERT_EQ(walked, nodes);
	}
}

class Loader_badges : public testing::TestWithParam<unsigned>
{};

}

TEST_P(Loader_badges, EveryLayout)
{
	New_badge const reversed = [](std::uint64_t k, std::uint64_t n) { return n - 1 - k; };
	New_badge const ascending = [](std::uint64_t k, std::uint64_t) { return k; };
	New_badge const halves = [](std::uint64_t k, std::uint64_t n) { return (k + n / 2) % n; };

	std::uint64_t seed = 1;
	for (unsigned capabilities : { 5u, 60u, 400u })
		for (New_badge const &place : { reversed, ascending, halves }) {
			Component_options options;
			options.layout = GetParam();
			options.seed = seed++;
			options.count = 1024;
			options.capabilities = capabilities;
			options.objects = capabilities / 4;
			options.split = seed % 2;
			SCOPED_TRACE(capabilities);
			check(Component(options), place);
			if (HasFatalFailure()) return;
		}
}

INSTANTIATE_TEST_SUITE_P(Layouts, Loader_badges, testing::Range(0u, cap_layouts().count));
