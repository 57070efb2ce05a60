/* Each reason against a restore that the manifest shows, alone and all at once */

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "opened_plan.h"

using namespace Capimg;
using namespace Capimg::Test;
using namespace Capimg::Test::Whole;

namespace
{

/* what is wrong, in the image, on the target or with the policy; and what is said of it */
struct Case
{
	char const *name;
	Reasons reasons;
	Edit_manifest edit = [](Schema::Manifest::Builder) {};
	std::function<void(Recording_target &)> target = [](Recording_target &) {};
	std::function<void(Engine::Policy &)> policy = [](Engine::Policy &) {};
};

std::string text(char const *code, std::uint32_t object = 0)
{
	return std::string(code) + " " + std::to_string(object);
}

Edit_manifest thread(std::uint32_t id, std::function<void(Schema::Thread::Builder)> edit)
{
	return [=](Schema::Manifest::Builder m) { edit(whole_object(m, id).getThread()); };
}

Edit_manifest ram(std::function<void(Schema::Dataspace::Builder)> edit)
{
	return [=](Schema::Manifest::Builder m) { edit(whole_object(m, BUFFER).getDataspace()); };
}

void span(Schema::Manifest::Builder m, std::uint64_t start, std::uint64_t size)
{
	auto spots = m.initSafeSpots(3);
	spots[0].setStart(0x20000);
	spots[0].setSize(8);
	spots[1].setStart(start);
	spots[1].setSize(size);
	spots[2].setStart(0x20008);
	spots[2].setSize(0);
}

std::vector<Case> cases()
{
	using B = Schema::Manifest::Builder;

	return {
		{ "architecture",
		  { text("architecture") },
		  {},
		  [](auto &t) { t.here.architecture = Architecture::ARM_V8; } },
		{ "word size", { text("word-size") }, {}, [](auto &t) { t.here.word_bits = 32; } },
		{ "page size", { text("page-size") }, {}, [](auto &t) { t.here.page_size = 65536; } },
		{ "kernel", { text("kernel") }, {}, [](auto &t) { t.kernel_here = Metadata::Kernel::HW; } },
		{ "release", { text("release") }, {}, [](auto &t) { t.version = "25.02"; } },
		{ "any release", {}, {}, [](auto &t) { t.version = ""; } },
		{ "badge range", { text("badge-range") }, {}, [](auto &t) { t.highest = 1u << 28; } },
		{ "CPU feature", { text("cpu-feature") }, {}, [](auto &t) { t.missing = { "avx2" }; } },
		{ "FPU", { text("fpu") }, {}, [](auto &t) { t.fpu = 511; } },
		{ "FPU of a thread",
		  { text("fpu", MAIN) },
		  thread(MAIN, [](auto t) { t.initFpu().initState(513); }) },
		{ "FPU not known", {}, {}, [](auto &t) { t.fpu = 0; } },

		{ "PD made up by an import",
		  { text("no-pd") },
		  [](B m) { whole_object(m, PD).getPdSession().disownSession(); } },
		{ "several PDs",
		  { text("several-pds", UNUSED) },
		  [](B m) { whole_object(m, UNUSED).initPdSession().initSession(); } },
		{ "label", { text("label") }, {}, {}, [](auto &p) { p.label = "another"; } },
		{ "allowed label", {}, {}, {}, [](auto &p) { p.label = "whole"; } },

		{ "I/O memory", { text("device", BUFFER) }, ram([](auto d) {
			  d.setKind(Schema::DataspaceKind::IO_MEMORY);
		  }) },
		{ "DMA", { text("device", BUFFER) }, ram([](auto d) {
			  d.setKind(Schema::DataspaceKind::DMA);
		  }) },
		{ "IRQ",
		  { text("device", REPORT) },
		  [](B m) { whole_object(m, REPORT).getSession().getSession().setService("IRQ"); } },
		{ "absent memory", { text("absent-memory", BUFFER) }, ram([](auto d) { d.setOwner(PD); }) },
		{ "redacted memory", { text("redacted", BUFFER) }, ram([](auto d) {
			  d.setOwner(PD);
			  d.setAbsentReason(Schema::AbsentReason::REDACTED);
		  }) },
		{ "redacted memory allowed",
		  {},
		  ram([](auto d) {
			  d.setOwner(PD);
			  d.setAbsentReason(Schema::AbsentReason::REDACTED);
		  }),
		  {},
		  [](auto &p) { p.allow_redacted = true; } },

		{ "module",
		  { text("missing-module", ROM) },
		  {},
		  [](auto &t) { t.missing = { "config" }; } },
		{ "size of a module",
		  { text("module-differs", ROM) },
		  {},
		  [](auto &t) { t.module_info.size = 4097; } },
		{ "same size in pages", {}, {}, [](auto &t) { t.module_info.size = 77; } },
		{ "digest of a module",
		  { text("module-differs", ROM) },
		  [](B m) { whole_object(m, ROM_CONTENT).getDataspace().initDigest(32); },
		  [](auto &t) {
			  static std::uint8_t const other[32] { 1 };
			  t.module_info.digest = { other, 32 };
		  } },
		{ "digest not known",
		  {},
		  [](B m) { whole_object(m, ROM_CONTENT).getDataspace().initDigest(32); } },
		{ "service", { text("missing-service", LOG) }, {}, [](auto &t) { t.missing = { "LOG" }; } },
		{ "core's services need not be asked for",
		  {},
		  {},
		  [](auto &t) {
			  t.missing = { "PD", "CPU", "RM", "ROM" };
		  } },
		{ "session state",
		  { text("session-state", REPORT) },
		  {},
		  {},
		  [](auto &p) { p.open_anew = false; } },
		{ "external",
		  { text("external", EXTERNAL) },
		  {},
		  [](auto &t) { t.missing = { "drivers" }; } },
		{ "external that nobody needs", {}, {}, [](auto &t) { t.missing = { "init" }; } },
		{ "unknown object in a live entry",
		  { text("unknown-object", UNUSED) },
		  [](B m) { m.getCapabilitySpaces()[0].getEntries()[4].setObject(UNUSED); } },
		{ "unknown object as handler",
		  { text("unknown-object", UNUSED) },
		  [](B m) { whole_object(m, TIMER).getTimerSession().setHandler(UNUSED); } },
		{ "unknown object as raw badge",
		  { text("unknown-object", UNUSED) },
		  [](B m) { m.getRawBadges()[1].setObject(UNUSED); } },
		{ "unknown object in a pool",
		  { text("unknown-object", STALE_ONLY) },
		  [](B m) { m.initBadgeTrees(1)[0].initNodes(1)[0].setObject(STALE_ONLY); } },

		{ "RPC object without entrypoint",
		  { text("unbound", LOWER_RPC) },
		  [](B m) { whole_object(m, LOWER_RPC).getNativeCapability().setEntrypoint(0); } },
		{ "context without source",
		  { text("unbound", FAULTS) },
		  [](B m) { whole_object(m, FAULTS).getSignalContext().setSource(0); } },
		{ "source without PD",
		  { text("unbound", SOURCE) },
		  [](B m) { whole_object(m, SOURCE).getSignalSource().setPd(0); } },
		{ "region map of nobody",
		  { text("unbound", MAP), text("unbound", MAP_CONTENT) },
		  [](B m) { whole_object(m, RM).getRmSession().initRegionMaps(0); } },
		{ "managed dataspace of nobody",
		  { text("unbound", MAP_CONTENT) },
		  [](B m) { whole_object(m, MAP).getRegionMap().setDataspace(0); } },
		{ "managed dataspace of another map",
		  { text("unbound", MAP_CONTENT) },
		  [](B m) { whole_object(m, MAP_CONTENT).getDataspace().setRegionMap(0); } },
		{ "ROM dataspace of no session",
		  { text("unbound", ROM_CONTENT) },
		  [](B m) { whole_object(m, ROM).getRomSession().setDataspace(0); } },
		{ "gate of two threads",
		  { text("unbound", MAIN_GATE) },
		  thread(NOT_STARTED, [](auto t) { t.setGate(MAIN_GATE); }) },
		{ "thread as gate",
		  { text("unbound", NOT_STARTED) },
		  thread(CLIENT, [](auto t) { t.setGate(NOT_STARTED); }) },
		{ "thread without PD",
		  { text("unbound", CLIENT) },
		  thread(CLIENT, [](auto t) { t.setPd(0); }) },
		{ "thread without CPU session",
		  { text("unbound", CLIENT) },
		  thread(CLIENT, [](auto t) { t.setCpu(0); }) },
		{ "thread without slot",
		  { text("unbound", CLIENT) },
		  thread(CLIENT, [](auto t) { t.setHasSlot(false); }) },
		{ "two threads in a slot",
		  { text("unbound", NOT_STARTED) },
		  thread(NOT_STARTED, [](auto t) { t.setSlot(1); }) },
		{ "two parents",
		  { text("unbound", UNUSED) },
		  [](B m) { whole_object(m, UNUSED).setParentCapability(); } },
		{ "service with a root of nobody",
		  { text("unbound", SERVICE), text("unknown-object", UNUSED) },
		  [](B m) { whole_object(m, SERVICE).getService().setRoot(UNUSED); } },
		{ "service whose root the component keeps",
		  {},
		  [](B m) { whole_object(m, SERVICE).getService().setRoot(0); } },
		{ "address space of nobody",
		  { text("unbound", PD), text("unbound", ADDRESS_SPACE) },
		  [](B m) { whole_object(m, PD).getPdSession().setAddressSpace(0); } },
		{ "capability space of nobody",
		  { text("unbound", 0) },
		  [](B m) { m.getCapabilitySpaces()[0].setPd(0); } },
		{ "raw badges without space",
		  { text("unbound", PD) },
		  [](B m) {
			  m.initCapabilitySpaces(0);
			  m.initRawBadges(1)[0].setObject(RPC);
			  m.getRawBadges()[0].setWidth(8);
		  } },

		{ "no registers",
		  { text("no-registers", MAIN) },
		  thread(MAIN, [](auto t) { t.getRegisters().initX86x32(); }) },
		{ "no registers, not started",
		  {},
		  thread(NOT_STARTED, [](auto t) { t.getRegisters().setNone(); }) },
		{ "unsafe spot", { text("unsafe-spot", MAIN) }, [](B m) { span(m, 0x20018, 9); } },
		{ "unsafe spot under a longer one",
		  { text("unsafe-spot", MAIN) },
		  [](B m) { span(m, 0x1000, ~0ull); } },
		{ "just behind an unsafe spot", {}, [](B m) { span(m, 0x20018, 8); } },
		{ "in a system call there", {}, [](B m) { span(m, 0x2000c, 8); } },
		{ "foreign call",
		  { text("foreign-call", CLIENT), text("unbound", MAIN) },
		  thread(CLIENT, [](auto t) { t.setCallTarget(EXTERNAL); }) },
		{ "call to a session",
		  { text("foreign-call", MAIN) },
		  thread(MAIN,
				 [](auto t) {
					 t.setPhase(Schema::IpcPhase::RECEIVING);
					 t.setCallTarget(TIMER);
				 }) },
		{ "foreign call not sent",
		  {},
		  thread(MAIN,
				 [](auto t) {
					 t.setPhase(Schema::IpcPhase::SENDING);
					 t.setCallTarget(TIMER);
				 }) },
		{ "foreign call repeated",
		  {},
		  thread(MAIN,
				 [](auto t) {
					 t.setPhase(Schema::IpcPhase::RECEIVING);
					 t.setCallTarget(TIMER);
				 }),
		  {},
		  [](auto &p) { p.repeat_foreign_calls = true; } },
		{ "waiting for signals",
		  {},
		  thread(MAIN,
				 [](auto t) {
					 t.setPhase(Schema::IpcPhase::RECEIVING);
					 t.setCallTarget(SEMAPHORE);
				 }) },

		{ "RAM quota", { text("ram-quota") }, {}, [](auto &t) { t.ram_here = 0x100000; } },
		{ "RAM limit", { text("ram-quota") }, {}, {}, [](auto &p) { p.ram_limit = 0x100000; } },
		{ "capability quota", { text("cap-quota") }, {}, [](auto &t) { t.caps_here = 50; } },
		{ "capability limit", { text("cap-quota") }, {}, {}, [](auto &p) { p.cap_limit = 50; } },
	};
}

Reasons reasons(std::vector<Case const *> const &cases)
{
	Opened_plan const plan(whole_component([&](Schema::Manifest::Builder manifest) {
		for (Case const *c : cases)
			if (c->edit) c->edit(manifest);
	}));
	Recording_target target;
	like_source(target);
	Engine::Policy policy;
	policy.open_anew = true;
	for (Case const *c : cases) {
		if (c->target) c->target(target);
		if (c->policy) c->policy(policy);
	}
	return plan.check(target, policy);
}

}

