/*
 * Objects in the words of a manifest
 */

#include "origin.h"

namespace Capimg::Sim
{

using namespace Engine;

static Wire::Text text(std::string const &s) { return { s.data(), s.size() }; }

void Sim_origin::_session(Metadata::Session::Writer const &w, Session const &s) const
{
	w.ram_upgrade(s.upgrade.ram);
	w.cap_upgrade(s.upgrade.caps);
	w.client_id(s.client_id);
	w.interposed(s.kind == Kind::PD || s.kind == Kind::CPU);
	w.service(text(s.service));
	w.arguments(text(s.arguments));
}

static void write_registers(Metadata::Thread::Registers::Writer const &w, uint64_t const *r,
							unsigned word)
{
	if (word == 8) {
		auto const x = w.init_x86x64();
		x.ip(r[IP]);
		x.sp(r[SP]);
		x.rax(r[A]);
		x.rbx(r[B]);
		x.rcx(r[C]);
		x.rdx(r[D]);
		x.rdi(r[DI]);
		x.rsi(r[SI]);
		x.rbp(r[BP]);
		return;
	}
	auto const x = w.init_x86x32();
	x.ip(uint32_t(r[IP]));
	x.sp(uint32_t(r[SP]));
	x.eax(uint32_t(r[A]));
	x.ebx(uint32_t(r[B]));
	x.ecx(uint32_t(r[C]));
	x.edx(uint32_t(r[D]));
	x.edi(uint32_t(r[DI]));
	x.esi(uint32_t(r[SI]));
	x.ebp(uint32_t(r[BP]));
}

/* of a thread that is not settled, the kernel says something else */
void Sim_origin::_thread(Metadata::Thread::Writer const &w, Thread &t, bool settled) const
{
	bool const started = t.started() || _lapses.all_started;
	w.pd(_hosted.id(_hosted.pd));
	w.cpu(_hosted.id(t.cpu));
	w.gate(_hosted.id(t.gate));
	w.weight(10);
	w.slot(t.slot);
	w.has_slot(true);
	w.utcb_address(t.user[0]);
	w.started(started);
	using Phase = Metadata::Ipc_phase;
	bool const waits = t.run == Thread::Run::REPLY || t.run == Thread::Run::OPEN ||
					   t.run == Thread::Run::DOWN || t.run == Thread::Run::FOREIGN ||
					   t.run == Thread::Run::LOST;
	w.phase(!started                        ? Phase::UNKNOWN
			: t.run == Thread::Run::SENDING ? Phase::SENDING
			: waits                         ? Phase::RECEIVING
											: Phase::USER_MODE);
	bool const in_call = t.run == Thread::Run::SENDING || t.run == Thread::Run::REPLY ||
						 t.run == Thread::Run::FOREIGN;
	w.call_target(in_call ? _hosted.id(t.target) : 0);
	w.served_caller(t.caller && !_lapses.no_served_caller ? _hosted.id(t.caller) : 0);
	w.pending_wakeups(_lapses.no_wakeups ? 0 : t.wakeups);
	w.name(text(t.label));
	if (!started) return;

	uint64_t registers[REGISTERS];
	for (unsigned i = 0; i < REGISTERS; i++)
		registers[i] = settled ? t.reg[i] : t.reg[i] + STEP_SIZE;
	write_registers(w.registers(), registers, _facts.binary.word());
	auto const fpu = w.init_fpu();
	fpu.format(Metadata::Fpu_format::UNKNOWN);
	fpu.state(Const_bytes(t.fpu.data(), t.fpu.size()));
	auto const utcb = w.init_utcb();
	auto const words = utcb.init_words(WORDS);
	for (unsigned i = 0; i < WORDS; i++) words.set(i, t.utcb[i]);
	auto const buffer = utcb.init_buffer_registers(2);
	for (unsigned i = 0; i < 2; i++) buffer.set(i, t.buffer[i]);
	auto const user = utcb.init_thread_registers(3);
	for (unsigned i = 0; i < 3; i++) user.set(i, _lapses.no_user_words ? 0 : t.user[i]);
}

void Sim_origin::_dataspace(Metadata::Dataspace::Writer const &w, Dataspace const &ds,
							uint64_t first) const
{
	using Kind = Metadata::Dataspace_kind;
	static constexpr Kind KINDS[] { Kind::RAM, Kind::ROM, Kind::MANAGED, Kind::IO_MEMORY };

	bool const ram = ds.type == Dataspace::Type::RAM;
	w.kind(KINDS[unsigned(ds.type)]);
	w.cache(Metadata::Cache_attribute::CACHED);
	w.size(ds.size);
	w.stored(ram);
	w.first_block(ram ? first : 0);
	if (!ram)
		w.absent_reason(ds.type == Dataspace::Type::ROM ? Metadata::Absent_reason::IN_ROM
														: Metadata::Absent_reason::NOT_CAPTURED);
	w.allocation_order(ds.order);
	if (ram) w.owner(_hosted.id(_hosted.pd));
	w.region_map(_hosted.id(ds.managed));
	if (!ds.module.empty()) w.module(text(ds.module));
}

void Sim_origin::_region_map(Metadata::Region_map::Writer const &w, Region_map const &map) const
{
	w.size(map.size);
	w.dataspace(_hosted.id(map.content));
	w.fault_handler(_hosted.id(map.fault_handler));
	auto const regions = w.init_regions(uint32_t(map.regions.size()));
	uint32_t i = 0;
	for (auto const &[addr, r] : map.regions) {
		auto const region = regions[i++];
		region.address(addr);
		region.size(r.size);
		region.offset(r.offset);
		region.dataspace(_hosted.id(r.dataspace));
		region.readable(true);
		region.writeable(r.writeable);
		region.executable(r.executable);
	}
}

void Sim_origin::_context(Metadata::Signal_context::Writer const &w, Context const &c) const
{
	auto const drained = _drained.find(const_cast<Context *>(&c));
	uint32_t const before = drained == _drained.end() ? 0 : drained->second;
	bool const parent = c.holder && c.holder->kind == Kind::PARENT;
	w.source(_hosted.id(c.source));
	w.imprint(c.imprint);
	w.pending(_lapses.no_pending ? 0 : c.pending + before);
	w.holder(parent ? 0 : _hosted.id(c.holder));
	if (parent) w.role("resource");
}

void Sim_origin::_describe_object(Object_writer const &w, Object &o, uint64_t first) const
{
	switch (o.kind) {
	case Kind::PARENT: return w.parent_capability();
	case Kind::EXTERNAL: return w.init_external().owner(text(as<External>(&o)->owner));
	case Kind::PD: {
		Pd const &pd = *as<Pd>(&o);
		auto const p = w.init_pd_session();
		p.address_space(_hosted.id(pd.space));
		p.stack_area(_hosted.id(pd.stack_area));
		p.linker_area(_hosted.id(pd.linker_area));
		p.native_pd(_hosted.id(pd.native));
		p.ram_quota(pd.own.quota().ram);
		p.ram_used(pd.own.used().ram);
		p.cap_quota(pd.own.quota().caps);
		p.cap_used(pd.own.used().caps);
		return _session(p.init_session(), pd);
	}
	case Kind::CPU: {
		auto const c = w.init_cpu_session();
		c.native_cpu(_hosted.id(as<Cpu_session>(&o)->native));
		return _session(c.init_session(), *as<Session>(&o));
	}
	case Kind::RM: {
		Rm_session const &rm = *as<Rm_session>(&o);
		auto const r = w.init_rm_session();
		_session(r.init_session(), rm);
		auto const maps = r.init_region_maps(uint32_t(rm.maps.size()));
		for (uint32_t i = 0; i < rm.maps.size(); i++) maps.set(i, _hosted.id(rm.maps[i]));
		return;
	}
	case Kind::ROM: {
		Rom_session const &rom = *as<Rom_session>(&o);
		auto const r = w.init_rom_session();
		r.dataspace(_hosted.id(rom.content));
		r.handler(_hosted.id(rom.handler));
		_session(r.init_session(), rom);
		return r.module(text(rom.module));
	}
	case Kind::LOG: return _session(w.init_log_session().init_session(), *as<Session>(&o));
	case Kind::TIMER: {
		Timer_session const &timer = *as<Timer_session>(&o);
		auto const t = w.init_timer_session();
		t.handler(_hosted.id(timer.handler));
		t.timeout(timer.timeout);
		t.periodic(timer.periodic);
		t.elapsed(timer.timeout ? _ecu.time - timer.started_at : 0);
		t.time_base(_ecu.time);
		return _session(t.init_session(), timer);
	}
	case Kind::OTHER: return _session(w.init_session().init_session(), *as<Session>(&o));
	case Kind::REGION_MAP: return _region_map(w.init_region_map(), *as<Region_map>(&o));
	case Kind::DATASPACE: return _dataspace(w.init_dataspace(), *as<Dataspace>(&o), first);
	case Kind::THREAD: {
		Thread &t = *as<Thread>(&o);
		auto const it = _unsettled.find(&t);
		return _thread(w.init_thread(), t, it == _unsettled.end() || !it->second);
	}
	case Kind::RPC: {
		Gate const &gate = *as<Gate>(&o);
		auto const n = w.init_native_capability();
		n.entrypoint(_hosted.id(gate.thread));
		return n.allocation_order(gate.order);
	}
	case Kind::SOURCE: {
		Source const &source = *as<Source>(&o);
		auto const s = w.init_signal_source();
		s.pd(_hosted.id(_hosted.pd));
		s.handler(source.semaphore ? _hosted.id(source.semaphore->bound) : 0);
		return s.semaphore(_hosted.id(source.semaphore));
	}
	case Kind::CONTEXT: return _context(w.init_signal_context(), *as<Context>(&o));
	case Kind::SERVICE: {
		Service const &service = *as<Service>(&o);
		auto const s = w.init_service();
		s.name(text(service.name));
		return s.root(_hosted.id(service.root));
	}
	case Kind::GATE:
	case Kind::IRQ:
	case Kind::SEMAPHORE:
	case Kind::NATIVE_PD:
	case Kind::NATIVE_CPU: break;
	}
	w.capability();
}

Status Sim_origin::describe(uint32_t n, Object_writer const &w, uint64_t first)
{
	if (_ecu.faults.hit("describe")) return { Code::VANISHED, 0, "describe" };
	Known const &known = _objects[n];
	if (Object *o = known.object) {
		w.bootstrapped(o->bootstrapped);
		w.label(text(o->label));
		_describe_object(w, *o, first);
		return ok;
	}
	static std::string const dangling = "dangling";
	w.label(text(dangling));
	auto const native = w.init_native_capability();
	native.entrypoint(known.entrypoint);
	native.allocation_order(known.order);
	native.dangling(true);
	return ok;
}

}
