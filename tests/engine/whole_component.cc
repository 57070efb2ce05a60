#include "whole_component.h"

#include <capnp/message.h>

#include "libimage/manifest.h"
#include "libimage/sink.h"
#include "tests/support/small_image.h"

namespace Capimg::Test
{

using namespace Whole;

static constexpr std::uint64_t RAM_SIZE = 5 * 4096 + 100, LOWER_RAM_SIZE = 3 * 4096;

std::uint64_t whole_badge(std::uint32_t id)
{
	switch (id) {
	case MAIN_GATE: return 1;
	case LOWER_RAM: return 0x20;
	case LOWER_RPC: return 0x24;
	case SERVICE: return 0;
	default: return 0x100 + 4 * id;
	}
}

std::byte whole_content(std::uint32_t dataspace, std::uint64_t offset)
{
	if (offset / 4096 == 1) return std::byte(0);
	return std::byte((dataspace * 7 + offset * 13 + offset / 4096) | 1);
}

Machine whole_machine()
{
	Machine machine;
	machine.architecture = Architecture::X86_64;
	return machine;
}

static void session(Schema::Session::Builder session, char const *service, unsigned n)
{
	session.setService(service);
	session.setArguments("label=\"ram_quota=9G, x\", ram_quota=" + std::to_string(n) +
						 "K, cap_quota=" + std::to_string(n));
	session.setRamUpgrade(n);
	session.setCapUpgrade(n + 1);
	session.setClientId(n + 2);
	session.initAffinity().setWidth(1);
}

static void region(Schema::Region::Builder region, std::uint32_t dataspace, std::uint64_t address,
				   std::uint64_t size)
{
	region.setAddress(address);
	region.setSize(size);
	region.setDataspace(dataspace);
	region.setReadable(true);
	region.setWriteable(true);
}

static Schema::Dataspace::Builder dataspace(Schema::Object::Builder object,
											Schema::DataspaceKind kind, std::uint64_t size)
{
	auto dataspace = object.initDataspace();
	dataspace.setKind(kind);
	dataspace.setSize(size);
	return dataspace;
}

static void build_sessions(capnp::List<Schema::Object>::Builder objects)
{
	auto const at = [&](std::uint32_t id) { return objects[id - 1]; };

	auto pd = at(PD).initPdSession();
	session(pd.initSession(), "PD", 10);
	pd.setAddressSpace(ADDRESS_SPACE);
	pd.setStackArea(STACK_AREA);
	pd.setLinkerArea(LINKER_AREA);
	pd.setNativePd(NATIVE_PD);
	pd.setRamQuota(0x100000);
	pd.setCapQuota(50);
	pd.setRefAccount(UNUSED_EXTERNAL);
	at(NATIVE_PD).setCapability();
	at(PARENT).setParentCapability();

	auto cpu = at(CPU).initCpuSession();
	session(cpu.initSession(), "CPU", 20);
	cpu.setNativeCpu(NATIVE_CPU);
	cpu.setExceptionHandler(EXCEPTIONS);
	at(NATIVE_CPU).setCapability();

	auto rom = at(ROM).initRomSession();
	session(rom.initSession(), "ROM", 30);
	rom.setModule("config");
	rom.setDataspace(ROM_CONTENT);
	rom.setHandler(ROM_CHANGES);
	auto content = dataspace(at(ROM_CONTENT), Schema::DataspaceKind::ROM, 4096);
	content.setModule("config");
	content.setAbsentReason(Schema::AbsentReason::IN_ROM);

	auto rm = at(RM).initRmSession();
	session(rm.initSession(), "RM", 40);
	rm.initRegionMaps(1).set(0, MAP);
	session(at(LOG).initLogSession().initSession(), "LOG", 50);

	auto timer = at(TIMER).initTimerSession();
	session(timer.initSession(), "Timer", 60);
	timer.setHandler(TIMEOUTS);
	timer.setTimeout(1000);
	timer.setElapsed(300);
	session(at(REPORT).initSession().initSession(), "Report", 70);

	at(EXTERNAL).initExternal().setOwner("drivers");
	at(UNUSED_EXTERNAL).initExternal().setOwner("init");
	auto service = at(SERVICE).initService();
	service.setName("Counter");
	service.setRoot(RPC);
}

static void build_memory(capnp::List<Schema::Object>::Builder objects)
{
	auto const at = [&](std::uint32_t id) { return objects[id - 1]; };

	auto regions = at(ADDRESS_SPACE).initRegionMap().initRegions(4);
	region(regions[0], LOWER_RAM, 0x10000, LOWER_RAM_SIZE);
	region(regions[1], RAM, 0x20000, 0x6000);
	region(regions[2], ROM_CONTENT, 0x40000, 0x1000);
	region(regions[3], MAP_CONTENT, 0x80000, 0x10000);
	at(STACK_AREA).initRegionMap();
	region(at(LINKER_AREA).initRegionMap().initRegions(1)[0], BUFFER, 0x3000, 0x2000);

	auto map = at(MAP).initRegionMap();
	map.setSize(0x10000);
	map.setDataspace(MAP_CONTENT);
	map.setFaultHandler(FAULTS);
	region(map.initRegions(1)[0], RAM, 0x1000, 0x1000);
	auto managed = dataspace(at(MAP_CONTENT), Schema::DataspaceKind::MANAGED, 0x10000);
	managed.setRegionMap(MAP);
	managed.setAbsentReason(Schema::AbsentReason::NOT_CAPTURED);

	auto buffer = dataspace(at(BUFFER), Schema::DataspaceKind::RAM, 0x2000);
	buffer.setOwner(CPU);
	buffer.setAbsentReason(Schema::AbsentReason::NOT_CAPTURED);
}

static void build_thread(Schema::Thread::Builder thread, char const *name, unsigned slot)
{
	thread.setName(name);
	thread.setPd(PD);
	thread.setCpu(CPU);
	thread.setSlot(slot);
	thread.setHasSlot(true);
}

static void build_threads(capnp::List<Schema::Object>::Builder objects)
{
	auto const at = [&](std::uint32_t id) { return objects[id - 1]; };

	auto client = at(CLIENT).initThread();
	build_thread(client, "client", 1);
	client.setGate(CLIENT_GATE);
	client.setStarted(true);
	client.setPhase(Schema::IpcPhase::RECEIVING);
	client.setCallTarget(RPC);
	client.setPendingWakeups(3);
	client.getRegisters().initX86x64().setIp(0x20010);
	auto words = client.initUtcb().initWords(2);
	words.set(0, whole_badge(RPC));
	words.set(1, whole_badge(EXTERNAL));
	at(CLIENT_GATE).setCapability();

	auto main = at(MAIN).initThread();
	build_thread(main, "ep", 0);
	main.setGate(MAIN_GATE);
	main.setStarted(true);
	main.setPhase(Schema::IpcPhase::USER_MODE);
	main.setServedCaller(CLIENT);
	main.getRegisters().initX86x64().setIp(0x20020);
	at(MAIN_GATE).setCapability();

	build_thread(at(NOT_STARTED).initThread(), "idle", 5);

	auto source = at(SOURCE).initSignalSource();
	source.setPd(PD);
	source.setHandler(MAIN);
	source.setSemaphore(SEMAPHORE);
	at(SEMAPHORE).setCapability();
	for (std::uint32_t id = FAULTS; id <= REPORTS; id++) {
		auto context = at(id).initSignalContext();
		context.setSource(SOURCE);
		context.setImprint(0x10000 + id);
	}
	at(TIMEOUTS).getSignalContext().setPending(2);
	at(TIMEOUTS).getSignalContext().setHolder(TIMER);
	at(RESOURCES).getSignalContext().setRole("resource");
	at(REPORTS).getSignalContext().setHolder(REPORT);

	at(RPC).initNativeCapability().setEntrypoint(MAIN);
	at(LOWER_RPC).initNativeCapability().setEntrypoint(CLIENT);
	at(DANGLING).initNativeCapability().setDangling(true);
	at(STALE_ONLY).setCapability();
	at(UNUSED).setCapability();
}

static void build_capabilities(Schema::Manifest::Builder manifest)
{
	auto space = manifest.initCapabilitySpaces(1)[0];
	space.setPd(PD);

	struct Row
	{
		std::uint64_t kcap;
		std::uint32_t object;
		Schema::EntryState state;
	};
	using State = Schema::EntryState; /* a typedef, which clang does not take for 'using enum' */
	State const LIVE = State::LIVE, STALE = State::STALE, EMPTY = State::EMPTY;
	Row const rows[] {
		{ 0xb000, PARENT, LIVE },     { 0xc000, MAIN_GATE, LIVE },  { 0, RAM, LIVE },
		{ 0x301000, EXTERNAL, LIVE }, { 0x302000, RPC, LIVE },      { 0x303000, STALE_ONLY, STALE },
		{ 0x304000, 0, EMPTY },       { 0x305000, DANGLING, LIVE }, { 0x306000, LOWER_RPC, LIVE }
	};
	auto entries = space.initEntries(unsigned(std::size(rows)));
	for (unsigned i = 0; i < std::size(rows); i++) {
		entries[i].setIndex(i);
		entries[i].setKcap(rows[i].kcap);
		entries[i].setObject(rows[i].object);
		entries[i].setState(rows[i].state);
	}

	auto raw = manifest.initRawBadges(2);
	for (unsigned i = 0; i < 2; i++) {
		raw[i].setPlace(Schema::RawBadgePlace::UTCB);
		raw[i].setWidth(8);
		raw[i].setObject(i ? EXTERNAL : RPC);
		raw[i].setThread(CLIENT);
		raw[i].setWord(i);
	}
}

std::vector<std::byte> whole_component(Edit_manifest const &edit, Profile const &profile)
{
	Memory_sink sink;
	Head head {};
	head.machine = whole_machine();
	head.profile = profile;
	head.set_writer("test");
	Writer writer(sink, head, { .threads = 1 });

	capnp::MallocMessageBuilder message;
	auto manifest = message.initRoot<Schema::Manifest>();
	manifest.setLabel("whole");
	manifest.setKernel(Schema::Kernel::FOC);
	manifest.setGenodeVersion("26.02");
	manifest.setFpuSize(512);
	manifest.initCpuFeatures(1).set(0, "avx2");
	manifest.setMemorySearched(true);

	auto objects = manifest.initObjects(COUNT);
	for (std::uint32_t id = 1; id <= COUNT; id++) {
		objects[id - 1].setId(id);
		objects[id - 1].setBadge(whole_badge(id));
	}
	build_sessions(objects);
	build_memory(objects);
	build_threads(objects);
	build_capabilities(manifest);

	for (std::uint32_t id : { RAM, LOWER_RAM }) {
		std::uint64_t const size = id == RAM ? RAM_SIZE : LOWER_RAM_SIZE;
		std::vector<std::byte> bytes(size);
		for (std::uint64_t i = 0; i < size; i++) bytes[i] = whole_content(id, i);
		Pieces content;
		content.bytes(std::move(bytes));
		auto ram = dataspace(objects[id - 1], Schema::DataspaceKind::RAM, size);
		ram.setOwner(PD);
		ram.setStored(true);
		ram.setFirstBlock(writer.add_dataspace(id, size, content).first_block);
	}
	edit(manifest);
	writer.finish(encode_manifest(manifest.asReader()));
	return sink.bytes();
}

}
