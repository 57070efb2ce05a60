/* The order of steps, and what they are for objects of every kind */

#include <set>

#include <gtest/gtest.h>

#include "opened_plan.h"

using namespace Capimg;
using namespace Capimg::Test;
using namespace Capimg::Test::Whole;
using Engine::Phase;

static std::vector<std::uint32_t> ids(Opened_plan const &opened, Phase phase)
{
	std::vector<std::uint32_t> ids;
	for (std::uint32_t n = opened.plan.first(phase); n < opened.plan.end(phase); n++)
		ids.push_back(opened.plan.step(n).object + 1);
	return ids;
}

using Ids = std::vector<std::uint32_t>;

TEST(Plan_order, EveryKindHasItsPhase)
{
	Opened_plan const plan(whole_component());

	EXPECT_EQ(ids(plan, Phase::PD),
			  (Ids { PD, ADDRESS_SPACE, STACK_AREA, LINKER_AREA, NATIVE_PD, PARENT }));
	EXPECT_EQ(ids(plan, Phase::SESSIONS),
			  (Ids { CPU, NATIVE_CPU, BUFFER, ROM, ROM_CONTENT, RM, LOG, REPORT }));
	EXPECT_EQ(ids(plan, Phase::EXTERNALS), (Ids { EXTERNAL }));
	EXPECT_EQ(ids(plan, Phase::DATASPACES), (Ids { LOWER_RAM, RAM }));
	EXPECT_EQ(ids(plan, Phase::THREADS),
			  (Ids { MAIN, MAIN_GATE, CLIENT, CLIENT_GATE, NOT_STARTED }));
	EXPECT_EQ(ids(plan, Phase::RPC_OBJECTS), (Ids { LOWER_RPC, RPC, DANGLING, STALE_ONLY }));
	EXPECT_EQ(ids(plan, Phase::SIGNALS), (Ids { SOURCE, SEMAPHORE, FAULTS, EXCEPTIONS, ROM_CHANGES,
												TIMEOUTS, RESOURCES, REPORTS }));
	EXPECT_EQ(ids(plan, Phase::REGION_MAPS), (Ids { MAP, MAP_CONTENT }));
	EXPECT_EQ(ids(plan, Phase::TIMERS), (Ids { TIMER }));
	EXPECT_EQ(ids(plan, Phase::HANDLERS), (Ids { CPU, ROM, RESOURCES, REPORTS, MAP, TIMER }));
	EXPECT_EQ(ids(plan, Phase::CONTENT), (Ids { LOWER_RAM, RAM }));
	EXPECT_EQ(ids(plan, Phase::REGIONS), (Ids { ADDRESS_SPACE, LINKER_AREA, MAP }));
	EXPECT_EQ(ids(plan, Phase::INSTALL), (Ids { 1 }));
	EXPECT_EQ(ids(plan, Phase::THREAD_STATE), (Ids { MAIN, CLIENT }));
	EXPECT_EQ(ids(plan, Phase::START), (Ids { MAIN, CLIENT }));
	EXPECT_EQ(ids(plan, Phase::SERVICES), (Ids { SERVICE }));
	EXPECT_EQ(ids(plan, Phase::RELEASE_CALLS), (Ids { MAIN }));
	EXPECT_EQ(ids(plan, Phase::RELEASE), (Ids {}));
	EXPECT_EQ(ids(plan, Phase::PENDING), (Ids { TIMEOUTS }));
	EXPECT_EQ(ids(plan, Phase::TIMEOUTS), (Ids { TIMER }));
}

TEST(Plan_order, StepsAscendByPhases)
{
	Opened_plan const plan(whole_component());
	Phase last = Phase::PD;
	for (std::uint32_t n = 0; n < plan.plan.steps(); n++) {
		EXPECT_LE(last, plan.plan.step(n).phase) << n;
		last = plan.plan.step(n).phase;
	}
	EXPECT_EQ(last, Phase::TIMEOUTS);
}

TEST(Plan_order, NamesAreDistinct)
{
	std::set<std::string> names;
	for (unsigned i = 0; i < Engine::PHASE_COUNT; i++) {
		names.insert(phase_name(Phase(i)));
		EXPECT_NE(std::string(phase_text(Phase(i))), "");
	}
	EXPECT_EQ(names.size(), Engine::PHASE_COUNT);
}

TEST(Plan_order, StaleExternalIsDangling)
{
	Opened_plan const plan(whole_component([](Schema::Manifest::Builder manifest) {
		auto entries = manifest.getCapabilitySpaces()[0].getEntries();
		entries[5].setObject(UNUSED_EXTERNAL);
	}));
	EXPECT_EQ(ids(plan, Phase::EXTERNALS), (Ids { EXTERNAL }));
	EXPECT_EQ(ids(plan, Phase::RPC_OBJECTS), (Ids { LOWER_RPC, RPC, UNUSED_EXTERNAL, DANGLING }));
}

/* quota: the PD's own, or what its objects take, and that of all sessions */
TEST(Plan_order, NeedsQuotaOfComponentAndSessions)
{
	Opened_plan const plan(whole_component());
	auto const need = plan.plan.need();

	/* PD, CPU, ROM, RM, LOG, Timer, Report: 10 to 70 */
	std::uint64_t const sum = 10 + 20 + 30 + 40 + 50 + 60 + 70;
	EXPECT_EQ(need.ram, 0x100000 + sum * 1024 + sum);
	EXPECT_EQ(need.caps, 50 + sum + sum + 7);

	Opened_plan const poor(whole_component([](Schema::Manifest::Builder manifest) {
		auto pd = whole_object(manifest, PD).getPdSession();
		pd.setRamQuota(1);
		pd.setCapQuota(1);
	}));
	/* two dataspaces, a source, six contexts, two RPC objects */
	EXPECT_EQ(poor.plan.need().ram, 8 * 4096 + 100 + sum * 1024 + sum);
	EXPECT_EQ(poor.plan.need().caps, 11 + sum + sum + 7);
}

TEST(Plan_order, QuotaDoesNotWrapAround)
{
	Opened_plan const plan(whole_component([](Schema::Manifest::Builder manifest) {
		auto session = whole_object(manifest, LOG).getLogSession().getSession();
		session.setArguments("ram_quota=99999999999999999999, cap_quota=0xffffffffG");
		session.setRamUpgrade(~0ull);
	}));
	EXPECT_EQ(plan.plan.need().ram, ~0ull);
	EXPECT_GT(plan.plan.need().caps, 0xffffffffull << 29);
}

TEST(Plan_order, NeedsAllOfItsMemory)
{
	Opened_plan const opened(whole_component());
	auto const &manifest = opened.image.image.manifest();
	std::size_t const size = Engine::Restore_plan::work_size(manifest);

	unsigned failed = 0;
	for (std::size_t n = 0; n <= size; n++) {
		Exact_bytes const work(n);
		Engine::Restore_plan plan(manifest, work.bytes());
		Status const s = plan.open();
		if (s) {
			EXPECT_EQ(s.code, Code::NO_SPACE);
			failed++;
		}
	}
	EXPECT_GT(failed, size / 2);
	EXPECT_LE(failed, size);
}
