#include "component.h"

namespace Capimg::Test
{

/* addresses that fit 32 and 64 bit; the arrays of a million entries lie between them */
static constexpr uint64_t DATA = 0x1008000, BSS = 0x2000000, HEAP = 0x40000000;

Component::Component(Component_options const &options)
	: _options(options),
	  _layout(cap_layouts().rows[options.layout]),
	  _word(_layout.word_bytes),
	  _random(options.seed),
	  _base { _memory, _layout },
	  _avl(_memory, _word, [this](uint64_t node) { return key(node); }),
	  _pool_avl(_memory, _word, [this](uint64_t node) {
		  uint64_t const slot = _memory.load(node + 4 * _word, _word);
		  return _memory.load(slot + _layout.id_offset, _layout.id_width);
	  })
{
	_make_bss();

	/* what is kept: variables, objects and other trees, with room between them */
	uint64_t const heap_size = 0x10000 +
							   128 * _word * (uint64_t(_options.pools) * _options.objects + 64) +
							   16 * _word * _options.variables;
	_heap = HEAP;
	_heap_end = align_up(HEAP + heap_size, 4096);
	_memory.add(HEAP, std::vector<uint8_t>(_heap_end - HEAP));

	_make_core_managed();
	while (_entries.size() < _options.capabilities && !_free.empty()) {
		size_t const before = _entries.size();
		_create();
		if (_entries.size() == before) break;
	}
	for (uint32_t i = 0; i < _options.churn; i++) {
		switch (_below(8)) {
		case 0:
		case 1:
		case 2: _dissolve(); break;
		case 3: _invalidate(); break;
		default: _create(); break;
		}
	}

	_make_pools();
	_make_other_trees();
	_make_variables();

	if (_options.split) _memory.split(align_up(_map.array + _map.size() / 2, 4096));
}

uint64_t Component::key(uint64_t node) const
{
	return _memory.load(node - _layout.node_offset + _layout.id_offset, _layout.id_width);
}

void Component::_reset(uint64_t index) { _base.reset(_map.slot(index)); }

/* the static objects of the base library: the tree or list, and the array in its allocator */
void Component::_make_bss()
{
	uint64_t const start = BSS + _word * _below(512);
	uint64_t const policy = 0x110000 + 8 * _below(512);
	uint64_t const map_size = uint64_t(_options.count) * _layout.stride;
	uint64_t const bits_size = _base.bits_size(_layout, _options.count);

	_memory.add(BSS, std::vector<uint8_t>(align_up(0x4000 + map_size + bits_size, 4096)));
	_memory.add(DATA, std::vector<uint8_t>(4096));
	_raw_parent = DATA;

	bool const apart = _layout.placement == Cap_placement::ALLOCATOR;
	uint64_t const gap = apart ? 0x400 + _word * _below(256) : 0;
	auto const place = _base.make(start, _options.count, gap, policy);
	_map = place.map;
	_tree_lock = place.tree_lock;
	_bits = place.bits;

	for (uint32_t i = 0; i < _map.count; i++) _free.insert(_free.end(), i);
}

/* a badge that is not in use; 0 if there is none left */
uint64_t Component::_fresh_badge()
{
	uint64_t const step = _layout.badge_step;

	/* badges of real systems are small; with many entries they spread over the whole range */
	uint64_t const wanted = 64ull * (_options.capabilities + _options.churn + 16);
	uint64_t const range = std::min(_layout.max_badge / step, wanted);
	for (unsigned tries = 0; tries < 1000; tries++) {
		uint64_t const badge = (1 + _below(range)) * step;
		if (badge <= _layout.max_badge && _badges.insert(badge).second) return badge;
	}
	return 0;
}

/* the lowest free entry from 'first' on, as Genode's allocators do it */
bool Component::_take(uint32_t first, uint32_t &index)
{
	/* selector 0 is none on Fiasco.OC; small arrays have no room for core's selectors */
	auto it = _free.lower_bound(first < _map.count ? first : (_foc() ? 1 : 0));
	if (it == _free.end()) return false;
	index = *it;
	_free.erase(it);
	if (_bits) {
		uint64_t const at = _bits + index / 8;
		_memory.store(at, _memory.load(at, 1) | 1u << (index % 8), 1);
	}
	return true;
}

void Component::_write(Component_entry const &e)
{
	uint64_t const slot = _map.slot(e.index);
	_memory.store(slot + _layout.id_offset, e.badge, _layout.id_width);
	_memory.store(slot + _layout.ref_offset, e.ref_count, _layout.ref_width);
	if (_layout.dst_width) _memory.store(slot + _layout.dst_offset, uint32_t(e.socket), 4);
	if (_layout.foreign_offset != CAP_NO_OFFSET)
		_memory.store(slot + _layout.foreign_offset, e.foreign, 1);
	_entries[e.index] = e;
}

void Component::_link(uint64_t index)
{
	if (_list()) {
		_memory.store(_node(index), _memory.load(_map.root, _word), _word);
		_memory.store(_map.root, _map.slot(index), _word);
	} else {
		_avl.insert(_map.root, _node(index));
	}
	_entries[index].in_tree = true;
	_live.push_back(index);
}

void Component::_unlink(uint64_t index)
{
	if (_list()) {
		uint64_t at = _map.root;
		while (_memory.load(at, _word) != _map.slot(index)) at = _memory.load(at, _word);
		_memory.store(at, _memory.load(_node(index), _word), _word);
		_memory.store(_node(index), 0, _word);
	} else {
		_avl.remove(_node(index));
	}
	_entries[index].in_tree = false;
	_live.erase(std::find(_live.begin(), _live.end(), index));
}

void Component::_create_at(uint32_t index, uint64_t badge, uint64_t ref_count)
{
	if (!_list()) _avl.construct(_node(index));
	_write({ index, badge, ref_count, 0, false, false, false });
	if (badge != _layout.invalid_id) _link(index);
}

/* on Fiasco.OC: the parent, and the gates of the main thread and another one; not counted */
void Component::_make_core_managed()
{
	if (!_foc() || _map.count <= _layout.first_user_selector) return;

	uint64_t const parent = _fresh_badge();
	_memory.store(_raw_parent, parent, _word);
	uint64_t const badges[] { parent, 1, _fresh_badge() };
	uint32_t const indices[] { 0xb, 0xc, 0x11 };
	for (unsigned i = 0; i < 3; i++) {
		_free.erase(indices[i]);
		_create_at(indices[i], badges[i], 0);
	}
}

void Component::_create()
{
	bool const linux = _layout.kernel == Cap_kernel::LINUX;
	bool const foreign = _layout.foreign_offset != CAP_NO_OFFSET && _below(3) == 0;

	uint64_t badge = _fresh_badge();
	if (!badge) return;

	uint32_t index = 0;
	if (!_take(_layout.first_user_selector, index)) return;

	/* receive windows and reply capabilities; foreign keys are not unique */
	if (_foc() && _below(16) == 0) badge = _layout.invalid_id;
	if (foreign) {
		_badges.erase(badge);
		badge = _below(8) == 0 ? _layout.invalid_id : 1 + _below(40);
	}

	uint64_t const ref_count = 1 + _below(5);
	if (!_layout.dst_width) return _create_at(index, badge, ref_count);

	uint64_t destination = _layout.dst_min + _below(uint64_t(_layout.dst_max) - _layout.dst_min);
	if (linux) destination = 3 + _next_socket++ % 1000000;
	if (foreign && _below(8) == 0) destination = _layout.dst_free;

	_avl.construct(_node(index));
	_write({ index, badge, ref_count, int32_t(uint32_t(destination)), foreign, false, false });
	if (cap_kept_in_tree(_layout, badge, foreign)) _link(index);
}

/* the last reference to any entry in tree or list goes away */
void Component::_dissolve()
{
	if (_live.empty()) return;
	uint64_t const index = _live[_below(_live.size())];
	if (_entries[index].ref_count == 0) return;

	_badges.erase(_entries[index].badge);
	_unlink(index);
	_entries.erase(index);

	/* Fiasco.OC clears the entry; the others reset all but the node, which is unlinked */
	if (_foc()) {
		_reset(index);
	} else {
		uint64_t const depth = _memory.load(_map.slot(index) + _layout.depth_offset, 1);
		_reset(index);
		_memory.store(_map.slot(index) + _layout.depth_offset, depth, 1);
	}
	_free.insert(uint32_t(index));
	if (_bits) {
		uint64_t const at = _bits + index / 8;
		_memory.store(at, _memory.load(at, 1) & ~(1u << (index % 8)), 1);
	}
}

/*
 * On Fiasco.OC: the object was destroyed and its badge given to a new one, while the old entry
 * is still referenced
 */
void Component::_invalidate()
{
	if (!_foc() || _live.empty()) return;
	uint64_t const index = _live[_below(_live.size())];
	if (_entries[index].ref_count == 0) return;

	uint32_t successor = 0;
	if (!_take(_layout.first_user_selector, successor)) return;

	_unlink(index);
	_entries[index].stale = true;
	_create_at(successor, _entries[index].badge, 1 + _below(3));
}

/* memory from the heap, at random distances */
uint64_t Component::_block(uint64_t words)
{
	uint64_t const block = _heap + _word * (2 + _below(24));
	_heap = block + words * _word;
	if (_heap > _heap_end) throw std::out_of_range("generated heap is full");
	return block;
}

/* a pool is { vptr, tree, mutex }, an object { vptr, node, capability, lock … } */
void Component::_make_pools()
{
	std::vector<uint64_t> free_indices = _live;
	std::shuffle(free_indices.begin(), free_indices.end(), _random);

	for (unsigned p = 0; p < _options.pools; p++) {
		uint64_t const pool = _block(16);
		uint64_t const tree = pool + _word;
		_memory.store(pool, 0x110178, _word);
		_avl.construct(tree);
		_memory.store(tree + 4 * _word, 0x1101c8, _word);
		_base.make_mutex(tree + 5 * _word);

		std::vector<Component_object> objects;
		auto dissolve = [&] {
			size_t const i = _below(objects.size());
			_pool_avl.remove(objects[i].node);
			objects.erase(objects.begin() + std::ptrdiff_t(i));
		};

		/* half as many again come and go */
		for (unsigned i = 0; i < _options.objects + _options.objects / 2; i++) {
			if (free_indices.empty()) break;
			uint64_t const index = free_indices.back();
			free_indices.pop_back();

			uint64_t const object = _block(12);
			uint64_t const node = object + _word;
			_memory.store(object, 0x110400, _word);
			_memory.store(node + 4 * _word, _map.slot(index), _word);
			_avl.construct(node);
			_pool_avl.insert(tree, node);
			objects.push_back({ node, index });
			if (objects.size() > _options.objects) dissolve();
		}
		_pools.push_back({ tree, objects });
	}
}

/* a heap is full of trees that are no pools, and of pointers that are no capabilities */
void Component::_make_other_trees()
{
	Avl_model other(_memory, _word, [](uint64_t node) { return node; });
	for (unsigned t = 0; t < 3; t++) {
		uint64_t const tree = _block(8);
		other.construct(tree);
		for (unsigned i = 0; i < 10; i++) {
			uint64_t const node = _block(8) + _word;
			other.construct(node);
			_memory.store(node + 4 * _word, _below(0x10000), _word);
			other.insert(tree, node);
		}
	}
	for (unsigned i = 0; i < 64; i++) {
		uint64_t const inside = _map.slot(_below(_map.count)) + 4;
		_memory.store(_block(1), _below(2) ? inside : HEAP + 8 * _below(4096), _word);
	}
}

void Component::_make_variables()
{
	if (_entries.empty()) return;

	std::vector<uint64_t> used;
	for (auto const &[index, entry] : _entries) used.push_back(index);
	for (unsigned i = 0; i < _options.variables; i++) {
		uint64_t const variable = _block(1);
		_memory.store(variable, _map.slot(used[_below(used.size())]), _word);
		_variables.insert(variable);
	}
}

std::vector<Component_entry> Component::entries() const
{
	std::vector<Component_entry> result;
	for (auto const &[index, entry] : _entries) result.push_back(entry);
	return result;
}

std::vector<Component_pool> Component::pools() const
{
	std::vector<Component_pool> result;
	for (auto const &[tree, objects] : _pools) {
		if (objects.empty()) continue;
		Component_pool pool { tree, objects };
		std::sort(pool.objects.begin(), pool.objects.end(), [&](auto const &a, auto const &b) {
			return _entries.at(a.index).badge < _entries.at(b.index).badge;
		});
		result.push_back(pool);
	}
	std::sort(result.begin(), result.end(),
			  [](auto const &a, auto const &b) { return a.tree < b.tree; });
	return result;
}

}
