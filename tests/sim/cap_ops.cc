#include "cap_ops.h"

namespace Capimg::Sim
{

/* bits of so many bytes */
static uint64_t bits(unsigned width) { return width < 8 ? (uint64_t(1) << 8 * width) - 1 : ~0ull; }

uint64_t Store_log::load(uint64_t addr, unsigned width) const
{
	uint64_t const value = _memory.load(addr, width);
	if (_words.empty()) return value;

	unsigned const shift = 8 * unsigned(addr & 7);
	Word w {};
	if (auto const it = _words.find(addr / 8); it != _words.end())
		w = { it->second.value >> shift, it->second.mask >> shift };
	if (shift + 8 * width > 64)
		if (auto const it = _words.find(addr / 8 + 1); it != _words.end()) {
			w.value |= it->second.value << (64 - shift);
			w.mask |= it->second.mask << (64 - shift);
		}
	return ((value & ~w.mask) | w.value) & bits(width);
}

void Store_log::store(uint64_t addr, uint64_t value, unsigned width)
{
	unsigned const shift = 8 * unsigned(addr & 7);
	uint64_t const mask = bits(width), low = value & mask;
	auto put = [&](uint64_t number, uint64_t v, uint64_t m) {
		Word &w = _words[number];
		w = { (w.value & ~m) | v, w.mask | m };
	};
	put(addr / 8, low << shift, mask << shift);
	if (shift + 8 * width > 64) put(addr / 8 + 1, low >> (64 - shift), mask >> (64 - shift));
	items.push_back({ Log_item::STORE, addr, value, width });
}

Cap_ops::Cap_ops(Ecu &ecu, Pd &pd, Address_space &memory, Binary const &binary)
	: _ecu(ecu),
	  _pd(pd),
	  _memory(memory),
	  _binary(binary),
	  _log(memory),
	  _base { _log, *binary.layout },
	  _map_tree(_log, binary.word(),
				[this](uint64_t node) { return _id(node - _binary.layout->node_offset); }),
	  _pool_tree(_log, binary.word(), [this](uint64_t node) {
		  return _id(_log.load(node + 4ull * _binary.word(), _binary.word()));
	  })
{}

uint64_t Cap_ops::_id(uint64_t slot) const
{
	return _log.load(slot + _binary.layout->id_offset, _binary.layout->id_width);
}

uint64_t Cap_ops::kcap_of(uint64_t slot) const
{
	Result<uint64_t> const index = cap_index(_binary.map, slot);
	if (index.failed()) throw Page_fault { slot };
	return *index << _binary.layout->selector_shift;
}

/* as the base library looks a badge up */
uint64_t Cap_ops::_find(uint64_t badge) const
{
	unsigned const word = _binary.word();
	if (_base.list()) {
		uint64_t slot = _log.load(_binary.map.root, word);
		for (unsigned i = 0; slot && i <= _binary.map.count; i++) {
			if (_id(slot) == badge) return slot;
			slot = _log.load(slot, word);
		}
		return 0;
	}
	uint64_t node = _log.load(_binary.map.root, word);
	for (unsigned i = 0; node && i < 64; i++) {
		uint64_t const slot = node - _binary.layout->node_offset, id = _id(slot);
		if (id == badge) return slot;
		node = badge > id ? _map_tree.right(node) : _map_tree.left(node);
	}
	return 0;
}

/* a mutex has its state behind its spin lock */
void Cap_ops::_lock(uint64_t addr, bool mutex, bool held)
{
	_log.store(addr + (mutex ? 4 : 0), held ? 0 : 1, 4);
}

void Cap_ops::_lock_map(bool held) { _lock(_binary.tree_lock, !_base.foc(), held); }

bool Cap_ops::map_free() const
{
	return _memory.load(_binary.tree_lock + (_base.foc() ? 0 : 4), 4) == 1;
}

bool Cap_ops::pool_free(uint64_t pool) const
{
	return _memory.load(_binary.pool_lock(pool) + 4, 4) == 1;
}

void Cap_ops::_link(uint64_t slot)
{
	if (_base.list()) {
		_log.store(slot, _log.load(_binary.map.root, _binary.word()), _binary.word());
		_log.store(_binary.map.root, slot, _binary.word());
	} else {
		_map_tree.insert(_binary.map.root, _node(slot));
	}
}

void Cap_ops::_unlink(uint64_t slot)
{
	if (!_base.list()) return _map_tree.remove(_node(slot));
	unsigned const word = _binary.word();
	uint64_t at = _binary.map.root;
	for (unsigned i = 0; _log.load(at, word) != slot; i++) {
		at = _log.load(at, word);
		if (!at || i > _binary.map.count) throw Page_fault { slot };
	}
	_log.store(at, _log.load(slot, word), word);
	_log.store(slot, 0, word);
}

/* the lowest free entry, under the allocator's lock where there is one */
uint64_t Cap_ops::_allocate()
{
	uint64_t const lock = cap_allocator_lock(_binary.map);
	Cap_layout const &l = *_binary.layout;
	for (uint64_t i = _binary.first_user; i < _binary.map.count; i++) {
		uint64_t const slot = _binary.map.slot(i);
		if (cap_used(l, _id(slot), _log.load(slot + l.ref_offset, l.ref_width))) continue;
		if (lock) _lock(lock, false, true);
		if (!_base.list()) _base.construct_node(_node(slot));
		if (_binary.bits) {
			uint64_t const at = _binary.bits + i / 8;
			_log.store(at, _log.load(at, 1) | 1u << (i % 8), 1);
		}
		_set(slot, l.invalid_id, 1);
		if (lock) _lock(lock, false, false);
		return slot;
	}
	throw Page_fault { _binary.map.array };
}

void Cap_ops::_set(uint64_t slot, uint64_t badge, uint64_t refs)
{
	Cap_layout const &l = *_binary.layout;
	_log.store(slot + l.ref_offset, refs, l.ref_width);
	_log.store(slot + l.id_offset, badge, l.id_width);
}

uint64_t Cap_ops::insert(uint64_t badge, uint64_t window)
{
	Cap_layout const &l = *_binary.layout;
	_lock_map(true);
	uint64_t slot = _find(badge);
	if (slot) {
		auto const here = _pd.caps.find(kcap_of(slot)), there = _pd.caps.find(window);
		bool const same =
			here != _pd.caps.end() && there != _pd.caps.end() && here->second == there->second;
		if (same) {
			uint64_t const refs = _log.load(slot + l.ref_offset, l.ref_width);
			if (refs) _log.store(slot + l.ref_offset, refs + 1, l.ref_width);
			_log.items.push_back({ Log_item::UNMAP, window, 0, 0 });
			_lock_map(false);
			return slot;
		}

		/* the badge was given to a new object: who holds the old capability keeps its entry */
		_unlink(slot);
	}
	slot = _allocate();
	_log.store(slot + l.id_offset, badge, l.id_width);
	_log.items.push_back({ Log_item::MAP, kcap_of(slot), window, 0 });
	_link(slot);
	_log.items.push_back({ Log_item::UNMAP, window, 0, 0 });
	_lock_map(false);
	return slot;
}

uint64_t Cap_ops::reserve()
{
	_lock_map(true);
	uint64_t const slot = _allocate();
	_lock_map(false);
	return slot;
}

void Cap_ops::insert_at(uint64_t index, uint64_t badge)
{
	uint64_t const slot = _binary.map.slot(index);
	_lock_map(true);
	if (!_base.list()) _base.construct_node(_node(slot));
	_set(slot, badge, 0);
	_link(slot);
	_lock_map(false);
}

void Cap_ops::retain(uint64_t slot)
{
	Cap_layout const &l = *_binary.layout;
	uint64_t const refs = _log.load(slot + l.ref_offset, l.ref_width);
	if (refs) _log.store(slot + l.ref_offset, refs + 1, l.ref_width);
}

void Cap_ops::release(uint64_t slot)
{
	Cap_layout const &l = *_binary.layout;
	uint64_t const refs = _log.load(slot + l.ref_offset, l.ref_width);
	if (!refs) return;

	_lock_map(true);
	if (refs > 1) {
		_log.store(slot + l.ref_offset, refs - 1, l.ref_width);
	} else {
		if (_find(_id(slot)) == slot) _unlink(slot);
		_log.items.push_back({ Log_item::UNMAP, kcap_of(slot), 0, 0 });

		Result<uint64_t> const index = cap_index(_binary.map, slot);
		uint64_t const lock = cap_allocator_lock(_binary.map);
		if (lock) _lock(lock, false, true);
		_base.reset(slot);
		if (_binary.bits) {
			uint64_t const at = _binary.bits + *index / 8;
			_log.store(at, _log.load(at, 1) & ~(1u << (*index % 8)), 1);
		}
		if (lock) _lock(lock, false, false);
	}
	_lock_map(false);
}

void Cap_ops::pool_insert(uint64_t pool, uint64_t object)
{
	_lock(_binary.pool_lock(pool), true, true);
	_pool_tree.construct(_binary.object_node(object));
	_pool_tree.insert(_binary.pool_tree(pool), _binary.object_node(object));
	_lock(_binary.pool_lock(pool), true, false);
}

void Cap_ops::pool_remove(uint64_t pool, uint64_t object)
{
	_lock(_binary.pool_lock(pool), true, true);
	_pool_tree.remove(_binary.object_node(object));
	_lock(_binary.pool_lock(pool), true, false);
}

uint64_t Cap_ops::pool_find(uint64_t pool, uint64_t badge) const
{
	unsigned const word = _binary.word();
	uint64_t node = _memory.load(_binary.pool_tree(pool), word);
	for (unsigned i = 0; node && i < 64; i++) {
		uint64_t const slot = _memory.load(node + 4ull * word, word), id = _id(slot);
		if (id == badge) return node - word;
		node = _memory.load(node + (badge > id ? word : 0), word);
	}
	return 0;
}

void Cap_ops::apply(Log_item const &item, Pd &pd, Address_space &memory)
{
	auto const from = pd.caps.find(item.value);
	switch (item.type) {
	case Log_item::STORE: memory.store(item.addr, item.value, item.width); break;
	case Log_item::UNMAP: pd.caps.erase(item.addr); break;
	case Log_item::MAP:
		if (from != pd.caps.end()) {
			Object *const object = from->second;
			pd.caps[item.addr] = object;
		}
		break;
	}
}

void Cap_ops::commit()
{
	for (Log_item const &item : _log.items) apply(item, _pd, _memory);
	_log.items.clear();
}

}
