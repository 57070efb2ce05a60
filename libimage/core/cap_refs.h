/*
 * Pointers to capabilities: who in the component's memory holds which
 *
 * A 'Native_capability' in memory is a pointer to an entry of the capability map. Dead stack
 * frames and freed blocks keep such pointers too.
 */

#ifndef CAPIMG__CORE__CAP_REFS_H
#define CAPIMG__CORE__CAP_REFS_H

#include "cap_layout.h"
#include "memory_scan.h"
#include "memory_view.h"

namespace Capimg
{

struct Cap_ref
{
	uint64_t addr = 0;  /* of the word */
	uint64_t index = 0; /* of the entry it points to */

	/* the word belongs to the map itself: a link of its tree or list, the pointer to its array */
	bool internal = false;
};

/* every word-aligned word that points to a slot in use, in one pass, by ascending address */
class Cap_ref_scan : Noncopyable
{
	Memory_view _view;
	Memory_scan _scan;
	Cap_map const _map;
	Bytes const _used;
	bool _ready = false;

	uint64_t _pos = 0;
	bool _end = false;
	Cap_ref _hits[64] {};
	unsigned _count = 0, _next = 0;

	template <typename WORD>
	size_t _look(Const_bytes window, size_t positions);
	bool _internal(uint64_t addr) const;
	Status _mark_used();
	void _refill();

  public:
	/* bytes of working memory for a map, at least one of them for every 8 entries */
	static size_t work_size(Cap_map const &map)
	{
		return size_t((map.count + 7) / 8) + Limit::MIN_SCAN_BUFFER;
	}

	/* 'work' holds 'work_size' bytes, and lives as long as the scan */
	Cap_ref_scan(Memory const &memory, Cap_map const &map, Bytes work);

	/*
	 * NOT_FOUND after the last
	 *
	 * The first call fails with an error of 'check_cap_map' or NO_SPACE. Slots that are not
	 * captured count as free.
	 */
	Result<Cap_ref> next();
};

}

#endif /* CAPIMG__CORE__CAP_REFS_H */
