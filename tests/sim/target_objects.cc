/*
 * Objects created anew
 */

#include "capimg/session_kind.h"
#include "origin.h"
#include "target.h"

namespace Capimg::Sim
{

using namespace Engine;

static std::string string(Wire::Text t) { return { t.string(), t.size() }; }

Sim_target::Sim_target(Hosted &hosted, Binary const &binary, Target_lapses const &lapses)
	: _hosted(hosted), _ecu(hosted.ecu()), _binary(binary), _lapses(lapses)
{}

Sim_target::~Sim_target() = default;

Machine Sim_target::machine() const { return machine_of(_ecu.layout); }
Metadata::Kernel Sim_target::kernel() const { return kernel_of(_ecu.layout); }

Result<Module_info> Sim_target::module(Wire::Text name) const
{
	auto const it = _ecu.modules.find(string(name));
	if (it == _ecu.modules.end()) return Error { Code::NOT_FOUND, 0, "module" };
	return Module_info { it->second.size(), {} };
}

Ecu::Terms Sim_target::_own(uint64_t ram) const
{
	return { _hosted.pd, &_hosted.pd->own, { ram, 1 }, nullptr, true };
}

template <typename T>
Created Sim_target::_add(Object_reader const &reader, Result<T *> const &made)
{
	if (made.failed()) return made.error();
	T &object = **made;
	object.bootstrapped = reader.bootstrapped();
	_hosted.add(reader.id(), object);
	return object.badge;
}

/* opened with the quota of its arguments; upgrades are a step of their own */
template <typename T>
Result<T *> Sim_target::_session(Kind kind, Object_reader const &reader,
								 Metadata::Session::Reader const &s)
{
	std::string const arguments = string(s.arguments());
	Amount const quota { quota_argument(s.arguments(), "ram_quota"),
						 quota_argument(s.arguments(), "cap_quota") };
	Result<T *> const made = _ecu.create<T>(kind, string(reader.label()),
											{ _hosted.pd, &_ecu.account, quota, nullptr, true });
	if (made.failed()) return made.error();
	T &session = **made;
	session.service = string(s.service());
	session.arguments = arguments;
	session.client_id = s.client_id();
	session.own.grant(quota);

	Amount const upgrade { s.ram_upgrade(), s.cap_upgrade() };
	if (upgrade == Amount {}) return &session;
	if (_fault("upgrade") || !_ecu.account.withdraw(upgrade)) {
		_ecu.destroy(session);
		return Error { Code::NO_QUOTA, 0, "upgrade" };
	}
	session.upgrade = upgrade;
	session.cost.ram += upgrade.ram;
	session.cost.caps += upgrade.caps;
	session.own.grant(upgrade);
	return &session;
}

Created Sim_target::pd(Object_reader const &reader)
{
	Result<Pd *> const made = _session<Pd>(Kind::PD, reader, reader.pd_session().session());
	if (made.failed()) return made.error();
	_hosted.pd = *made;
	_hosted.pd->pd = *made;
	return _add(reader, made);
}

Created Sim_target::session(Object_reader const &reader)
{
	using Which = Metadata::Object::Which;
	Metadata::Session::Reader const s = session_of(reader);
	switch (reader.which()) {
	case Which::CPU_SESSION: return _add(reader, _session<Cpu_session>(Kind::CPU, reader, s));
	case Which::RM_SESSION: return _add(reader, _session<Rm_session>(Kind::RM, reader, s));
	case Which::LOG_SESSION: return _add(reader, _session<Session>(Kind::LOG, reader, s));
	case Which::SESSION: return _add(reader, _session<Session>(Kind::OTHER, reader, s));
	case Which::TIMER_SESSION: return _add(reader, _session<Timer_session>(Kind::TIMER, reader, s));
	case Which::ROM_SESSION: {
		Result<Rom_session *> const made = _session<Rom_session>(Kind::ROM, reader, s);
		if (!made.failed()) (*made)->module = string(reader.rom_session().module());
		return _add(reader, made);
	}
	default: return Error { Code::BAD_ARGUMENT, 0, "session" };
	}
}

/* what came with another object is there already: it gets its id */
Created Sim_target::_identify(uint32_t id, Object *object)
{
	if (!object) return Error { Code::NOT_FOUND, 0, "companion", id };
	_hosted.add(id, *object);
	return object->badge;
}

Created Sim_target::_area(uint32_t id, Pd &pd, char const *name, uint64_t size)
{
	Result<Region_map *> const made = _ecu.create<Region_map>(
		Kind::REGION_MAP, pd.label + "." + name, { &pd, nullptr, {}, &pd, true });
	if (made.failed()) return made.error();
	(*made)->size = size;
	(*made)->bootstrapped = true;
	return _identify(id, *made);
}

Created Sim_target::companion(Companion companion, uint32_t id, uint32_t of)
{
	Object *const owner = _hosted.object(of);
	if (!owner && companion != Companion::PARENT) return Error { Code::NOT_FOUND, 0, "owner", of };

	auto part = [&](Kind kind, char const *name) -> Result<Object *> {
		return _ecu.create<Object>(kind, owner->label + "." + name,
								   { _hosted.pd, nullptr, {}, owner, true });
	};
	Pd *const pd = _hosted.pd;

	switch (companion) {
	case Companion::ADDRESS_SPACE: {
		Created const made = _area(id, *pd, "address_space", 0);
		if (!made.failed()) pd->space = _hosted.get<Region_map>(id);
		return made;
	}
	case Companion::STACK_AREA: {
		Created const made = _area(id, *pd, "stack_area", 0x1000000);
		if (!made.failed()) pd->stack_area = _hosted.get<Region_map>(id);
		return made;
	}
	case Companion::LINKER_AREA: {
		Created const made = _area(id, *pd, "linker_area", 0x1000000);
		if (!made.failed()) pd->linker_area = _hosted.get<Region_map>(id);
		return made;
	}
	case Companion::NATIVE_PD: {
		Result<Object *> const made = part(Kind::NATIVE_PD, "native");
		if (made.failed()) return made.error();
		pd->native = *made;
		return _identify(id, *made);
	}
	case Companion::NATIVE_CPU: {
		Result<Object *> const made = part(Kind::NATIVE_CPU, "native");
		if (made.failed()) return made.error();
		as<Cpu_session>(owner)->native = *made;
		return _identify(id, *made);
	}
	case Companion::PARENT: {
		Result<Object *> const made =
			_ecu.create<Object>(Kind::PARENT, "parent", { pd, nullptr, {}, pd, true });
		if (made.failed()) return made.error();
		(*made)->pd = pd;
		(*made)->bootstrapped = true;
		pd->parent = *made;
		pd->caps[_ecu.parent_kcap()] = *made;
		return _identify(id, *made);
	}
	case Companion::GATE:
		return _identify(id, as<Thread>(owner) ? as<Thread>(owner)->gate : nullptr);
	case Companion::SEMAPHORE:
		return _identify(id, as<Source>(owner) ? as<Source>(owner)->semaphore : nullptr);
	case Companion::CONTENT: {
		Rom_session *const rom = as<Rom_session>(owner);
		Result<Dataspace *> const made = _ecu.create<Dataspace>(
			Kind::DATASPACE, owner->label + ".content", { pd, nullptr, {}, owner, true });
		if (made.failed()) return made.error();
		Dataspace &ds = **made;
		ds.type = Dataspace::Type::ROM;
		ds.module = rom->module;
		ds.bytes = _ecu.modules[rom->module];
		ds.size = ds.bytes.size();
		rom->content = &ds;
		return _identify(id, &ds);
	}
	case Companion::MANAGED: {
		Region_map *const map = as<Region_map>(owner);
		Result<Dataspace *> const made = _ecu.create<Dataspace>(
			Kind::DATASPACE, owner->label + ".ds", { pd, nullptr, {}, owner, true });
		if (made.failed()) return made.error();
		Dataspace &ds = **made;
		ds.type = Dataspace::Type::MANAGED;
		ds.size = map->size;
		ds.managed = map;
		map->content = &ds;
		return _identify(id, &ds);
	}
	default: return Error { Code::BAD_ARGUMENT, 0, "companion" };
	}
}

Created Sim_target::ram(Object_reader const &reader)
{
	uint64_t const size = reader.dataspace().size();
	Result<Dataspace *> const made =
		_ecu.create<Dataspace>(Kind::DATASPACE, string(reader.label()), _own(size));
	if (made.failed()) return made.error();
	Dataspace &ds = **made;
	ds.size = size;
	ds.bytes.resize(align_up(size, Dataspace::PAGE));
	ds.dirty.assign(ds.bytes.size() / Dataspace::PAGE, true);
	ds.order = reader.dataspace().allocation_order();
	_hosted.pd->orders = std::max(_hosted.pd->orders, ds.order);
	return _add(reader, made);
}

Created Sim_target::region_map(Object_reader const &reader, uint32_t rm)
{
	Rm_session *const session = _hosted.get<Rm_session>(rm);
	if (!session) return Error { Code::NOT_FOUND, 0, "rm", rm };
	Result<Region_map *> const made = _ecu.create<Region_map>(
		Kind::REGION_MAP, string(reader.label()), { _hosted.pd, nullptr, {}, session, true });
	if (made.failed()) return made.error();
	(*made)->size = reader.region_map().size();
	session->maps.push_back(*made);
	return _add(reader, made);
}

Created Sim_target::thread(Object_reader const &reader)
{
	Metadata::Thread::Reader const t = reader.thread();
	Cpu_session *const cpu = _hosted.get<Cpu_session>(t.cpu());
	if (!cpu) return Error { Code::NOT_FOUND, 0, "cpu", t.cpu() };
	Pd *const pd = _hosted.pd;
	unsigned const slot = t.slot();
	if (slot > 127 || slot < pd->threads.size())
		return Error { Code::BAD_ARGUMENT, 0, "slot", slot };

	Result<Thread *> const made = _ecu.create<Thread>(
		Kind::THREAD, string(reader.label()), { pd, &cpu->own, { 4096, 1 }, nullptr, true });
	if (made.failed()) return made.error();
	Thread &thread = **made;
	Result<Gate *> const gate = _ecu.create<Gate>(Kind::GATE, thread.label + ".gate",
												  { pd, nullptr, {}, &thread, slot != 0 });
	Result<Irq *> const irq =
		_ecu.create<Irq>(Kind::IRQ, thread.label + ".irq", { pd, nullptr, {}, &thread, false });
	if (gate.failed() || irq.failed()) {
		_ecu.destroy(thread);
		return Error { Code::DENIED, 0, "thread" };
	}
	thread.slot = slot;
	thread.cpu = cpu;
	thread.gate = *gate;
	thread.irq = *irq;
	if (!slot) thread.gate->badge = 1;
	thread.gate->thread = thread.irq->thread = &thread;

	/* a thread that does not run yet has what its creation sets */
	thread.user[0] = t.utcb_address();
	thread.user[1] = _binary.map.slot(_ecu.gate_kcap(slot) >> _ecu.layout.selector_shift);
	thread.fpu.assign(32, 0);
	pd->threads.resize(slot + 1);
	pd->threads[slot] = &thread;
	pd->caps[_ecu.gate_kcap(slot)] = *gate;
	pd->caps[_ecu.irq_kcap(slot)] = *irq;
	return _add(reader, made);
}

Created Sim_target::native_capability(Object_reader const &reader)
{
	Thread *const entrypoint = _hosted.get<Thread>(reader.native_capability().entrypoint());
	if (!entrypoint) return Error { Code::NOT_FOUND, 0, "entrypoint" };
	Result<Gate *> const made = _ecu.create<Gate>(Kind::RPC, string(reader.label()), _own(0));
	if (made.failed()) return made.error();
	(*made)->thread = entrypoint;
	(*made)->order = reader.native_capability().allocation_order();
	_hosted.pd->orders = std::max(_hosted.pd->orders, (*made)->order);
	return _add(reader, made);
}

/* a badge of core's that stays away from others as long as the component is there */
Created Sim_target::dangling(Object_reader const &reader)
{
	if (_fault("dangling")) return Error { Code::DENIED, 0, "dangling" };
	uint64_t const badge = _ecu.badges.alloc();
	if (!badge) return Error { Code::DENIED, 0, "badge" };
	_hosted.add_dangling(reader.id(), badge, reader.native_capability().entrypoint(),
						 reader.native_capability().allocation_order());
	return badge;
}

Created Sim_target::signal_source(Object_reader const &reader)
{
	Result<Source *> const made =
		_ecu.create<Source>(Kind::SOURCE, string(reader.label()), _own(0));
	if (made.failed()) return made.error();
	Source &source = **made;
	Result<Semaphore *> const semaphore = _ecu.create<Semaphore>(
		Kind::SEMAPHORE, source.label + ".semaphore", { _hosted.pd, nullptr, {}, &source, true });
	if (semaphore.failed()) {
		_ecu.destroy(source);
		return semaphore.error();
	}
	source.semaphore = *semaphore;
	source.semaphore->source = &source;
	Kernel::bind(*source.semaphore, _hosted.get<Thread>(reader.signal_source().handler()));
	return _add(reader, made);
}

Created Sim_target::signal_context(Object_reader const &reader)
{
	Source *const source = _hosted.get<Source>(reader.signal_context().source());
	if (!source) return Error { Code::NOT_FOUND, 0, "source" };
	Result<Context *> const made =
		_ecu.create<Context>(Kind::CONTEXT, string(reader.label()), _own(0));
	if (made.failed()) return made.error();
	(*made)->source = source;
	(*made)->imprint = reader.signal_context().imprint();
	return _add(reader, made);
}

/* another component's object: it has been there, and stays */
Created Sim_target::external(Object_reader const &reader)
{
	Result<External *> const made =
		_ecu.create<External>(Kind::EXTERNAL, string(reader.label()), {});
	if (made.failed()) return made.error();
	(*made)->owner = string(reader.external().owner());
	(*made)->delay = 5;
	(*made)->pd = _hosted.pd;
	return _add(reader, made);
}

Created Sim_target::service(Object_reader const &reader)
{
	Gate *const root = _hosted.get<Gate>(reader.service().root());
	if (!root) return Error { Code::NOT_FOUND, 0, "root", reader.service().root() };
	Result<Service *> const made = _ecu.create<Service>(
		Kind::SERVICE, string(reader.label()), { _hosted.pd, nullptr, {}, nullptr, false });
	if (made.failed()) return made.error();
	(*made)->name = string(reader.service().name());
	(*made)->root = root;
	return _add(reader, made);
}

void Sim_target::destroy(uint32_t id)
{
	auto const it = _hosted.known().find(id);
	if (it == _hosted.known().end()) return;
	Known const known = it->second;
	if (!known.object && known.reserved) _ecu.badges.free(known.badge);
	_hosted.remove(id);
	if (!known.object) return;

	bool const is_pd = known.object == _hosted.pd;
	if (is_pd) {
		_running.reset();
		_hosted.pd = nullptr;
	}
	_ecu.destroy(*known.object);
}

}