TEST(Plan_refusal, NoneForTheSource) { EXPECT_EQ(reasons({}), Reasons {}); }

TEST(Plan_refusal, EachOfItself)
{
	for (Case const &c : cases()) EXPECT_EQ(reasons({ &c }), c.reasons) << c.name;
}

TEST(Plan_refusal, AllOfTheTargetAtOnce)
{
	std::vector<Case> const all = cases();
	std::vector<Case const *> chosen;
	std::set<std::string> const names { "architecture", "word size",       "page size",
										"kernel",       "release",         "badge range",
										"FPU",          "session state",   "label",
										"RAM quota",    "capability limit" };
	Reasons expected;
	for (Case const &c : all) {
		if (!names.count(c.name)) continue;
		chosen.push_back(&c);
		expected.insert(expected.end(), c.reasons.begin(), c.reasons.end());
	}
	ASSERT_EQ(chosen.size(), names.size());
	EXPECT_THAT(reasons(chosen), testing::UnorderedElementsAreArray(expected));
}

TEST(Plan_refusal, AllOfTheImageAtOnce)
{
	std::vector<Case> const all = cases();
	std::vector<Case const *> chosen;
	std::set<std::string> const names { "IRQ",
										"RPC object without entrypoint",
										"context without source",
										"unknown object as raw badge",
										"two threads in a slot",
										"no registers" };
	Reasons expected;
	for (Case const &c : all) {
		if (!names.count(c.name)) continue;
		chosen.push_back(&c);
		expected.insert(expected.end(), c.reasons.begin(), c.reasons.end());
	}
	ASSERT_EQ(chosen.size(), names.size());
	EXPECT_THAT(reasons(chosen), testing::UnorderedElementsAreArray(expected));
}

TEST(Plan_refusal, EveryCodeHasItsTexts)
{
	std::set<std::string> names;
	for (unsigned i = 0; i < Engine::REFUSAL_COUNT; i++) {
		names.insert(refusal_name(Engine::Refusal_code(i)));
		EXPECT_STRNE(refusal_text(Engine::Refusal_code(i)), "");
	}
	EXPECT_EQ(names.size(), Engine::REFUSAL_COUNT);
}

/* memory, calls in a circle: elsewhere. All others are tried here */
TEST(Plan_refusal, EveryCodeIsTried)
{
	std::set<std::string> tried { "memory", "call-cycle" };
	for (Case const &c : cases())
		for (std::string const &reason : c.reasons)
			tried.insert(reason.substr(0, reason.find(' ')));
	EXPECT_EQ(tried.size(), Engine::REFUSAL_COUNT);
}
