#include "origin.h"

#include "snapshot.h"

namespace Capimg::Sim
{

using namespace Engine;
using Which = Metadata::Object::Which;

Machine machine_of(Cap_layout const &layout)
{
	if (layout.word_bytes == 8) return { Architecture::X86_64, 64, 4096 };
	return { Architecture::X86_32, 32, 4096 };
}

Metadata::Kernel kernel_of(Cap_layout const &layout)
{
	return layout.kernel == Cap_kernel::FOC ? Metadata::Kernel::FOC : Metadata::Kernel::SEL4;
}

Sim_origin::Sim_origin(Hosted &hosted, Running &running, Facts const &facts, uint64_t seed,
					   Origin_lapses const &lapses)
	: _hosted(hosted),
	  _ecu(hosted.ecu()),
	  _facts(facts),
	  _running(running),
	  _lapses(lapses),
	  _random(seed)
{
	Random epoch(1);
	for (uint8_t &byte : _epoch) byte = uint8_t(epoch.word());
	_ecu.observers[this] = [this](Object &gone) {
		if (Context *context = as<Context>(&gone)) _drained.erase(context);
		if (Thread *thread = as<Thread>(&gone)) _unsettled.erase(thread);
	};
}

Sim_origin::~Sim_origin() { _ecu.observers.erase(this); }

/* core's queue of signals, as it is at the pause; who waits for the source finds nothing */
void Sim_origin::_drain()
{
	for (auto const &[number, o] : _ecu.objects())
		if (Context *c = as<Context>(o.get()); c && c->pd == _hosted.pd && c->pending) {
			_drained[c] += c->pending;
			c->pending = 0;
		}
}

Status Sim_origin::pause()
{
	if (_ecu.faults.hit("pause")) return { Code::DENIED, 0, "pause" };
	if (!_paused)
		for (Thread *t : _hosted.pd->threads)
			if (t && t->started()) _unsettled[t] = unsigned(_random.below(4));
	_paused = true;
	_drain();
	return ok;
}

void Sim_origin::resume()
{
	_paused = false;
	_unsettled.clear();
	for (auto const &[context, count] : _drained) {

		/* who waits is woken; whoever is about to ask was woken before */
		Semaphore const *const sem = context->source ? context->source->semaphore : nullptr;
		if (sem && sem->count)
			context->pending += count;
		else
			Kernel(_ecu).submit(*context, count);
	}
	_drained.clear();
}

bool Sim_origin::_settled(Thread *t) const
{
	if (_lapses.early_registers) return true;
	auto const it = _unsettled.find(t);
	return it == _unsettled.end() || !it->second;
}

Status Sim_origin::run_on(uint32_t id)
{
	if (_ecu.faults.hit("run on")) return { Code::DENIED, 0, "run on" };
	Thread *const t = _hosted.get<Thread>(id);
	if (!t) return { Code::VANISHED, 0, "thread", id };
	for (uint64_t steps = _random.between(1, 4); steps && t->run == Thread::Run::READY; steps--)
		_running.step(*t);
	_unsettled[t] = unsigned(_random.below(2));
	return ok;
}

Status Sim_origin::run_on()
{
	if (_ecu.faults.hit("run on")) return { Code::DENIED, 0, "run on" };
	_running.run(unsigned(_random.between(1, 30)));
	for (Thread *t : _hosted.pd->threads)
		if (t && t->started()) _unsettled[t] = unsigned(_random.below(2));
	return ok;
}

/* replies of other components arrive meanwhile */
void Sim_origin::wait()
{
	for (auto &[thread, waits] : _unsettled)
		if (waits) waits--;
	for (Thread *t : _hosted.pd->threads) {
		if (!t || t->run != Thread::Run::FOREIGN) continue;
		if (_random.chance(2)) Kernel::answer_foreign(*t);
	}
}

Description Sim_origin::description()
{
	Description d {};
	d.label = Wire::Text(_label.data(), _label.size());
	d.genode_version = "26.02";
	d.binary_name = "sim";
	d.epoch = Const_bytes(_epoch, sizeof(_epoch));
	d.machine = machine_of(_ecu.layout);
	d.kernel = kernel_of(_ecu.layout);
	d.sequence = sequence;
	d.time_base = _ecu.time;
	d.fpu_size = 32;
	return d;
}

uint32_t Sim_origin::threads()
{
	_hosted.look();
	_threads.clear();
	for (Thread *t : _hosted.pd->threads)
		if (t && t->started()) _threads.push_back(t);
	return uint32_t(_threads.size());
}

static Metadata::Ipc_phase phase_of(Thread const &t)
{
	switch (t.run) {
	case Thread::Run::SENDING: return Metadata::Ipc_phase::SENDING;
	case Thread::Run::REPLY:
	case Thread::Run::OPEN:
	case Thread::Run::DOWN:
	case Thread::Run::FOREIGN:
	case Thread::Run::LOST: return Metadata::Ipc_phase::RECEIVING;
	default: return Metadata::Ipc_phase::USER_MODE;
	}
}

/* a call to another component is over soon, but for one that takes its time */
Thread_spot Sim_origin::thread(uint32_t n)
{
	Thread *const t = _threads[n];
	bool const waits = t->run == Thread::Run::FOREIGN && !_lapses.early_registers;
	Thread_spot spot {};
	spot.id = _hosted.id(t);
	spot.settled = _settled(t) && !waits;
	spot.phase = spot.settled ? phase_of(*t) : Metadata::Ipc_phase::UNKNOWN;
	spot.ip = spot.settled ? t->reg[IP] : _random.word();
	return spot;
}

uint32_t Sim_origin::unsafe_code()
{
	return _lapses.no_unsafe_code ? 0 : uint32_t(unsafe_spans().size());
}

Code_span Sim_origin::unsafe_code(uint32_t n)
{
	Unsafe_span const &s = unsafe_spans()[n];
	return { code_address(s.routine, s.first), (s.last - s.first + 1) * STEP_SIZE, s.name };
}

uint32_t Sim_origin::objects()
{
	_hosted.look();
	_objects.clear();
	for (auto const &[id, known] : _hosted.known()) _objects.push_back(known);
	return uint32_t(_objects.size());
}

static Which which_of(Object const *o)
{
	if (!o) return Which::NATIVE_CAPABILITY;
	switch (o->kind) {
	case Kind::PARENT: return Which::PARENT_CAPABILITY;
	case Kind::PD: return Which::PD_SESSION;
	case Kind::CPU: return Which::CPU_SESSION;
	case Kind::RM: return Which::RM_SESSION;
	case Kind::ROM: return Which::ROM_SESSION;
	case Kind::LOG: return Which::LOG_SESSION;
	case Kind::TIMER: return Which::TIMER_SESSION;
	case Kind::OTHER: return Which::SESSION;
	case Kind::REGION_MAP: return Which::REGION_MAP;
	case Kind::DATASPACE: return Which::DATASPACE;
	case Kind::THREAD: return Which::THREAD;
	case Kind::RPC: return Which::NATIVE_CAPABILITY;
	case Kind::SOURCE: return Which::SIGNAL_SOURCE;
	case Kind::CONTEXT: return Which::SIGNAL_CONTEXT;
	case Kind::EXTERNAL: return Which::EXTERNAL;
	case Kind::SERVICE: return Which::SERVICE;
	case Kind::GATE:
	case Kind::IRQ:
	case Kind::SEMAPHORE:
	case Kind::NATIVE_PD:
	case Kind::NATIVE_CPU: break;
	}
	return Which::CAPABILITY;
}

Object_head Sim_origin::object(uint32_t n)
{
	Known const &known = _objects[n];
	Object_head head { known.id, known.badge, which_of(known.object), 0 };
	Dataspace const *const ds = as<Dataspace>(known.object);
	if (ds && ds->type == Dataspace::Type::RAM) head.stored_size = ds->size;
	return head;
}

uint32_t Sim_origin::raw_badges()
{
	_list_raw();
	return uint32_t(_raw.size());
}

void Sim_origin::_list_raw()
{
	using Metadata::Raw_badge_place;

	_raw.clear();
	if (!_lapses.no_raw_parent) {
		Binary const &b = _facts.binary;
		_raw.push_back({ Raw_badge_place::PARENT_CAPABILITY, b.parent_word, uint8_t(b.word()),
						 _running.memory().load(b.parent_word, b.word()), 0, 0 });
	}
	auto add = [&](Raw_badge_place place, Thread *t, unsigned word, uint64_t badge) {
		_raw.push_back({ place, 0,
						 uint8_t(place == Raw_badge_place::UTCB ? 8 : _facts.binary.word()), badge,
						 _hosted.id(t), word });
	};
	for (Thread *t : _hosted.pd->threads) {
		if (!t || !t->started() || _lapses.no_raw_utcb) continue;
		bool const sends = t->run == Thread::Run::SENDING || t->run == Thread::Run::REPLY ||
						   t->run == Thread::Run::FOREIGN;
		if (sends && t->target) {
			add(Raw_badge_place::UTCB, t, DESTINATION, t->utcb[DESTINATION]);
			if (t->utcb[CAP_COUNT] == 1)
				add(Raw_badge_place::UTCB, t, CAP_BADGE, t->utcb[CAP_BADGE]);
		}

		/* just behind a receive, in code that is no unsafe one */
		if (t->run == Thread::Run::READY && t->reg[IP] == code_address(PLAIN_SERVER, 2)) {
			add(Raw_badge_place::UTCB, t, DESTINATION, t->utcb[DESTINATION]);
			add(Raw_badge_place::REGISTER, t, unsigned(SI), t->reg[SI]);
		}
	}
}

Cap_note Sim_origin::note(uint64_t kcap)
{
	auto const it = _hosted.pd->caps.find(kcap);
	if (it == _hosted.pd->caps.end()) return {};
	using Metadata::Entry_kind;
	switch (it->second->kind) {
	case Kind::PARENT: return { Entry_kind::PARENT, Metadata::Entry_origin::PARENT };
	case Kind::GATE: return { Entry_kind::THREAD_GATE, Metadata::Entry_origin::CORE };
	case Kind::RPC: return { Entry_kind::GATE, Metadata::Entry_origin::CHILD_LOCAL };
	case Kind::SEMAPHORE: return { Entry_kind::IRQ, Metadata::Entry_origin::CORE };
	default: return { Entry_kind::GATE, Metadata::Entry_origin::CORE };
	}
}

Cap_hints Sim_origin::hints()
{
	Cap_hints hints {};
	hints.kernel = _ecu.layout.kernel;
	hints.word_bytes = _ecu.layout.word_bytes;
	hints.release = _ecu.layout.first_release;

	/* told where a list is, a checkpoint may take some more searches; only where a test wants it */
	bool const tree = _ecu.layout.structure == Cap_structure::TREE;
	if ((tree || address_for_lists) && _random.chance(2)) {
		hints.has_addr = true;
		hints.addr = _facts.binary.map.array;
	}
	return hints;
}

Status Sim_origin::capture(bool)
{
	if (_ecu.faults.hit("capture")) return { Code::NO_QUOTA, 0, "capture" };
	auto snapshot = std::make_unique<Snapshot>();
	for (auto const &[number, o] : _ecu.objects()) {
		Dataspace *const ds = as<Dataspace>(o.get());
		if (!ds || ds->pd != _hosted.pd || ds->type != Dataspace::Type::RAM) continue;
		snapshot->copies[_hosted.id(ds)] = { ds->size, ds->bytes, ds->dirty };
		ds->dirty.assign(ds->dirty.size(), false);
	}
	for (auto const &[addr, p] : _running.memory().pieces()) {
		auto const at = p.dataspace->bytes.begin() + std::ptrdiff_t(p.offset);
		bool const ram = p.dataspace->type == Dataspace::Type::RAM;
		snapshot->pieces[addr] = { p.size, _hosted.id(p.dataspace), p.offset, {} };
		if (!ram) snapshot->pieces[addr].rom.assign(at, at + std::ptrdiff_t(p.size));
	}
	if (_snapshot) done(false);
	_snapshot = std::move(snapshot);
	return ok;
}

std::map<uint32_t, std::vector<uint8_t>> Sim_origin::captured_bytes() const
{
	std::map<uint32_t, std::vector<uint8_t>> result;
	for (auto const &[id, copy] : _snapshot->copies) result[id] = copy.bytes;
	return result;
}

Memory const &Sim_origin::captured() { return *_snapshot; }

Result<Captured_run> Sim_origin::captured(uint32_t id, uint64_t offset)
{
	if (_ecu.faults.hit("captured")) return Error { Code::IO, offset, "captured" };
	auto const it = _snapshot->copies.find(id);
	if (it == _snapshot->copies.end() || offset >= it->second.size)
		return Error { Code::BAD_ARGUMENT, offset, "captured" };
	Snapshot::Copy const &copy = it->second;

	/* runs are of any length; zeros are told where it is known, as of pages nobody touched */
	uint64_t size = std::min<uint64_t>(copy.size - offset, _random.between(1, 3) * 4096);
	Const_bytes const bytes(copy.bytes.data() + offset, size_t(size));
	if (bytes.all_zero() && _random.chance(2)) return Captured_run { Captured_run::ZERO, size };
	return Captured_run { Captured_run::BYTES, size, bytes };
}

Result<Extent> Sim_origin::changed(uint32_t id, uint64_t offset)
{
	if (_ecu.faults.hit("changed")) return Error { Code::IO, offset, "changed" };
	auto const it = _snapshot->copies.find(id);
	if (it == _snapshot->copies.end()) return Error { Code::BAD_ARGUMENT, offset, "changed" };
	Snapshot::Copy const &copy = it->second;
	uint64_t const page = Dataspace::PAGE;
	for (uint64_t p = offset / page; p * page < copy.size; p++) {
		if (!copy.dirty[p]) continue;
		uint64_t const from = std::max(offset, p * page);
		while (p < copy.dirty.size() && copy.dirty[p]) p++;
		uint64_t const to = std::min(copy.size, p * page);
		if (to > from) return Extent { from, to - from };
	}
	return Error { Code::NOT_FOUND, offset, "changed" };
}

void Sim_origin::done(bool keep)
{
	if (!_snapshot) return;
	if (!keep) {
		for (auto const &[id, copy] : _snapshot->copies) {
			Dataspace *const ds = _hosted.get<Dataspace>(id);
			for (size_t p = 0; ds && p < ds->dirty.size(); p++)
				if (copy.dirty[p]) ds->dirty[p] = true;
		}
	} else {
		sequence++;
	}
	_snapshot.reset();
}

}
