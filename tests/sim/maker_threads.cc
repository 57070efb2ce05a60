/*
 * Threads: entrypoints, clients, lockers
 */

#include <algorithm>

#include "maker.h"

namespace Capimg::Sim
{

using namespace Field;

Thread &Maker::_thread(Routine routine, uint64_t data, bool started)
{
	unsigned const slot = unsigned(_pd->threads.size());
	Thread &t = must(_ecu.create<Thread>(Kind::THREAD, "thread " + std::to_string(slot),
										 { _pd, &_cpu->own, { 4096, 1 }, nullptr, true }));
	t.slot = slot;
	t.cpu = _cpu;
	_pd->threads.push_back(&t);

	/* the main thread's label is not core's to give */
	t.gate = &must(_ecu.create<Gate>(Kind::GATE, t.label + ".gate", _part_of(t, slot != 0)));
	if (!slot) t.gate->badge = 1;
	t.gate->thread = &t;
	t.irq = &must(_ecu.create<Irq>(Kind::IRQ, t.label + ".irq", _part_of(t, false)));
	t.irq->thread = &t;
	_pd->caps[_ecu.gate_kcap(slot)] = t.gate;
	_pd->caps[_ecu.irq_kcap(slot)] = t.irq;

	Cap_ops gate = _ops();
	uint64_t const index = _ecu.gate_kcap(slot) >> _layout.selector_shift;
	gate.insert_at(index, t.gate->badge);
	gate.commit();

	Cap_ops window = _ops();
	t.buffer[0] = window.kcap_of(window.reserve());
	window.commit();

	Dataspace &stack = _ram(0x1000);
	uint64_t const base = STACK_DISTANCE * slot + 0x8000;
	_attach(*_pd->stack_area, base, stack, 0, 0x1000);

	t.user[0] = UTCB_AREA + 0x200ull * slot;
	t.user[1] = _binary().map.slot(index);
	t.user[2] = data;
	t.fpu.assign(32, 0);
	if (started) {
		t.run = Thread::Run::READY;
		t.reg[IP] = code_address(routine);
		t.reg[SP] = STACK_AREA + base + 0xf00;
		for (unsigned i = 16; i < 32; i++) t.fpu[i] = uint8_t(_random.word());
	}
	_facts.programs.push_back({ slot, routine, data });
	return t;
}

void Maker::_make_rpc(uint64_t data, Thread &thread, char const *label)
{
	Binary const &b = _binary();
	Gate &gate = must(_ecu.create<Gate>(Kind::RPC, _label(label), _own(0)));
	gate.thread = &thread;
	gate.order = ++_pd->orders;

	uint64_t const slot = _give(gate), object = _allocate(Binary::OBJECT_WORDS);
	_store(object, 0, 0x1100400);
	_memory->store(b.object_cap(object), slot, _word);
	_memory->store(b.object_identity(object), gate.identity, _word);
	Cap_ops ops = _ops();
	ops.pool_insert(data, object);
	ops.commit();
	_facts.rpcs.push_back({ object, gate.identity, thread.slot });
	_callables.push_back({ slot, gate.identity, int(thread.slot) });
}

/* an entrypoint with a pool of objects; every second one is a plain one that is passed nothing */
void Maker::_make_server(unsigned number)
{
	uint64_t const data = _allocate(SERVER_WORDS);
	Routine const routine = number % 2 ? PLAIN_SERVER : SERVER;
	Thread &thread = _thread(routine, data);
	Binary const &b = _binary();
	Test::Base_library<Address_space> const base { *_memory, _layout };
	base.construct_node(b.pool_tree(data));
	base.make_mutex(b.pool_lock(data));
	_store(data, 0, 0x1100178);
	_memory->store(b.pool_tree(data) + 4ull * _word, 0x11001c8, _word);

	/* what every entrypoint makes for itself, and what it serves */
	_make_rpc(data, thread, "exit");
	_make_rpc(data, thread, "signal proxy");
	unsigned const objects = 3 + unsigned(_random.below(8));
	for (unsigned i = 0; i < objects; i++) _make_rpc(data, thread, "rpc");

	_store(data, PD_CAP, _give(*_pd));
	_store(data, SLOT, thread.slot);
	uint64_t const blocks = _allocate(Binary::OBJECT_WORDS * 24);
	_store(data, BLOCK, blocks);
	_store(data, FIRST_BLOCK, blocks);
	_store(data, BLOCK_END, blocks + uint64_t(Binary::OBJECT_WORDS) * 24 * _word);
	_store(data, NEXT_IDENTITY, 0x100000 * (number + 1) + _random.below(100));
}

void Maker::_make_client(bool passes)
{
	unsigned const variables = 3 + unsigned(_random.below(10));
	uint64_t const data = _allocate(FIRST + 2 * variables * VARIABLE_WORDS);
	_store(data, ROUNDS, _options.rounds + _random.below(_options.rounds));
	_store(data, VARIABLES, variables);

	for (unsigned i = 0; i < variables; i++) {
		Callable const &callee = _callables[_random.below(_callables.size())];
		uint64_t const v = _variable(data, i);
		_store(v, CAP, callee.slot);
		_store(v, IDENTITY, callee.identity);
		Cap_ops ops = _ops();
		ops.retain(callee.slot);
		ops.commit();

		/* servers call those before them, so that nobody waits for oneself */
		bool const takes =
			callee.server >= 0 && _facts.programs[size_t(callee.server)].routine == SERVER;
		if (!passes || !takes || !_random.chance(2)) continue;
		Callable const &passed = _callables[_random.below(_callables.size())];
		if (passed.server >= callee.server) continue;
		uint64_t const p = _variable(data, variables + i);
		_store(p, CAP, passed.slot);
		_store(p, IDENTITY, passed.identity);
		_store(v, PASSED, p);
		Cap_ops more = _ops();
		more.retain(passed.slot);
		more.commit();
	}
	_thread(CLIENT, data);
}

void Maker::_make_shared()
{
	for (unsigned i = 0; i < 3; i++) {
		uint64_t const data = _allocate(FIRST);
		_store(data, ROUNDS, _options.rounds);
		_store(data, SHARED, _facts.lock);
		_thread(LOCKER, data);
	}
}

/* what the first server makes is called and dissolved by a client of its own */
void Maker::_make_factory()
{
	uint64_t const data = _allocate(FACTORY_WORDS);
	_store(data, ROUNDS, std::min(_options.rounds, 20u));
	for (Callable const &callee : _callables)
		if (callee.server >= 0 && _facts.programs[size_t(callee.server)].routine == SERVER) {
			_store(data, ROOT + CAP, callee.slot);
			_store(data, ROOT + IDENTITY, callee.identity);
			_thread(FACTORY, data);
			return;
		}
}

/* under an object of the first entrypoint */
void Maker::_make_service()
{
	Service &service =
		must(_ecu.create<Service>(Kind::SERVICE, "service", { _pd, nullptr, {}, nullptr, false }));
	service.name = "Sim";
	for (auto const &[number, o] : _ecu.objects())
		if (o->identity == _facts.rpcs.at(2).identity) service.root = as<Gate>(o.get());
}

}
