#include "cap_read.h"

namespace Capimg
{

/* base/src/include/base/internal/spin_lock.h, base/include/base/lock.h: 0 is locked, 1 is not */
static Lock_state lock_state(uint64_t value)
{
	return value == 0 ? Lock_state::HELD : value == 1 ? Lock_state::FREE : Lock_state::UNKNOWN;
}

uint64_t cap_allocator_lock(Cap_map const &map)
{
	return map.kernel == Cap_kernel::FOC && map.array >= 4 ? map.array - 4 : 0;
}

uint64_t cap_tree_lock(Cap_map const &map)
{
	bool const tree = map.structure == Cap_structure::TREE;
	return map.root ? map.root + (tree ? avl_tree_size(map.word_bytes) : map.word_bytes) : 0;
}

Lock_state spin_lock_state(Memory_view &view, uint64_t addr)
{
	uint64_t value = 0;
	return view.value(addr, 4, value) ? lock_state(value) : Lock_state::UNKNOWN;
}

Lock_state mutex_state(Memory_view &view, uint64_t addr)
{
	uint64_t both = 0;
	if (!view.value(addr, 8, both)) return Lock_state::UNKNOWN;

	Lock_state const spin = lock_state(uint32_t(both));
	Lock_state const state = lock_state(both >> 32);
	if (spin == Lock_state::UNKNOWN || state == Lock_state::UNKNOWN) return Lock_state::UNKNOWN;
	return spin == Lock_state::HELD ? spin : state;
}

Status Cap_reader::open()
{
	_open = _intact = false;
	_nodes = 0;

	if (Status const s = check_cap_map(_map)) return s;
	if (_bits.size() < work_size(_map))
		return { Code::NO_SPACE, 0, "work", _bits.size(), work_size(_map) };

	_bits.zero();
	_open = true;

	for (Cap_walk walk(_view, _map);;) {
		Result<Cap_walk::Step> const step = walk.next();
		if (step.failed()) {
			_intact = step.error().code == Code::NOT_FOUND;
			return _intact ? ok : step.error();
		}

		size_t const byte = size_t(step->index / 8);
		uint8_t const bit = uint8_t(1u << (step->index % 8));
		uint8_t const old = Const_bytes(_bits).u8(byte);

		/* trees cannot come here twice, lists can */
		if (old & bit) return { Code::CYCLE, step->slot, "next", step->slot };

		_bits.u8(byte, uint8_t(old | bit));
		_nodes++;
	}
}

Cap_entry Cap_reader::_entry(uint64_t index, Const_bytes bytes)
{
	Cap_fields const f = cap_fields(_map, bytes);

	Cap_entry e {};
	e.index = index;
	e.slot = _map.slot(index);
	e.has_kcap = _map.selector_shift != CAP_NO_SELECTOR;
	e.kcap = e.has_kcap ? index << _map.selector_shift : 0;
	e.badge = f.id;
	e.ref_count = f.ref_count;
	e.has_socket = _map.socket_offset != CAP_NO_OFFSET;
	e.socket = f.socket;
	e.foreign = f.foreign;

	/* of a list that breaks off, all that can be reached was seen */
	if (_intact || _map.structure == Cap_structure::LIST) {
		e.in_tree = Const_bytes(_bits).u8(size_t(index / 8)) >> (index % 8) & 1;
	} else {
		Result<uint64_t> const found = find(f.id);
		e.in_tree = found && *found == index;
	}
	e.stale = !e.in_tree && cap_kept_in_tree(_map, f.id, f.foreign);
	return e;
}

Result<Cap_entry> Cap_reader::next_used(uint64_t from)
{
	if (!_open) return Error { Code::BAD_STATE, 0, "open" };

	for (uint64_t i = from; i < _map.count; i++) {
		Const_bytes const bytes = _view.at(_map.slot(i), _map.stride);
		if (bytes.empty()) return Error { Code::ABSENT, _map.slot(i), "entry", i };

		Cap_fields const f = cap_fields(_map, bytes);
		if (cap_used(_map, f.id, f.ref_count)) return _entry(i, bytes);
	}
	return Error { Code::NOT_FOUND, _map.slot(_map.count), "entry" };
}

Result<Cap_entry> Cap_reader::entry(uint64_t index)
{
	if (!_open) return Error { Code::BAD_STATE, 0, "open" };
	if (index >= _map.count) return Error { Code::BAD_ARGUMENT, 0, "index", index, _map.count };

	Const_bytes const bytes = _view.at(_map.slot(index), _map.stride);
	if (bytes.empty()) return Error { Code::ABSENT, _map.slot(index), "entry", index };

	Cap_fields const f = cap_fields(_map, bytes);
	if (!cap_used(_map, f.id, f.ref_count))
		return Error { Code::NOT_FOUND, _map.slot(index), "entry", index };
	return _entry(index, bytes);
}

Result<uint64_t> Cap_reader::find(uint64_t badge)
{
	if (!_open) return Error { Code::BAD_STATE, 0, "open" };
	if (!_map.root) return Error { Code::NOT_FOUND, 0, "badge", badge };

	bool const tree = _map.structure == Cap_structure::TREE;
	uint64_t const steps = tree ? Limit::MAX_TREE_DEPTH : _map.count;

	/* the left child of the tree object, or the first of the list */
	uint64_t link = _map.root;
	for (uint64_t i = 0; i <= steps; i++) {
		uint64_t node = 0;
		if (!_view.value(link, _map.word_bytes, node)) return Error { Code::ABSENT, link, "node" };
		if (!node) return Error { Code::NOT_FOUND, link, "badge", badge };

		uint64_t const slot = node - _map.node_offset;
		Result<uint64_t> const index = cap_index(_map, slot);
		if (index.failed()) return Error { Code::DANGLING, link, "node", node, _map.array };

		uint64_t id = 0;
		if (!_view.value(slot + _map.id_offset, _map.id_width, id))
			return Error { Code::ABSENT, slot, "entry" };
		if (id == badge) return *index;

		link = node + (tree && badge > id ? _map.word_bytes : 0u);
	}
	return Error { Code::CYCLE, link, "node", badge };
}

Cap_locks Cap_reader::locks()
{
	Cap_locks locks {};
	if (!_open) return locks;

	if (uint64_t const addr = cap_allocator_lock(_map))
		locks.allocator = spin_lock_state(_view, addr);

	if (uint64_t const addr = cap_tree_lock(_map))
		locks.tree = _map.kernel == Cap_kernel::FOC ? spin_lock_state(_view, addr)
													: mutex_state(_view, addr);
	return locks;
}

}
