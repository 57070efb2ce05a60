/*
 * Generated memory of a component, with everything that is known about it
 *
 * Any layout of 'cap_layouts', with a history: capabilities are made and dissolved as Genode does
 * it, so that there are holes, invalidated twins, selectors without a capability and trees out
 * of balance. Objects of Object_pools lie in a heap, among other trees and pointers that are
 * none of ours. The same options give the same bytes.
 */

#ifndef CAPIMG__TESTS__SUPPORT__COMPONENT_H
#define CAPIMG__TESTS__SUPPORT__COMPONENT_H

#include <random>
#include <set>

#include "base_library.h"
#include "libimage/core/cap_layout.h"

namespace Capimg::Test
{

struct Component_options
{
	unsigned layout = 0; /* row of 'cap_layouts' */
	uint64_t seed = 1;

	/* entries of the array; BIT_TABLE and TABLE layouts exist with multiples of 64 only */
	uint32_t count = 4096;

	/* used slots to reach before capabilities come and go; less if there is no room */
	uint32_t capabilities = 200;
	uint32_t churn = 300;

	unsigned pools = 2;
	unsigned objects = 20; /* in each pool, as far as there are capabilities */
	unsigned variables = 100;

	bool split = false; /* the array lies in two segments that touch */
};

struct Component_entry
{
	uint64_t index = 0;
	uint64_t badge = 0;
	uint64_t ref_count = 0;
	int32_t socket = 0;
	bool foreign = false;
	bool in_tree = false;
	bool stale = false;
};

struct Component_object
{
	uint64_t node = 0;
	uint64_t index = 0;
};

struct Component_pool
{
	uint64_t tree = 0;
	std::vector<Component_object> objects {}; /* in the order of their badges */
};

class Component
{
  public:
	explicit Component(Component_options const &);

	Segment_memory &memory() { return _memory; }
	Segment_memory const &memory() const { return _memory; }

	Cap_layout const &layout() const { return _layout; }
	Cap_map const &map() const { return _map; }

	/* used slots, by index */
	std::vector<Component_entry> entries() const;

	std::vector<Component_pool> pools() const;

	/* words in the heap that hold capabilities */
	std::set<uint64_t> const &variables() const { return _variables; }

	/* address of the word that holds the badge of the parent capability */
	uint64_t raw_parent() const { return _raw_parent; }

	/* address of the lock of the tree (a spin lock or the first word of a mutex) */
	uint64_t tree_lock() const { return _tree_lock; }

	/* of a pool's tree object, the same */
	uint64_t pool_lock(uint64_t tree) const { return tree + 5 * _word; }

	/* operations of 'map' and heap, for histories of a test's own */
	uint64_t key(uint64_t node) const;
	Avl_model avl() { return _avl; }

  private:
	Component_options const _options;
	Cap_layout const &_layout;
	unsigned const _word;
	std::mt19937_64 _random;

	Segment_memory _memory {};
	Base_library<Segment_memory> const _base;
	Avl_model _avl;      /* of the map */
	Avl_model _pool_avl; /* of pools */
	Cap_map _map {};
	uint64_t _tree_lock = 0;
	uint64_t _raw_parent = 0;
	uint64_t _bits = 0; /* of the bit allocator */

	std::map<uint64_t, Component_entry> _entries {}; /* by index */
	std::set<uint32_t> _free {};
	std::vector<uint64_t> _live {}; /* indices of entries in tree or list */
	std::set<uint64_t> _badges {};
	std::vector<std::pair<uint64_t, std::vector<Component_object>>> _pools {};
	std::set<uint64_t> _variables {};

	uint64_t _heap = 0, _heap_end = 0;
	uint32_t _next_socket = 0;

	uint64_t _below(uint64_t bound) { return bound ? _random() % bound : 0; }

	uint64_t _node(uint64_t index) const { return _map.slot(index) + _layout.node_offset; }
	bool _foc() const { return _layout.kernel == Cap_kernel::FOC; }
	bool _list() const { return _layout.structure == Cap_structure::LIST; }

	void _make_bss();
	void _reset(uint64_t index);
	uint64_t _fresh_badge();
	bool _take(uint32_t first, uint32_t &index);
	void _write(Component_entry const &);
	void _link(uint64_t index);
	void _unlink(uint64_t index);
	void _make_core_managed();
	void _create();
	void _create_at(uint32_t index, uint64_t badge, uint64_t ref_count);
	void _dissolve();
	void _invalidate();
	uint64_t _block(uint64_t words);
	void _make_pools();
	void _make_other_trees();
	void _make_variables();
};

}

#endif /* CAPIMG__TESTS__SUPPORT__COMPONENT_H */
