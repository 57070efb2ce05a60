/*
 * Reading a capability map in captured memory
 */

#ifndef CAPIMG__CORE__CAP_READ_H
#define CAPIMG__CORE__CAP_READ_H

#include "cap_walk.h"

namespace Capimg
{

/* one slot in use */
struct Cap_entry
{
	uint64_t index = 0;
	uint64_t slot = 0;  /* address of the entry: what a 'Native_capability' holds */
	uint64_t kcap = 0;  /* kernel selector, if 'has_kcap' */
	uint64_t badge = 0; /* the id as it stands there, the invalid one included; linux: the key */
	uint64_t ref_count = 0;
	int32_t socket = 0; /* linux */
	bool foreign = false;
	bool has_kcap = false;
	bool has_socket = false;
	bool in_tree = false;

	/*
	 * Carries a badge that a look-up by badge does not lead to, although the component keeps
	 * all such entries in the tree: an invalidated twin that is still referenced
	 */
	bool stale = false;
};

enum class Lock_state : uint8_t {
	UNKNOWN, /* not captured, or a value that no lock has */
	FREE,
	HELD,
};

struct Cap_locks
{
	Lock_state allocator = Lock_state::UNKNOWN; /* foc; elsewhere the tree's lock covers both */
	Lock_state tree = Lock_state::UNKNOWN;
};

/*
 * Addresses of the locks of a map that has passed 'check_cap_map', 0 where there is none
 *
 * foc's allocator has its lock, an int, directly before the entries (cap_alloc.h); elsewhere
 * the tree's lock covers both. All kernels have the tree's directly behind the tree object or
 * list head.
 */
uint64_t cap_allocator_lock(Cap_map const &);
uint64_t cap_tree_lock(Cap_map const &);

/* Genode's 'Spin_lock' of base-foc's cap_map.h: one int */
Lock_state spin_lock_state(Memory_view &, uint64_t addr);

/* Genode's 'Mutex', until 20.02 'Lock': { spin lock: int; state: int; … } */
Lock_state mutex_state(Memory_view &, uint64_t addr);

/*
 * Reader of one map
 *
 * Every slot can be read whatever state the tree is in. Not to be shared between threads.
 */
class Cap_reader : Noncopyable
{
	Memory_view _view;
	Cap_map const _map;
	Bytes const _bits;

	bool _open = false;
	bool _intact = false;
	uint64_t _nodes = 0;

	Cap_entry _entry(uint64_t index, Const_bytes bytes);

  public:
	/* 'work' must live as long as the reader and hold 'work_size' bytes */
	Cap_reader(Memory const &memory, Cap_map const &map, Bytes work)
		: _view(memory), _map(map), _bits(work)
	{}

	/* one bit for each entry */
	static size_t work_size(Cap_map const &map) { return size_t((map.count + 7) / 8); }

	Cap_map const &map() const { return _map; }

	/*
	 * Check the numbers of the map and walk its tree
	 *
	 * An error of 'check_cap_map' or NO_SPACE leaves nothing to read. An error of 'Cap_walk'
	 * says what is wrong with the tree (or list); entries can be read nevertheless, and
	 * whether the tree holds one is then found by looking it up as Genode would.
	 */
	Status open();

	/* the tree was walked to its end without an error */
	bool intact() const { return _intact; }

	/* entries seen in the tree; all of them if it is intact */
	uint64_t nodes() const { return _nodes; }

	/*
	 * First used slot from index 'from' on
	 *
	 * NOT_FOUND after the last. ABSENT with the address of an entry that is not captured;
	 * its index is 'value', so that the caller may go on behind it.
	 */
	Result<Cap_entry> next_used(uint64_t from);

	/* BAD_ARGUMENT for an index outside, NOT_FOUND for a free slot, ABSENT */
	Result<Cap_entry> entry(uint64_t index);

	/*
	 * Index of the entry that Genode's look-up by badge leads to
	 *
	 * NOT_FOUND if it leads nowhere; ABSENT, DANGLING or CYCLE with the address where it
	 * goes astray.
	 */
	Result<uint64_t> find(uint64_t badge);

	Cap_locks locks();
};

}

#endif /* CAPIMG__CORE__CAP_READ_H */
