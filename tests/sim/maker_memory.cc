/*
 * PD, region maps, data of the loader, heap
 */

#include "maker.h"

namespace Capimg::Sim
{

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

}
