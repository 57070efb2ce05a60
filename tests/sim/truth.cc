#include "truth.h"

#include <algorithm>
#include <capnp/message.h>

#include "libimage/writer.h"
#include "tests/support/small_image.h"

namespace Capimg::Sim
{

Truth::Truth(Hosted &hosted, Facts const &facts)
	: _hosted(hosted),
	  _ecu(hosted.ecu()),
	  _facts(facts),
	  _pd(*hosted.pd),
	  _memory(hosted.ecu(), *hosted.pd),
	  _word(facts.binary.word())
{
	hosted.look();
}

void Truth::_session(Schema::Session::Builder out, Session const &s) const
{
	out.setService(s.service.c_str());
	out.setArguments(s.arguments.c_str());
	out.setRamUpgrade(s.upgrade.ram);
	out.setCapUpgrade(s.upgrade.caps);
	out.setClientId(s.client_id);
	out.setInterposed(s.kind == Kind::PD || s.kind == Kind::CPU);
}

void Truth::_pd_session(Schema::PdSession::Builder out) const
{
	_session(out.initSession(), _pd);
	out.setAddressSpace(_id(_pd.space));
	out.setStackArea(_id(_pd.stack_area));
	out.setLinkerArea(_id(_pd.linker_area));
	out.setRamQuota(_pd.own.quota().ram);
	out.setRamUsed(_pd.own.used().ram);
	out.setCapQuota(_pd.own.quota().caps);
	out.setCapUsed(_pd.own.used().caps);
	out.setNativePd(_id(_pd.native));
}

void Truth::_timer(Schema::TimerSession::Builder out, Timer_session const &t) const
{
	_session(out.initSession(), t);
	out.setHandler(_id(t.handler));
	out.setTimeout(t.timeout);
	out.setPeriodic(t.periodic);
	out.setElapsed(t.timeout ? _ecu.time - t.started_at : 0);
	out.setTimeBase(_ecu.time);
}

void Truth::_thread(Schema::Thread::Builder out, Thread const &t) const
{
	using Run = Thread::Run;
	bool const in_call = t.run == Run::SENDING || t.run == Run::REPLY;
	bool const waits = t.run == Run::REPLY || t.run == Run::OPEN || t.run == Run::DOWN;

	out.setName(t.label.c_str());
	out.setPd(_id(&_pd));
	out.setCpu(_id(t.cpu));
	out.setGate(_id(t.gate));
	out.setWeight(10);
	out.setSlot(t.slot);
	out.setHasSlot(true);
	out.setUtcbAddress(t.user[0]);
	out.setStarted(t.started());
	if (!t.started()) return;

	out.setPhase(t.run == Run::SENDING ? Schema::IpcPhase::SENDING
				 : waits               ? Schema::IpcPhase::RECEIVING
									   : Schema::IpcPhase::USER_MODE);
	if (in_call) out.setCallTarget(_id(t.target));
	out.setServedCaller(_id(t.caller));
	out.setPendingWakeups(t.wakeups);

	uint64_t const *const r = t.reg;
	if (_word == 8) {
		auto x = out.initRegisters().initX86x64();
		x.setIp(r[IP]);
		x.setSp(r[SP]);
		x.setRax(r[A]);
		x.setRbx(r[B]);
		x.setRcx(r[C]);
		x.setRdx(r[D]);
		x.setRdi(r[DI]);
		x.setRsi(r[SI]);
		x.setRbp(r[BP]);
	} else {
		auto x = out.initRegisters().initX86x32();
		x.setIp(uint32_t(r[IP]));
		x.setSp(uint32_t(r[SP]));
		x.setEax(uint32_t(r[A]));
		x.setEbx(uint32_t(r[B]));
		x.setEcx(uint32_t(r[C]));
		x.setEdx(uint32_t(r[D]));
		x.setEdi(uint32_t(r[DI]));
		x.setEsi(uint32_t(r[SI]));
		x.setEbp(uint32_t(r[BP]));
	}
	out.initFpu().setState(kj::arrayPtr(t.fpu.data(), t.fpu.size()));
	auto utcb = out.initUtcb();
	auto words = utcb.initWords(WORDS);
	for (unsigned i = 0; i < WORDS; i++) words.set(i, t.utcb[i]);
	utcb.setBufferRegisters({ t.buffer[0], t.buffer[1] });
	utcb.setThreadRegisters({ t.user[0], t.user[1], t.user[2] });
}

void Truth::_dataspace(Schema::Dataspace::Builder out, Dataspace const &ds) const
{
	out.setCache(Schema::CacheAttribute::CACHED);
	out.setSize(ds.size);
	out.setAllocationOrder(ds.order);
	out.setRegionMap(_id(ds.managed));
	switch (ds.type) {
	case Dataspace::Type::RAM:
		out.setKind(Schema::DataspaceKind::RAM);
		out.setStored(true);
		out.setFirstBlock(_first_blocks.at(_id(&ds)));
		out.setOwner(_id(&_pd));
		break;
	case Dataspace::Type::ROM:
		out.setKind(Schema::DataspaceKind::ROM);
		out.setAbsentReason(Schema::AbsentReason::IN_ROM);
		out.setModule(ds.module.c_str());
		break;
	case Dataspace::Type::MANAGED:
		out.setKind(Schema::DataspaceKind::MANAGED);
		out.setAbsentReason(Schema::AbsentReason::NOT_CAPTURED);
		break;
	case Dataspace::Type::IO:
		out.setKind(Schema::DataspaceKind::IO_MEMORY);
		out.setAbsentReason(Schema::AbsentReason::NOT_CAPTURED);
		break;
	}
}

void Truth::_region_map(Schema::RegionMap::Builder out, Region_map const &map) const
{
	out.setSize(map.size);
	out.setDataspace(_id(map.content));
	out.setFaultHandler(_id(map.fault_handler));
	auto regions = out.initRegions(unsigned(map.regions.size()));
	unsigned i = 0;
	for (auto const &[addr, r] : map.regions) {
		auto region = regions[i++];
		region.setAddress(addr);
		region.setSize(r.size);
		region.setOffset(r.offset);
		region.setDataspace(_id(r.dataspace));
		region.setReadable(true);
		region.setWriteable(r.writeable);
		region.setExecutable(r.executable);
	}
}

void Truth::_context(Schema::SignalContext::Builder out, Context const &c) const
{
	out.setSource(_id(c.source));
	out.setImprint(c.imprint);
	out.setPending(c.pending);
	if (c.holder == _pd.parent)
		out.setRole("resource");
	else
		out.setHolder(_id(c.holder));
}

void Truth::_object(Schema::Object::Builder out, Known const &known) const
{
	out.setId(known.id);
	out.setBadge(known.badge);
	Object *const o = known.object;
	if (!o) {
		out.setLabel("dangling");
		auto native = out.initNativeCapability();
		native.setEntrypoint(known.entrypoint);
		native.setAllocationOrder(known.order);
		native.setDangling(true);
		return;
	}
	out.setLabel(o->label.c_str());
	out.setBootstrapped(o->bootstrapped);

	switch (o->kind) {
	case Kind::PARENT: return out.setParentCapability();
	case Kind::EXTERNAL: return out.initExternal().setOwner(as<External>(o)->owner.c_str());
	case Kind::PD: return _pd_session(out.initPdSession());
	case Kind::LOG: return _session(out.initLogSession().initSession(), *as<Session>(o));
	case Kind::OTHER: return _session(out.initSession().initSession(), *as<Session>(o));
	case Kind::TIMER: return _timer(out.initTimerSession(), *as<Timer_session>(o));
	case Kind::REGION_MAP: return _region_map(out.initRegionMap(), *as<Region_map>(o));
	case Kind::DATASPACE: return _dataspace(out.initDataspace(), *as<Dataspace>(o));
	case Kind::THREAD: return _thread(out.initThread(), *as<Thread>(o));
	case Kind::CONTEXT: return _context(out.initSignalContext(), *as<Context>(o));
	case Kind::CPU: {
		auto cpu = out.initCpuSession();
		_session(cpu.initSession(), *as<Session>(o));
		return cpu.setNativeCpu(_id(as<Cpu_session>(o)->native));
	}
	case Kind::RM: {
		auto rm = out.initRmSession();
		_session(rm.initSession(), *as<Session>(o));
		auto const &maps = as<Rm_session>(o)->maps;
		auto list = rm.initRegionMaps(unsigned(maps.size()));
		for (unsigned i = 0; i < maps.size(); i++) list.set(i, _id(maps[i]));
		return;
	}
	case Kind::ROM: {
		auto rom = out.initRomSession();
		_session(rom.initSession(), *as<Session>(o));
		rom.setModule(as<Rom_session>(o)->module.c_str());
		rom.setDataspace(_id(as<Rom_session>(o)->content));
		return rom.setHandler(_id(as<Rom_session>(o)->handler));
	}
	case Kind::RPC: {
		auto rpc = out.initNativeCapability();
		rpc.setEntrypoint(_id(as<Gate>(o)->thread));
		return rpc.setAllocationOrder(as<Gate>(o)->order);
	}
	case Kind::SOURCE: {
		auto source = out.initSignalSource();
		Semaphore const *const sem = as<Source>(o)->semaphore;
		source.setPd(_id(&_pd));
		source.setHandler(_id(sem->bound));
		return source.setSemaphore(_id(sem));
	}
	case Kind::SERVICE: {
		auto service = out.initService();
		service.setName(as<Service>(o)->name.c_str());
		return service.setRoot(_id(as<Service>(o)->root));
	}
	case Kind::GATE:
	case Kind::IRQ:
	case Kind::SEMAPHORE:
	case Kind::NATIVE_PD:
	case Kind::NATIVE_CPU: return out.setCapability();
	}
}

std::vector<std::byte> Truth::image()
{
	bool const foc = _ecu.layout.kernel == Cap_kernel::FOC;
	Head head {};
	head.machine = { _word == 8 ? Architecture::X86_64 : Architecture::X86_32, uint8_t(8 * _word),
					 4096 };
	head.set_writer("sim");
	Memory_sink sink;
	Writer writer(sink, head, { .threads = 1 });

	for (auto const &[id, known] : _hosted.known()) {
		Dataspace const *const ds = as<Dataspace>(known.object);
		if (!ds || ds->type != Dataspace::Type::RAM) continue;
		auto const *const base = reinterpret_cast<std::byte const *>(ds->bytes.data());
		Test::Pieces content;
		content.bytes({ base, base + ds->size });
		_first_blocks[id] = writer.add_dataspace(id, ds->size, content).first_block;
	}

	capnp::MallocMessageBuilder message;
	auto m = message.initRoot<Schema::Manifest>();
	m.setLabel("sim");
	m.setGenodeVersion("26.02");
	m.setKernel(foc ? Schema::Kernel::FOC : Schema::Kernel::SEL4);
	m.setSequence(sequence);
	m.setTimeBase(_ecu.time);
	m.setFpuSize(32);
	m.setMemorySearched(true);
	m.initBinary().setName("sim");
	m.setCpuFeatures({ "fxsr", "sse2" });
	Random random(1);
	uint8_t epoch[16];
	for (uint8_t &byte : epoch) byte = uint8_t(random.word());
	m.setEpoch(kj::arrayPtr(epoch, 16));

	auto objects = m.initObjects(unsigned(_hosted.known().size()));
	unsigned i = 0;
	for (auto const &[id, known] : _hosted.known()) _object(objects[i++], known);
	_space(m.initCapabilitySpaces(1)[0]);
	_trees(m);
	_raw_badges(m);

	auto const &spans = unsafe_spans();
	auto spots = m.initSafeSpots(unsigned(spans.size()));
	for (i = 0; i < spans.size(); i++) {
		spots[i].setStart(code_address(spans[i].routine, spans[i].first));
		spots[i].setSize((spans[i].last - spans[i].first + 1) * STEP_SIZE);
		spots[i].setName(spans[i].name);
	}
	(void)writer.finish(encode_manifest(m.asReader()));
	return sink.bytes();
}

}
