/*
 * Walking the tree or list of a capability map
 */

#ifndef CAPIMG__CORE__CAP_WALK_H
#define CAPIMG__CORE__CAP_WALK_H

#include "avl_walk.h"
#include "cap_layout.h"

namespace Capimg
{

/* the fields of one entry as they stand in memory */
struct Cap_fields
{
	uint64_t id = 0;
	uint64_t ref_count = 0;
	int32_t socket = 0;   /* 0 where the layout has none */
	bool foreign = false; /* 'false' where the layout has none */
};

/* 'entry' holds 'form.stride' bytes */
Cap_fields cap_fields(Cap_form const &form, Const_bytes entry);

/*
 * All entries of the tree in ascending order of their badges, or of the list in its order
 *
 * The map must have passed 'check_cap_map'. Checked on the way: every link leads to an entry of
 * the array, every entry there is one that the component would look up, badges are not above
 * the layout's range and, in a tree, ascend strictly; and all that 'Avl_walk' checks.
 */
class Cap_walk : Noncopyable
{
	Memory_view &_view;
	Cap_map const _map;
	Avl_walk _avl;
	uint64_t _link = 0; /* list: the next entry */
	uint64_t _seen = 0;
	uint64_t _last_id = 0;
	bool _started = false;

	Result<uint64_t> _next_slot();

  public:
	Cap_walk(Memory_view &view, Cap_map const &map)
		: _view(view), _map(map), _avl(view, map.word_bytes, map.root, map.count)
	{}

	struct Step
	{
		uint64_t index = 0;
		uint64_t slot = 0;
		Cap_fields fields {};
	};

	/*
	 * NOT_FOUND after the last. Errors carry the address of the node or entry and the field:
	 * those of 'Avl_walk'; DANGLING "node" for a link outside the array or between entries;
	 * DANGLING "id" for an entry that is free; INVALID "id" for a badge out of range,
	 * INCONSISTENT "id" for wrong order, INCONSISTENT "foreign"; CYCLE "next" in a list.
	 */
	Result<Step> next();
};

}

#endif /* CAPIMG__CORE__CAP_WALK_H */
