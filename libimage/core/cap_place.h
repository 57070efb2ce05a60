/*
 * From a tree to the array it runs through, and from an array to its tree
 *
 * Part of the search (cap_find.h), not meant for others.
 */

#ifndef CAPIMG__CORE__CAP_PLACE_H
#define CAPIMG__CORE__CAP_PLACE_H

#include "cap_find.h"
#include "memory_view.h"

namespace Capimg
{

/* work that a search may do besides walking trees */
class Search_budget
{
	uint64_t _left;
	bool _exhausted = false;

  public:
	explicit Search_budget(uint64_t steps) : _left(steps) {}

	bool spend(uint64_t steps = 1)
	{
		if (steps > _left) {
			_exhausted = true;
			return false;
		}
		_left -= steps;
		return true;
	}

	bool exhausted() const { return _exhausted; }
};

/* how an entry of the array looks */
struct Entry_look
{
	enum Kind : uint8_t { MALFORMED, FREE, USED } kind = MALFORMED;

	/* values that this layout's code would not leave there */
	unsigned contradictions = 0;
};

/* 'entry' holds 'stride' bytes */
Entry_look look_at_entry(Cap_layout const &, Const_bytes entry);

/* where the nodes of a tree lie */
struct Tree_extent
{
	uint64_t root = 0;
	uint64_t nodes = 0;
	uint64_t lowest = 0, highest = 0; /* addresses of nodes */
	uint32_t divisor = 0;             /* of all distances between nodes */
};

/* walk a tree of any kind; an error of 'Avl_walk' if it is none */
Status tree_extent(Memory_view &, unsigned word_bytes, uint64_t root, Tree_extent &);

class Cap_placer : Noncopyable
{
	Memory_view &_view;
	Search_budget &_budget;

	uint64_t _lowest_entry(Cap_layout const &, uint64_t first, uint64_t bound);
	bool _allocator_ends(Cap_layout const &, uint64_t first, uint64_t end, Cap_map &);
	bool _bit_table_ends(Cap_layout const &, uint64_t first, uint64_t end, bool fixed, Cap_map &);
	bool _table_ends(Cap_layout const &, uint64_t first, uint64_t end, bool fixed, Cap_map &);
	bool _find_end(Cap_layout const &, uint64_t first, uint64_t end, bool fixed, Cap_map &);
	uint64_t _climb(Cap_map const &);
	bool _evaluate(Cap_layout const &, Cap_candidate &);

  public:
	Cap_placer(Memory_view &view, Search_budget &budget) : _view(view), _budget(budget) {}

	/* false if the tree is not one of this layout */
	bool from_tree(Cap_layout const &, Tree_extent const &, Cap_candidate &);

	/* 'array' is the address of entry 0; the tree may be empty or damaged */
	bool from_array(Cap_layout const &, uint64_t array, Cap_candidate &);
};

/* a spin lock's value and a vtable pointer stand before the array, as in foc's allocator */
bool allocator_before(Memory_view &, unsigned word_bytes, uint64_t array);

}

#endif /* CAPIMG__CORE__CAP_PLACE_H */
