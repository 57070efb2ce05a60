/*
 * What Genode's base library keeps of capabilities in a component's memory
 *
 * Shapes of its static objects, for any layout of 'cap_layouts'. MEMORY has load(addr, width)
 * and store(addr, value, width).
 */

#ifndef CAPIMG__TESTS__SUPPORT__BASE_LIBRARY_H
#define CAPIMG__TESTS__SUPPORT__BASE_LIBRARY_H

#include <cstdint>

#include "avl_model.h"
#include "libimage/core/cap_layout.h"

namespace Capimg::Test
{

template <typename MEMORY>
struct Base_library
{
	MEMORY &memory;
	Cap_layout const &layout;

	unsigned word() const { return layout.word_bytes; }
	bool foc() const { return layout.kernel == Cap_kernel::FOC; }
	bool list() const { return layout.structure == Cap_structure::LIST; }

	/* a linked-nowhere AVL node, or tree object */
	void construct_node(uint64_t node) const
	{
		for (unsigned i = 0; i < 3; i++) memory.store(node + i * word(), 0, word());
		memory.store(node + 3 * word(), 1, 1);
	}

	void make_mutex(uint64_t addr) const
	{
		memory.store(addr, 1, 4);
		memory.store(addr + 4, 1, 4);
		memory.store(addr + 8 + word(), ~uint64_t(0), word());
	}

	/* a free entry as the constructors leave it; Fiasco.OC's allocator leaves zeros */
	void reset(uint64_t slot) const
	{
		if (foc()) {
			for (uint32_t i = 0; i < layout.stride; i++) memory.store(slot + i, 0, 1);
			return;
		}
		memory.store(slot + layout.ref_offset, 0, layout.ref_width);
		memory.store(slot + layout.id_offset, layout.invalid_id, layout.id_width);
		if (layout.dst_width) memory.store(slot + layout.dst_offset, layout.dst_free, 4);
		if (layout.foreign_offset != CAP_NO_OFFSET)
			memory.store(slot + layout.foreign_offset, 1, 1);
		construct_node(slot + layout.node_offset);
	}

	static uint64_t bits_size(Cap_layout const &layout, uint64_t count)
	{
		return align_up(count, 8u * layout.word_bytes) / 8;
	}

	struct Place
	{
		Cap_map map {};
		uint64_t tree_lock = 0;
		uint64_t bits = 0; /* of the bit allocator, 0: none */
	};

	/*
	 * The static objects from 'start' on, in memory of zeros
	 *
	 * gap     from the tree to the allocator, where these are two objects
	 * policy  where a vtable would be
	 */
	Place make(uint64_t start, uint64_t count, uint64_t gap, uint64_t policy) const
	{
		Place place {};
		Cap_map &map = place.map;
		static_cast<Cap_form &>(map) = layout;
		map.count = count;

		if (layout.placement == Cap_placement::ALLOCATOR) {
			uint64_t const allocator = start + gap;
			map.root = start;
			map.array = allocator + word() + 4;
			memory.store(allocator, policy + 0x800, word());
			memory.store(allocator + word(), 1, 4);
			memory.store(align_up(map.array + map.size(), word()), map.array, word());
			place.tree_lock = map.root + (list() ? word() : 5 * word());
			memory.store(place.tree_lock, 1, 4);
		} else {
			uint64_t const end = start + map.size();
			uint64_t const bits = bits_size(layout, count);
			map.array = start;
			map.root = end;
			if (layout.placement == Cap_placement::BIT_TABLE) {
				place.bits = end + 2 * word() + 8;
				map.root = place.bits + bits;
				memory.store(end + word(), bits * 8, 4);
				memory.store(end + word() + 4, bits / word(), 4);
				memory.store(end + word() + 8, place.bits, word());
			}
			for (uint64_t i = 0; i < count; i++) reset(map.slot(i));
			place.tree_lock = map.root + 5 * word();
			make_mutex(place.tree_lock);
		}

		if (!list()) {
			construct_node(map.root);
			memory.store(map.root + 4 * word(), policy, word());
		}
		return place;
	}
};

}

#endif /* CAPIMG__TESTS__SUPPORT__BASE_LIBRARY_H */
