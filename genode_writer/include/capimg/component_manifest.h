/*
 * The manifest of a component that is captured
 *
 * In three steps, each to be called once, in this order: 'collect' and 'state' while the
 * component is paused, 'rest' also when it runs again. The same steps with a builder that only
 * counts tell how much memory the manifest takes.
 */

#ifndef CAPIMG__ENGINE__COMPONENT_MANIFEST_H
#define CAPIMG__ENGINE__COMPONENT_MANIFEST_H

#include "capimg/badge_table.h"
#include "capimg/known_pools.h"
#include "capimg/map_place.h"
#include "capimg/parent_blocks.h"

namespace Capimg::Engine
{

class Component_manifest : Noncopyable
{
	Origin &_origin;
	Memory const &_memory;
	Map_place const &_place;
	Known_pools &_known;
	Bytes const _work;

	Wire::Builder *_builder = nullptr;
	Bytes _message {};
	Metadata::Manifest::Writer _root {};
	Badge_table *_table = nullptr;
	uint32_t _unknown = 0, _rows = 0;
	bool _map_whole = true; /* memory of all its entries was captured */
	uint64_t _blocks = 0;
	uint32_t _dataspaces = 0;

	/* raw badges that name an object, kept in working memory behind the buffer of scans */
	static constexpr size_t SCAN_WORK = Limit::MIN_SCAN_BUFFER;
	Raw_badge_spot *_raw = nullptr;
	uint32_t _raw_count = 0;

	/* pools that were found: behind the raw badges, as many as there is room for */
	struct Pool
	{
		uint64_t tree;
		uint32_t nodes;
	};

	bool _counting() const { return !_message.size(); }
	void _description(Parents const &);
	Status _objects(uint32_t block_size);
	bool _badge(Raw_badge_spot const &) const;
	template <typename FN>
	Status _for_each_entry(FN const &);
	uint32_t _object_of(Pool_object const &, Memory_view &) const;
	Status _space();
	Status _entries(Metadata::Capability_space::Writer const &);
	uint32_t _pool_nodes(uint64_t tree) const;
	Status _nodes(uint64_t tree, Metadata::Badge_tree::Writer const &, uint32_t count);
	template <typename FN>
	Status _for_each_tree(FN const &) const;
	Status _find_pools(Pool *room, uint32_t size, uint32_t &count, uint64_t &held);
	Status _pools(uint64_t &held);
	void _sort_nodes(size_t at, uint32_t count) const;
	Status _keep_raw_badges();
	Status _raw_badges();
	void _safe_spots();

  public:
	/*
	 * memory  of the component, as it was captured
	 * known   takes pools that are found
	 * work    a bit for each entry of the map; Limit::MIN_SCAN_BUFFER and the raw badges, and
	 *         16 bytes for each pool, or memory is searched twice
	 */
	Component_manifest(Origin &origin, Memory const &memory, Map_place const &place,
					   Known_pools &known, Bytes work)
		: _origin(origin), _memory(memory), _place(place), _known(known), _work(work)
	{}

	/* objects of the origin, and badges that none of them has; NO_SPACE */
	Status collect(Badge_table &);

	/*
	 * Objects that are gone and that nothing names are none any more: behind 'collect', if memory
	 * is that of the component as it is paused
	 */
	void forget_unnamed();

	/* instead, for a builder that counts: no fewer objects than 'collect' would find */
	Status bound();

	/* bytes of the table; after 'collect' or 'bound' */
	size_t table_size() const { return size_t(_rows) * Badge_table::ROW_SIZE; }

	/*
	 * Everything up to the capability space
	 *
	 * builder  over 'message', or one that counts if that is empty
	 * parents  the image that a delta is made against, or none
	 *
	 * Errors of the origin, LIMIT, NO_SPACE; those of the builder stick to it.
	 */
	Status state(Wire::Builder &builder, Bytes message, uint32_t block_size,
				 Parents const &parents);

	/*
	 * Pools, raw badges, safe spots
	 *
	 * held  address of the lock of a pool that was held, else 0. The pool may be in any state
	 *       then: BUSY "pool lock", unless the builder counts
	 *
	 * INCONSISTENT if memory is not the one that 'collect' saw.
	 */
	Status rest(uint64_t &held);

	/* after 'state' */
	uint64_t blocks() const { return _blocks; }
	uint32_t dataspaces() const { return _dataspaces; }
};

}

#endif /* CAPIMG__ENGINE__COMPONENT_MANIFEST_H */
