/*
 * State of a restored component
 */

#include "target.h"

namespace Capimg::Sim
{

using namespace Engine;

/* who signals: timers and ROM sessions; contexts that the parent holds */
Status Sim_target::connect(Object_reader const &reader)
{
	if (_fault("connect")) return { Code::DENIED, 0, "connect" };
	using Which = Metadata::Object::Which;
	if (reader.which() == Which::SIGNAL_CONTEXT) {
		Context *const context = _hosted.get<Context>(reader.id());
		if (context) context->holder = _hosted.pd->parent;
		return ok;
	}
	uint32_t handler = 0;
	if (reader.which() == Which::TIMER_SESSION) handler = reader.timer_session().handler();
	if (reader.which() == Which::ROM_SESSION) handler = reader.rom_session().handler();
	Session *const session = _hosted.get<Session>(reader.id());
	Context *const context = _hosted.get<Context>(handler);
	if (!session || !context) return { Code::NOT_FOUND, 0, "handler", handler };
	session->handler = context;
	context->holder = session;
	return ok;
}

Status Sim_target::attach(uint32_t map, Metadata::Region::Reader const &r)
{
	if (_fault("attach")) return { Code::DENIED, 0, "attach" };
	Region_map *const m = _hosted.get<Region_map>(map);
	Dataspace *const ds = _hosted.get<Dataspace>(r.dataspace());
	if (!m || !ds) return { Code::NOT_FOUND, 0, "attach" };

	/* before the first region there is content, and nothing patched yet */
	if (_lapses.no_reseat && _content.empty())
		for (auto const &[id, known] : _hosted.known())
			if (Dataspace *d = as<Dataspace>(known.object)) _content[d] = d->bytes;

	m->regions[r.address()] = { ds, r.offset(), r.size(), r.writeable(), r.executable() };
	_ecu.map_version++;
	return ok;
}

void Sim_target::detach(uint32_t map, uint64_t address)
{
	if (Region_map *const m = _hosted.get<Region_map>(map)) m->regions.erase(address);
	_ecu.map_version++;
}

Result<Bytes> Sim_target::window(uint32_t id, uint64_t offset, size_t size)
{
	if (_fault("window")) return Error { Code::IO, offset, "window" };
	Dataspace *const ds = _hosted.get<Dataspace>(id);
	if (!ds || ds->type != Dataspace::Type::RAM || offset >= ds->bytes.size() || !size)
		return Error { Code::BAD_ARGUMENT, offset, "window" };
	uint64_t const chunk = 64 * 1024, end = (offset / chunk + 1) * chunk;
	uint64_t const most = std::min<uint64_t>(ds->bytes.size(), end) - offset;
	ds->touch(offset, std::min<uint64_t>(size, most));
	return Bytes(ds->bytes.data() + offset, size_t(std::min<uint64_t>(size, most)));
}

/* the map's tree as it was, with the new badges */
void Sim_target::_unreseat()
{
	Address_space memory(_ecu, *_hosted.pd);
	unsigned const word = _binary.word();
	for (auto const &[addr, piece] : memory.pieces()) {
		auto const old = _content.find(piece.dataspace);
		if (old == _content.end()) continue;
		for (uint64_t i = 0; i < _binary.map.count; i++) {
			uint64_t const node = _binary.map.slot(i) + _binary.layout->node_offset;
			uint64_t const bytes = 3ull * word + 1;
			if (node < addr || node + bytes > addr + piece.size) continue;
			for (uint64_t b = 0; b < bytes; b++)
				memory.store(node + b, old->second[piece.offset + (node - addr) + b], 1);
		}
		uint64_t const root = _binary.map.root;
		if (root >= addr && root + word <= addr + piece.size)
			for (uint64_t b = 0; b < word; b++)
				memory.store(root + b, old->second[piece.offset + (root - addr) + b], 1);
	}
}

Status Sim_target::install(uint32_t pd, uint64_t kcap, uint32_t id)
{
	if (_fault("install")) return { Code::DENIED, 0, "install" };
	Object *object = _hosted.object(id);
	if (!object || _hosted.object(pd) != _hosted.pd) return { Code::NOT_FOUND, 0, "install", id };

	if (_lapses.no_reseat && !_installed) _unreseat();
	_installed++;

	/* core has filled these */
	if (object->kind == Kind::PARENT || object->kind == Kind::GATE) {
		auto const it = _hosted.pd->caps.find(kcap);
		return it != _hosted.pd->caps.end() && it->second == object
				   ? Status(ok)
				   : Status { Code::DENIED, 0, "core's selector", kcap };
	}
	if (_lapses.no_install && object->kind == Kind::RPC && _installed % 5 == 0) return ok;
	if (_lapses.wrong_install && object->kind == Kind::RPC)
		for (auto const &[other, known] : _hosted.known())
			if (known.object && known.object->kind == Kind::RPC && other > id) {
				object = known.object;
				break;
			}
	_hosted.pd->caps[kcap] = object;
	return ok;
}

static bool read_registers(Metadata::Thread::Registers::Reader const &r, uint64_t *reg)
{
	if (r.has_x86x64()) {
		auto const x = r.x86x64();
		uint64_t const values[] { x.ip(),  x.sp(),  x.rax(), x.rbx(), x.rcx(),
								  x.rdx(), x.rdi(), x.rsi(), x.rbp() };
		for (unsigned i = 0; i < REGISTERS; i++) reg[i] = values[i];
		return true;
	}
	if (!r.has_x86x32()) return false;
	auto const x = r.x86x32();
	uint64_t const values[] { x.ip(),  x.sp(),  x.eax(), x.ebx(), x.ecx(),
							  x.edx(), x.edi(), x.esi(), x.ebp() };
	for (unsigned i = 0; i < REGISTERS; i++) reg[i] = values[i];
	return true;
}

Status Sim_target::thread_state(Object_reader const &reader)
{
	if (_fault("thread state")) return { Code::DENIED, 0, "thread state" };
	Thread *const t = _hosted.get<Thread>(reader.id());
	Metadata::Thread::Reader const state = reader.thread();
	if (!t || t->run != Thread::Run::CREATED) return { Code::BAD_STATE, 0, "thread state" };
	if (!read_registers(state.registers(), t->reg)) return { Code::BAD_ARGUMENT, 0, "registers" };

	if (_lapses.one_registers && _last_registers[IP])
		for (unsigned i = 0; i < REGISTERS; i++) std::swap(t->reg[i], _last_registers[i]);
	else
		for (unsigned i = 0; i < REGISTERS; i++) _last_registers[i] = t->reg[i];

	auto const utcb = state.utcb();
	for (unsigned i = 0; i < WORDS && i < utcb.words().size(); i++) t->utcb[i] = utcb.words()[i];
	for (unsigned i = 0; i < 2; i++) t->buffer[i] = utcb.buffer_registers()[i];
	for (unsigned i = 0; i < 3; i++) t->user[i] = utcb.thread_registers()[i];
	if (_lapses.no_raw_patch && t->utcb[DESTINATION]) t->utcb[DESTINATION] += 4;

	Const_bytes const fpu = state.fpu().state();
	if (!_lapses.no_fpu) t->fpu.assign(fpu.base(), fpu.base() + fpu.size());
	return ok;
}

Status Sim_target::wakeups(uint32_t thread, uint32_t count)
{
	if (_fault("wakeups")) return { Code::DENIED, 0, "wakeups" };
	Thread *const t = _hosted.get<Thread>(thread);
	if (!t) return { Code::NOT_FOUND, 0, "wakeups" };
	if (!_lapses.no_wakeups) t->wakeups = count;
	return ok;
}

Status Sim_target::start(uint32_t thread, bool receive_first)
{
	if (_fault("start")) return { Code::DENIED, 0, "start" };
	Thread *const t = _hosted.get<Thread>(thread);
	if (!t || t->run != Thread::Run::CREATED) return { Code::BAD_STATE, 0, "start" };
	if (!_running) _running = std::make_unique<Running>(_ecu, *_hosted.pd, _binary);
	t->run = Thread::Run::BARRIER;
	_receive_first[thread] = receive_first && !_lapses.no_receive_first;
	if (_lapses.early_release) {
		Kernel(_ecu).ready(*t, _receive_first[thread]);
		_running->run(20);
	}
	return ok;
}

/* whoever waits for the thread waits on */
void Sim_target::stop(uint32_t thread)
{
	Thread *const t = _hosted.get<Thread>(thread);
	if (!t) return;
	for (Thread *other : _hosted.pd->threads)
		if (other) std::erase(other->queue, t);
	t->run = Thread::Run::CREATED;
	t->caller = t->partner = nullptr;
	t->target = t->waits_for = nullptr;
	t->log.clear();
}

Status Sim_target::release(uint32_t thread)
{
	if (_fault("release")) return { Code::DENIED, 0, "release" };
	Thread *const t = _hosted.get<Thread>(thread);
	if (!t) return { Code::NOT_FOUND, 0, "release" };
	if (_lapses.early_release) return ok;
	if (t->run != Thread::Run::BARRIER) return { Code::BAD_STATE, 0, "release", thread };
	Kernel(_ecu).ready(*t, _receive_first[thread]);
	return ok;
}

/* the system runs meanwhile, as far as it is released */
Status Sim_target::await_call(uint32_t server)
{
	if (_fault("await call")) return { Code::BUSY, 0, "await call" };
	Thread *const t = _hosted.get<Thread>(server);
	if (!t) return { Code::NOT_FOUND, 0, "await call" };
	if (_lapses.no_await || _lapses.no_receive_first || _lapses.early_release) return ok;
	for (unsigned i = 0; i < 1000; i++) {
		if (t->run != Thread::Run::SCRATCH) return ok;
		_ecu.faults.without([&] { _running->run(1); });
	}
	failure = _ecu.fingerprint();
	return { Code::BUSY, 0, "await call", server };
}

Status Sim_target::submit(uint32_t context, uint32_t count)
{
	if (_fault("submit")) return { Code::DENIED, 0, "submit" };
	Context *const c = _hosted.get<Context>(context);
	if (!c) return { Code::NOT_FOUND, 0, "submit" };
	if (_lapses.no_submit) return ok;
	Kernel(_ecu).submit(*c, count);
	if (_lapses.late_bind && c->source && c->source->semaphore)
		Kernel::bind(*c->source->semaphore, c->source->semaphore->bound);
	return ok;
}

Status Sim_target::arm(Object_reader const &reader)
{
	if (_fault("arm")) return { Code::DENIED, 0, "arm" };
	Timer_session *const timer = _hosted.get<Timer_session>(reader.id());
	auto const t = reader.timer_session();
	if (!timer) return { Code::NOT_FOUND, 0, "arm" };

	/* it may have been programmed meanwhile */
	if (_lapses.no_arm || timer->timeout) return ok;
	timer->timeout = t.timeout();
	timer->periodic = t.periodic();
	timer->started_at = _ecu.time - std::min(t.elapsed(), _ecu.time);
	return ok;
}

}
