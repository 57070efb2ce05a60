/*
 * What a manifest must not say: one row for each rule of docs/FORMAT.md, section 7
 */

#include <capnp/message.h>
#include <functional>
#include <gtest/gtest.h>

#include "libimage/core/manifest_check.h"
#include "libimage/manifest.h"

using namespace Capimg;

namespace
{

using Manifest = Schema::Manifest::Builder;

enum : unsigned { PD, MAP, HEAP, NESTED, MANAGED, STACK, SERVER, OBJECT, OBJECTS };

/* id of an object of the sound manifest */
constexpr std::uint32_t id(unsigned i) { return 10 * (i + 1); }

constexpr Manifest_context CONTEXT { 4096, 4096, 5 };

void build(Manifest m)
{
	auto objects = m.initObjects(OBJECTS);
	for (unsigned i = 0; i < OBJECTS; i++) objects[i].setId(id(i));

	objects[PD].initPdSession().setAddressSpace(id(MAP));

	auto regions = objects[MAP].initRegionMap().initRegions(2);
	regions[0].setAddress(0x1000);
	regions[0].setSize(0x3000);
	regions[0].setDataspace(id(HEAP));
	regions[1].setAddress(0xfffffffffffff000);
	regions[1].setSize(0x1000);
	regions[1].setDataspace(id(MANAGED));

	auto heap = objects[HEAP].initDataspace();
	heap.setSize(0x2800);
	heap.setStored(true);
	auto absent = heap.initAbsent(2);
	absent[0].setOffset(0x10);
	absent[0].setSize(0x20);
	absent[0].setReason(Schema::AbsentReason::NOT_CAPTURED);
	absent[1].setOffset(0x2000);
	absent[1].setSize(0x800);
	absent[1].setReason(Schema::AbsentReason::REDACTED);

	auto nested = objects[NESTED].initRegionMap();
	nested.setSize(0x4000);
	auto inner = nested.initRegions(1);
	inner[0].setAddress(0x2000);
	inner[0].setSize(0x2000);
	inner[0].setDataspace(id(STACK));

	auto managed = objects[MANAGED].initDataspace();
	managed.setSize(0x4000);
	managed.setKind(Schema::DataspaceKind::MANAGED);
	managed.setRegionMap(id(NESTED));

	auto stack = objects[STACK].initDataspace();
	stack.setSize(0x2000);
	stack.setStored(true);
	stack.setFirstBlock(3);

	auto thread = objects[SERVER].initThread();
	thread.setPd(id(PD));
	thread.getRegisters().initArmV8().initX(31);
	objects[OBJECT].initNativeCapability().setEntrypoint(id(SERVER));

	auto space = m.initCapabilitySpaces(1)[0];
	space.setPd(id(PD));
	auto layout = space.initLayout();
	layout.setWordBytes(8);
	layout.setStructure(Schema::MapStructure::TREE);
	layout.setArray(0x1000);
	layout.setCount(16);
	layout.setStride(40);
	layout.setDepthOffset(24);
	layout.setIdOffset(36);
	layout.setIdWidth(4);
	layout.setRefOffset(32);
	layout.setRefWidth(1);
	layout.setSocketOffset(0xffff);
	layout.setForeignOffset(0xffff);
	layout.setSelectorShift(12);
	layout.setHasSelectors(true);
	auto entries = space.initEntries(3);
	for (unsigned i = 0; i < 3; i++) {
		entries[i].setIndex(2 * i + 1);
		entries[i].setKcap((2 * i + 1) << 12);
	}
	entries[0].setObject(id(OBJECT));
	entries[1].setState(Schema::EntryState::EMPTY);
	entries[1].setRawId(0xffffffff);
	entries[2].setState(Schema::EntryState::STALE);
	entries[2].setObject(id(OBJECT));

	auto nodes = m.initBadgeTrees(1)[0].initNodes(2);
	for (unsigned i = 0; i < 2; i++) {
		nodes[i].setAddress(0x100 + i);
		nodes[i].setObject(id(OBJECT));
	}
	auto raw = m.initRawBadges(1)[0];
	raw.setWidth(8);
	raw.setObject(id(OBJECT));
}

Error check(std::function<void(Manifest)> const &change, Manifest_context context = CONTEXT)
{
	capnp::MallocMessageBuilder message;
	auto manifest = message.initRoot<Schema::Manifest>();
	build(manifest);
	change(manifest);
	auto const bytes = encode_manifest(manifest.asReader());
	return check_manifest({ bytes.data(), bytes.size() }, context).error();
}

struct Rule
{
	Code code;
	char const *field;
	std::function<void(Manifest)> change;
};

auto heap(Manifest m) { return m.getObjects()[HEAP].getDataspace(); }
auto region(Manifest m, unsigned i) { return m.getObjects()[MAP].getRegionMap().getRegions()[i]; }
auto entry(Manifest m, unsigned i) { return m.getCapabilitySpaces()[0].getEntries()[i]; }
auto layout(Manifest m) { return m.getCapabilitySpaces()[0].getLayout(); }

Rule const RULES[] {
	/* ids and references */
	{ Code::OUT_OF_ORDER, "Object.id", [](Manifest m) { m.getObjects()[0].setId(0); } },
	{ Code::DUPLICATE, "Object.id", [](Manifest m) { m.getObjects()[2].setId(id(1)); } },
	{ Code::OUT_OF_ORDER, "Object.id", [](Manifest m) { m.getObjects()[2].setId(1); } },
	{ Code::DANGLING, "PdSession.addressSpace",
	  [](Manifest m) { m.getObjects()[PD].getPdSession().setAddressSpace(4711); } },
	{ Code::DANGLING, "PdSession.addressSpace",
	  [](Manifest m) { m.getObjects()[PD].getPdSession().setAddressSpace(id(HEAP)); } },
	{ Code::DANGLING, "NativeCapability.entrypoint",
	  [](Manifest m) { m.getObjects()[OBJECT].getNativeCapability().setEntrypoint(id(PD)); } },

	/* dataspaces and blocks */
	{ Code::INVALID, "Dataspace.size",
	  [](Manifest m) {
		  heap(m).setSize(0);
		  region(m, 0).setDataspace(id(STACK));
		  region(m, 0).setSize(0x2000);
	  } },
	{ Code::INVALID, "Dataspace.size", [](Manifest m) { heap(m).setSize(1ull << 63); } },
	{ Code::OUT_OF_ORDER, "Dataspace.firstBlock", [](Manifest m) { heap(m).setFirstBlock(1); } },
	{ Code::INVALID, "Dataspace.absentReason",
	  [](Manifest m) { heap(m).setAbsentReason(Schema::AbsentReason::IN_ROM); } },
	{ Code::INVALID, "Dataspace.absent", [](Manifest m) { heap(m).setStored(false); } },
	{ Code::INVALID, "AbsentRange.size",
	  [](Manifest m) { heap(m).getAbsent()[1].setSize(0x801); } },
	{ Code::INVALID, "AbsentRange.size", [](Manifest m) { heap(m).getAbsent()[0].setSize(0); } },
	{ Code::OUT_OF_ORDER, "AbsentRange.offset",
	  [](Manifest m) { heap(m).getAbsent()[1].setOffset(0x18); } },
	{ Code::INVALID, "AbsentRange.reason",
	  [](Manifest m) { heap(m).getAbsent()[0].setReason(Schema::AbsentReason::NONE); } },
	{ Code::INVALID, "Manifest.objects (blocks)",
	  [](Manifest m) {
		  auto stack = m.getObjects()[STACK].getDataspace();
		  stack.setSize(0x1000);
		  m.getObjects()[NESTED].getRegionMap().getRegions()[0].setSize(0x1000);
	  } },
	{ Code::INVALID, "Dataspace.digest", [](Manifest m) { heap(m).initDigest(31); } },

	/* regions */
	{ Code::INVALID, "Region.size", [](Manifest m) { region(m, 0).setSize(0); } },
	{ Code::INVALID, "Region.size", [](Manifest m) { region(m, 1).setSize(0x1001); } },
	{ Code::INVALID, "Region.dataspace", [](Manifest m) { region(m, 0).setDataspace(0); } },
	{ Code::INVALID, "Region.offset", [](Manifest m) { region(m, 0).setOffset(0x1000); } },
	{ Code::INVALID, "Region.offset", [](Manifest m) { region(m, 0).setOffset(~0ull); } },
	{ Code::OUT_OF_ORDER, "Region.address", [](Manifest m) { region(m, 1).setAddress(0x2000); } },
	{ Code::INVALID, "Region.size",
	  [](Manifest m) { m.getObjects()[NESTED].getRegionMap().setSize(0x3000); } },

	/* a map within itself, directly and by way of another one */
	{ Code::CYCLE, "Region.dataspace",
	  [](Manifest m) { m.getObjects()[MANAGED].getDataspace().setRegionMap(id(MAP)); } },
	{ Code::CYCLE, "Region.dataspace",
	  [](Manifest m) {
		  auto inner = m.getObjects()[NESTED].getRegionMap().getRegions()[0];
		  inner.setDataspace(id(MANAGED));
	  } },

	/* threads */
	{ Code::INVALID, "RegistersArmV8.x",
	  [](Manifest m) { m.getObjects()[SERVER].getThread().getRegisters().getArmV8().initX(30); } },

	/* parent */
	{ Code::INVALID, "Parent.stateDigest", [](Manifest m) { m.initParent().initStateDigest(5); } },

	/* capabilities */
	{ Code::INVALID, "CapabilityLayout.wordBytes", [](Manifest m) { layout(m).setWordBytes(3); } },
	{ Code::LIMIT, "CapabilityLayout.count", [](Manifest m) { layout(m).setCount(0); } },
	{ Code::LIMIT, "CapabilityLayout.count", [](Manifest m) { layout(m).setCount(0x100001); } },
	{ Code::INVALID, "CapabilityLayout.stride", [](Manifest m) { layout(m).setStride(4); } },
	{ Code::INVALID, "CapabilityLayout.array", [](Manifest m) { layout(m).setArray(~0ull - 9); } },
	{ Code::INVALID, "CapabilityLayout.idOffset", [](Manifest m) { layout(m).setIdOffset(37); } },
	{ Code::INVALID, "CapabilityLayout.idOffset", [](Manifest m) { layout(m).setIdWidth(3); } },
	{ Code::INVALID, "CapabilityLayout.idOffset",
	  [](Manifest m) { layout(m).setIdOffset(0xffff); } },
	{ Code::INVALID, "CapabilityLayout.nodeOffset",
	  [](Manifest m) { layout(m).setNodeOffset(17); } },
	{ Code::INVALID, "CapabilityLayout.depthOffset",
	  [](Manifest m) { layout(m).setDepthOffset(40); } },
	{ Code::INVALID, "CapabilityLayout.selectorShift",
	  [](Manifest m) { layout(m).setSelectorShift(64); } },
	{ Code::OUT_OF_ORDER, "CapabilityEntry.index", [](Manifest m) { entry(m, 1).setIndex(1); } },
	{ Code::INVALID, "CapabilityEntry.index", [](Manifest m) { entry(m, 2).setIndex(16); } },
	{ Code::INVALID, "CapabilityEntry.kcap", [](Manifest m) { entry(m, 0).setKcap(0x1001); } },
	{ Code::INVALID, "CapabilityEntry.object", [](Manifest m) { entry(m, 0).setObject(0); } },
	{ Code::INVALID, "CapabilityEntry.object",
	  [](Manifest m) { entry(m, 1).setObject(id(OBJECT)); } },
	{ Code::INVALID, "CapabilityEntry.rawId", [](Manifest m) { entry(m, 0).setRawId(1); } },
	{ Code::INVALID, "CapabilityEntry.inTree", [](Manifest m) { entry(m, 2).setInTree(true); } },
	{ Code::INVALID, "BadgeNode.object",
	  [](Manifest m) { m.getBadgeTrees()[0].getNodes()[1].setObject(0); } },
	{ Code::OUT_OF_ORDER, "BadgeNode.address",
	  [](Manifest m) { m.getBadgeTrees()[0].getNodes()[1].setAddress(0x100); } },
	{ Code::INVALID, "RawBadge.width", [](Manifest m) { m.getRawBadges()[0].setWidth(1); } },
	{ Code::INVALID, "RawBadge.object", [](Manifest m) { m.getRawBadges()[0].setObject(0); } },
};

}

TEST(Manifest_check, sound_manifest)
{
	Error const error = check([](Manifest) {});
	EXPECT_FALSE(error) << error_text(error.code) << " " << error.field;
}

TEST(Manifest_check, every_rule_is_enforced)
{
	for (Rule const &rule : RULES) {
		Error const error = check(rule.change);
		EXPECT_EQ(error.code, rule.code) << rule.field << ": " << error.field;
		EXPECT_STREQ(error.field, rule.field);
	}
}

TEST(Manifest_check, blocks_are_those_of_the_index)
{
	EXPECT_STREQ(check([](Manifest) {}, { 4096, 4096, 6 }).field, "Manifest.objects (blocks)");
	EXPECT_STREQ(check([](Manifest) {}, { 4096, 4096, 4 }).field, "Dataspace.size");
	EXPECT_STREQ(check([](Manifest) {}, { 8192, 4096, 5 }).field, "Dataspace.firstBlock");
}

TEST(Manifest_check, what_a_newer_version_adds_is_accepted)
{
	EXPECT_FALSE(check([](Manifest m) { m.setKernel(Schema::Kernel(4711)); }));
	EXPECT_FALSE(check([](Manifest m) { entry(m, 0).setKind(Schema::EntryKind(99)); }));
}
