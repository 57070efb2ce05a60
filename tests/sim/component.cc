#include "component.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace Capimg::Sim
{

using namespace Field;

/* where things are; offsets of regions are not 0, and ld.lib.so's data is in the linker area */
static constexpr uint64_t LINKER_AREA = 0x10000000, LINKER_SIZE = 0x1000000,
						  ELF_DATA = LINKER_AREA + 0x80000, HEAP = 0x20000000,
						  ROM_DATA = 0x30000000, SHARED_MAP = 0x38000000, SHARED_SIZE = 0x10000,
						  STACK_AREA = 0x40000000, STACK_AREA_SIZE = 0x1000000,
						  STACK_DISTANCE = 0x10000, UTCB_AREA = 0xb0000000;

std::vector<unsigned> running_layouts()
{
	std::vector<unsigned> rows;
	for (unsigned i = 0; i < cap_layouts().count; i++)
		if (cap_layouts().rows[i].selector_shift != CAP_NO_SELECTOR) rows.push_back(i);
	return rows;
}

static uint64_t argument(std::string const &arguments, char const *key)
{
	size_t const at = arguments.find(key);
	return at == std::string::npos
			   ? 0
			   : std::strtoull(arguments.c_str() + at + std::string(key).size() + 1, nullptr, 10);
}

Amount session_quota(Session const &s)
{
	return { argument(s.arguments, "ram_quota") + s.upgrade.ram,
			 argument(s.arguments, "cap_quota") + s.upgrade.caps };
}

void furnish(Ecu &ecu)
{
	std::vector<uint8_t> config(5000);
	for (size_t i = 0; i < config.size(); i++) config[i] = uint8_t(i * 7);
	ecu.modules["config"] = config;
}

namespace
{

template <typename T>
T &must(Result<T *> const &result)
{
	if (result.failed()) throw std::runtime_error(std::string("setup: ") + result.error().field);
	return **result;
}

class Maker
{
	Ecu &_ecu;
	Component_options const _options;
	Facts &_facts;
	Random _random;
	Cap_layout const &_layout;
	unsigned const _word;
	Pd *_pd = nullptr;
	Cpu_session *_cpu = nullptr;
	std::unique_ptr<Address_space> _memory {};
	uint64_t _heap = 0, _heap_end = 0;
	unsigned _serial = 0;

	struct Callable
	{
		uint64_t slot, identity;
		int server; /* slot of the thread; -1: not in this component */
	};
	std::vector<Callable> _callables {};
	std::vector<Object *> _others {}; /* that the component holds, but does not call */

	Binary &_binary() { return _facts.binary; }
	std::string _label(char const *kind) { return kind + (' ' + std::to_string(++_serial)); }

	Ecu::Terms _own(uint64_t ram) { return { _pd, &_pd->own, { ram, 1 }, nullptr, true }; }
	Ecu::Terms _part_of(Object &o, bool badge = true) { return { _pd, nullptr, {}, &o, badge }; }

	Cap_ops _ops() { return Cap_ops(_ecu, *_pd, *_memory, _binary()); }
	void _store(uint64_t base, unsigned i, uint64_t v)
	{
		_memory->store(base + uint64_t(i) * _word, v, _word);
	}

	uint64_t _allocate(unsigned words)
	{
		uint64_t const at = _heap + _word * (2 + _random.below(6));
		_heap = at + uint64_t(words) * _word;
		if (_heap > _heap_end) throw std::runtime_error("setup: heap");
		return at;
	}

	template <typename T>
	T &_session(Kind kind, char const *service, char const *arguments)
	{
		Amount const quota { argument(arguments, "ram_quota"), argument(arguments, "cap_quota") };
		T &s = must(
			_ecu.create<T>(kind, _label(service), { _pd, &_ecu.account, quota, nullptr, true }));
		s.service = service;
		s.arguments = arguments;
		s.client_id = 10 + _serial;
		s.own.grant(quota);
		return s;
	}

	Dataspace &_ram(uint64_t size)
	{
		Dataspace &ds = must(_ecu.create<Dataspace>(Kind::DATASPACE, _label("ram"), _own(size)));
		ds.size = size;
		ds.bytes.resize(align_up(size, Dataspace::PAGE));
		ds.dirty.assign(ds.bytes.size() / Dataspace::PAGE, true);
		ds.order = ++_pd->orders;
		return ds;
	}

	void _attach(Region_map &map, uint64_t addr, Dataspace &ds, uint64_t offset, uint64_t size,
				 bool writeable = true)
	{
		map.regions[addr] = { &ds, offset, size, writeable, false };
		_ecu.map_version++;
	}

	/* the component gets a capability */
	uint64_t _give(Object &object)
	{
		uint64_t const window = ~uint64_t(0);
		_pd->caps[window] = &object;
		Cap_ops ops = _ops();
		uint64_t const slot = ops.insert(object.badge, window);
		ops.commit();
		return slot;
	}

	Region_map &_area(char const *name, uint64_t size);
	void _make_pd();
	void _make_memory();
	void _make_sessions();
	void _make_threads();
	void _make_shared();
	Thread &_thread(Routine, uint64_t data, bool started = true);
	void _make_server(unsigned number);
	void _make_rpc(uint64_t data, Thread &, char const *label);
	void _make_signals();
	void _make_client(bool passes);
	void _make_factory();
	void _make_timer(uint64_t handler_wakes, Timer_session &);
	void _make_churn();
	uint64_t _variable(uint64_t data, unsigned i) const
	{
		return data + uint64_t(FIRST + i * VARIABLE_WORDS) * _word;
	}

  public:
	Maker(Ecu &ecu, Component_options const &options, Facts &facts)
		: _ecu(ecu),
		  _options(options),
		  _facts(facts),
		  _random(options.seed),
		  _layout(ecu.layout),
		  _word(ecu.layout.word_bytes)
	{}

	Pd &make();
};

Region_map &Maker::_area(char const *name, uint64_t size)
{
	Region_map &map =
		must(_ecu.create<Region_map>(Kind::REGION_MAP, _pd->label + "." + name, _part_of(*_pd)));
	map.size = size;
	map.bootstrapped = true;
	if (size) {
		Dataspace &ds =
			must(_ecu.create<Dataspace>(Kind::DATASPACE, map.label + ".ds", _part_of(map)));
		ds.type = Dataspace::Type::MANAGED;
		ds.size = size;
		ds.managed = &map;
		map.content = &ds;
	}
	return map;
}

void Maker::_make_pd()
{
	Object &parent = must(_ecu.create<Object>(Kind::PARENT, "parent", {}));
	_pd = &_session<Pd>(Kind::PD, "PD", "ram_quota=4194304, cap_quota=400");
	_pd->pd = parent.pd = _pd;
	_pd->parent = &parent;
	_pd->bootstrapped = parent.bootstrapped = true;
	_pd->upgrade = { 65536, 10 };
	if (!_ecu.account.withdraw(_pd->upgrade)) throw std::runtime_error("setup: quota");
	_pd->cost.ram += _pd->upgrade.ram;
	_pd->cost.caps += _pd->upgrade.caps;
	_pd->own.grant(_pd->upgrade);
	_pd->space = &_area("address_space", 0);
	_pd->stack_area = &_area("stack_area", STACK_AREA_SIZE);
	_pd->linker_area = &_area("linker_area", LINKER_SIZE);
	_pd->native =
		&must(_ecu.create<Object>(Kind::NATIVE_PD, _pd->label + ".native", _part_of(*_pd)));
	_attach(*_pd->space, LINKER_AREA, *_pd->linker_area->content, 0, LINKER_SIZE);
	_attach(*_pd->space, STACK_AREA, *_pd->stack_area->content, 0, STACK_AREA_SIZE);
	_memory = std::make_unique<Address_space>(_ecu, *_pd);

	_cpu = &_session<Cpu_session>(Kind::CPU, "CPU", "ram_quota=262144, cap_quota=60");
	_cpu->bootstrapped = true;
	_cpu->native =
		&must(_ecu.create<Object>(Kind::NATIVE_CPU, _cpu->label + ".native", _part_of(*_cpu)));
}

/* data and bss of ld.lib.so, a heap of several dataspaces */
void Maker::_make_memory()
{
	Binary &b = _binary();
	b.layout = &_layout;
	b.first_user = _layout.first_user_selector;
	uint64_t const count = align_up(b.first_user + 160, 64);
	uint64_t const gap = 0x100 + 4ull * _word * _random.below(16);
	uint64_t const start = ELF_DATA + 0x1000 + _word * _random.below(64);
	uint64_t const size = align_up(0x2000 + gap + count * _layout.stride + 0x400, Dataspace::PAGE);

	/* the region begins behind the begin of the dataspace */
	Dataspace &data = _ram(size + Dataspace::PAGE);
	_attach(*_pd->linker_area, ELF_DATA - LINKER_AREA, data, Dataspace::PAGE, size);

	uint64_t const heap_size = 0xc000;
	Dataspace &low = _ram(heap_size / 2), &high = _ram(heap_size / 2);
	_attach(*_pd->space, HEAP, low, 0, heap_size / 2);
	_attach(*_pd->space, HEAP + heap_size / 2, high, 0, heap_size / 2);
	_heap = HEAP;
	_heap_end = HEAP + heap_size;

	Test::Base_library<Address_space> const base { *_memory, _layout };
	auto const place = base.make(start, count, gap, 0x1100000);
	b.map = place.map;
	b.tree_lock = place.tree_lock;
	b.bits = place.bits;
	b.parent_word = ELF_DATA;

	/* what is not the program's own has content as well */
	for (unsigned i = 0; i < 64; i++)
		_memory->store(HEAP + heap_size - 0x800 + i * 8, _random.word() & 0xffff, 4);
	_heap_end -= 0x800;

	_memory->store(b.parent_word, _pd->parent->badge, _word);
	_pd->caps[_ecu.parent_kcap()] = _pd->parent;
	Cap_ops ops = _ops();
	ops.insert_at(0xb, _pd->parent->badge);
	ops.commit();
	_callables.push_back({ b.map.slot(0xb), _pd->parent->identity, -1 });
}

void Maker::_make_sessions()
{
	auto callable = [&](Object &o) { _callables.push_back({ _give(o), o.identity, -1 }); };

	callable(_session<Session>(Kind::LOG, "LOG", "ram_quota=8192, cap_quota=3, label=\"log\""));

	auto &rom =
		_session<Rom_session>(Kind::ROM, "ROM", "ram_quota=6144, cap_quota=3, label=\"config\"");
	rom.module = "config";
	Dataspace &content =
		must(_ecu.create<Dataspace>(Kind::DATASPACE, rom.label + ".content", _part_of(rom)));
	content.type = Dataspace::Type::ROM;
	content.module = rom.module;
	content.bytes = _ecu.modules.at(rom.module);
	content.size = content.bytes.size();
	rom.content = &content;
	_attach(*_pd->space, ROM_DATA, content, 0, align_up(content.size, Dataspace::PAGE), false);
	callable(rom);
	callable(content);

	auto &rm = _session<Rm_session>(Kind::RM, "RM", "ram_quota=65536, cap_quota=20");
	Region_map &map = must(_ecu.create<Region_map>(Kind::REGION_MAP, _label("map"), _part_of(rm)));
	map.size = SHARED_SIZE;
	rm.maps.push_back(&map);
	Dataspace &managed =
		must(_ecu.create<Dataspace>(Kind::DATASPACE, map.label + ".ds", _part_of(map)));
	managed.type = Dataspace::Type::MANAGED;
	managed.size = SHARED_SIZE;
	managed.managed = &map;
	map.content = &managed;
	Dataspace &shared = _ram(0x1000);
	_attach(map, 0x4000, shared, 0, 0x1000);

	/* the managed dataspace is seen from an offset on */
	_attach(*_pd->space, SHARED_MAP, managed, 0x2000, SHARED_SIZE - 0x2000);
	callable(rm);
	callable(map);
	callable(shared);
	_facts.lock = SHARED_MAP + 0x2000;
	_store(_facts.lock, INNER, 1);

	if (_options.other)
		callable(_session<Session>(Kind::OTHER, "Report", "ram_quota=8192, cap_quota=3"));
	if (_options.device) {
		Dataspace &io = must(_ecu.create<Dataspace>(Kind::DATASPACE, _label("io"), {}));
		io.pd = _pd;
		io.type = Dataspace::Type::IO;
		io.size = 0x1000;
		_give(io);
	}
	if (_options.foreign)
		for (unsigned i = 0; i < 2; i++) {
			External &e =
				must(_ecu.create<External>(Kind::EXTERNAL, "outside " + std::to_string(i), {}));
			e.owner = "server";
			e.delay = 1 + unsigned(_random.below(20));
			e.pd = _pd;
			_facts.externals.push_back({ e.label, e.identity });
			callable(e);
		}
	callable(*_pd);
}

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

void Maker::_make_signals()
{
	Source &source = must(_ecu.create<Source>(Kind::SOURCE, _label("source"), _own(0)));
	source.semaphore = &must(
		_ecu.create<Semaphore>(Kind::SEMAPHORE, source.label + ".semaphore", _part_of(source)));
	source.semaphore->source = &source;

	uint64_t const data = _allocate(SIGNALS_WORDS);
	_store(data, SEMAPHORE_CAP, _give(*source.semaphore));
	_store(data, SOURCE_CAP, _give(source));
	source.semaphore->bound = &_thread(SIGNALS, data);

	auto context = [&](uint64_t &handler) -> Context & {
		Context &c = must(_ecu.create<Context>(Kind::CONTEXT, _label("context"), _own(0)));
		handler = _allocate(HANDLER_WORDS);
		_facts.handlers.push_back(handler);
		c.source = &source;
		c.imprint = handler;
		return c;
	};

	uint64_t const submitter = _allocate(FIRST + 3 * VARIABLE_WORDS);
	_store(submitter, ROUNDS, _options.rounds * 2);
	_store(submitter, VARIABLES, 3);
	for (unsigned i = 0; i < 3; i++) {
		uint64_t handler = 0;
		uint64_t const v = _variable(submitter, i);
		_store(v, CAP, _give(context(handler)));
		_store(v, PASSED, handler);
	}
	_thread(SUBMITTER, submitter);

	auto &timer = _session<Timer_session>(Kind::TIMER, "Timer", "ram_quota=8192, cap_quota=3");
	uint64_t handler = 0;
	Context &tick = context(handler);
	_facts.handlers.pop_back(); /* signals of timers are not counted by who submits */
	timer.handler = &tick;
	tick.holder = &timer;
	_give(tick);

	/* the parent holds one, too */
	Context &resource = context(handler);
	_facts.handlers.pop_back();
	resource.holder = _pd->parent;

	uint64_t const data_of_timer = _allocate(FIRST + VARIABLE_WORDS);
	_store(data_of_timer, ROUNDS, 2 + _random.below(4));
	uint64_t const v = _variable(data_of_timer, 0);
	_store(v, CAP, _give(timer));
	_store(v, IDENTITY, timer.identity);
	Thread &client = _thread(TIMER, data_of_timer);
	_store(tick.imprint, WAKES, client.slot + 1);
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

/* capabilities that came and went: trees out of balance, indices and badges with holes */
void Maker::_make_churn()
{
	std::vector<std::pair<uint64_t, Object *>> held;
	auto drop = [&](size_t i) {
		Cap_ops ops = _ops();
		ops.release(held[i].first);
		ops.commit();
		_ecu.destroy(*held[i].second);
		held.erase(held.begin() + std::ptrdiff_t(i));
	};
	for (unsigned i = 0; i < _options.churn; i++) {
		Object &o = must(_ecu.create<Gate>(Kind::RPC, _label("gone"), _own(0)));
		held.push_back({ _give(o), &o });
		if (held.size() > 12) drop(_random.below(held.size()));
	}
	while (!held.empty()) drop(_random.below(held.size()));
}

Pd &Maker::make()
{
	_make_pd();
	_make_memory();
	_make_sessions();

	/* the main thread is the first entrypoint's */
	for (unsigned i = 0; i < _options.servers; i++) {
		_make_server(i);
		_make_churn();
	}
	_make_signals();
	_make_shared();
	if (_options.factory) _make_factory();
	for (unsigned i = 0; i < 3; i++) _make_client(true);
	_thread(CLIENT, 0, false);
	return *_pd;
}

}

Pd &make_component(Ecu &ecu, Component_options const &options, Facts &facts)
{
	return Maker(ecu, options, facts).make();
}

}
