/*
 * Finding the capability map of the checkpoint/restore project's 16.08, a list
 *
 * Part of the search (cap_find.h), not meant for others. A list has no parents and no order;
 * what gives it away is the allocator, whose pointer to the array stands right behind the array.
 */

#ifndef CAPIMG__CORE__CAP_LIST_H
#define CAPIMG__CORE__CAP_LIST_H

#include "cap_place.h"
#include "memory_scan.h"

namespace Capimg
{

class Cap_list_finder : Noncopyable
{
	Memory_view &_view;
	Search_budget &_budget;
	Memory_bounds const _bounds;
	Cap_layout const &_layout;
	Bytes const _bits;
	Bytes const _buffer;

	struct Pointers;

	uint64_t _next(Cap_map const &, uint64_t slot);
	bool _entries(Cap_candidate &);
	bool _longest_chain(Cap_candidate &, uint64_t &head);
	Status _root(Cap_candidate &, uint64_t head);
	Status _complete(Cap_candidate &, uint64_t min_nodes, bool &good);
	bool _array_before(uint64_t addr, uint64_t value, Cap_map &) const;

  public:
	/* 'bits' holds a bit for each entry of the longest list that is to be found */
	Cap_list_finder(Memory_view &view, Search_budget &budget, Memory_bounds const &bounds,
					Cap_layout const &layout, Bytes bits, Bytes buffer)
		: _view(view),
		  _budget(budget),
		  _bounds(bounds),
		  _layout(layout),
		  _bits(bits),
		  _buffer(buffer)
	{}

	/* takes candidates as they are found; not pure, which would link against the C++ runtime */
	struct Sink : Noncopyable
	{
		virtual void candidate(Cap_candidate const &) {}

	  protected:
		~Sink() = default;
	};

	/* one pass over memory, and another one for each candidate; a failure of the memory */
	Status scan(Sink &);

	/* 'array' is the address of entry 0 */
	Status from_array(uint64_t array, Sink &);
};

}

#endif /* CAPIMG__CORE__CAP_LIST_H */
