/*
 * What the base library does to a component's capability map and pools
 *
 * An operation is worked out on a log over memory, whose items a thread then executes one by one,
 * so that a checkpoint can fall between any two stores. The first item takes the lock, the last
 * one releases it.
 */

#ifndef CAPIMG__TESTS__SIM__CAP_OPS_H
#define CAPIMG__TESTS__SIM__CAP_OPS_H

#include <deque>
#include <unordered_map>

#include "address_space.h"
#include "binary.h"
#include "libimage/core/cap_read.h"
#include "tests/support/base_library.h"

namespace Capimg::Sim
{

/* memory that keeps stores to itself, in their order */
class Store_log
{
	/* eight bytes, and which of them were stored; others are 0 */
	struct Word
	{
		uint64_t value = 0, mask = 0;
	};

	Address_space &_memory;
	std::unordered_map<uint64_t, Word> _words {}; /* by address / 8 */

  public:
	std::deque<Log_item> items {};

	explicit Store_log(Address_space &memory) : _memory(memory) {}

	uint64_t load(uint64_t addr, unsigned width) const;
	void store(uint64_t addr, uint64_t value, unsigned width);
};

class Cap_ops
{
	Ecu &_ecu;
	Pd &_pd;
	Address_space &_memory;
	Binary const &_binary;
	Store_log _log;
	Test::Base_library<Store_log> _base;
	Test::Basic_avl_model<Store_log> _map_tree, _pool_tree;

	uint64_t _id(uint64_t slot) const;
	uint64_t _node(uint64_t slot) const { return slot + _binary.layout->node_offset; }
	uint64_t _find(uint64_t badge) const;
	void _lock(uint64_t addr, bool mutex, bool held);
	void _lock_map(bool held);
	void _link(uint64_t slot);
	void _unlink(uint64_t slot);
	uint64_t _allocate();
	void _set(uint64_t slot, uint64_t badge, uint64_t refs);

  public:
	Cap_ops(Ecu &, Pd &, Address_space &, Binary const &);

	/* nobody is in the map's, or a pool's, operations */
	bool map_free() const;
	bool pool_free(uint64_t pool) const;

	uint64_t kcap_of(uint64_t slot) const;
	uint64_t badge_of(uint64_t slot) const { return _id(slot); }

	/* a badge and the kernel capability at 'window'; address of the entry */
	uint64_t insert(uint64_t badge, uint64_t window);

	/* an entry without a badge: a window */
	uint64_t reserve();

	/* at a fixed index, not counted: what core puts there */
	void insert_at(uint64_t index, uint64_t badge);

	/* one reference less; the last one ends the entry */
	void release(uint64_t slot);
	void retain(uint64_t slot);

	void pool_insert(uint64_t pool, uint64_t object);
	void pool_remove(uint64_t pool, uint64_t object);

	/* as the entrypoint does it, in memory as it is; 0: none */
	uint64_t pool_find(uint64_t pool, uint64_t badge) const;

	std::deque<Log_item> const &log() const { return _log.items; }

	/* one item, for real */
	static void apply(Log_item const &, Pd &, Address_space &);

	/* all of them at once */
	void commit();
};

}

#endif /* CAPIMG__TESTS__SIM__CAP_OPS_H */
