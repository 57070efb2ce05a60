/*
 * How a component is made, step by step
 */

#ifndef CAPIMG__TESTS__SIM__MAKER_H
#define CAPIMG__TESTS__SIM__MAKER_H

#include <stdexcept>

#include "component.h"

namespace Capimg::Sim
{

/* where things are; offsets of regions are not 0, and ld.lib.so's data is in the linker area */
inline constexpr uint64_t LINKER_AREA = 0x10000000, LINKER_SIZE = 0x1000000,
						  ELF_DATA = LINKER_AREA + 0x80000, HEAP = 0x20000000,
						  ROM_DATA = 0x30000000, SHARED_MAP = 0x38000000, SHARED_SIZE = 0x10000,
						  STACK_AREA = 0x40000000, STACK_AREA_SIZE = 0x1000000,
						  STACK_DISTANCE = 0x10000, UTCB_AREA = 0xb0000000;

/* number behind "key=" in session arguments, 0: none */
uint64_t argument(std::string const &arguments, char const *key);

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
	void _make_service();
	uint64_t _variable(uint64_t data, unsigned i) const
	{
		return data + uint64_t(Field::FIRST + i * Field::VARIABLE_WORDS) * _word;
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

}

#endif /* CAPIMG__TESTS__SIM__MAKER_H */
