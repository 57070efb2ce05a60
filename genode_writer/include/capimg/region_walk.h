/*
 * The address space of a PD, region by region, nested region maps resolved
 */

#ifndef CAPIMG__ENGINE__REGION_WALK_H
#define CAPIMG__ENGINE__REGION_WALK_H

#include "libimage/core/generated/image.h"
#include "libimage/core/limits.h"

namespace Capimg::Engine
{

/* a piece of an address space behind which one stored dataspace is; 'size' is never 0 */
struct Address_piece
{
	uint64_t address = 0, size = 0;
	uint32_t dataspace = 0;
	uint64_t offset = 0; /* in the dataspace, of the byte at 'address' */

	uint64_t last() const { return address + (size - 1); }
};

/* not to be shared between threads; 1 KiB */
class Region_walk : Noncopyable
{
	using Objects = Wire::Struct_list_reader<Metadata::Object::Reader>;
	using Regions = Wire::Struct_list_reader<Metadata::Region::Reader>;

	/* a map that is being walked, as far as it is seen through the regions above it */
	struct Frame
	{
		Regions regions {};
		uint32_t next = 0;            /* region */
		uint64_t base = 0;            /* address in the component of 'first' */
		uint64_t first = 0, last = 0; /* addresses within the map that are seen */
	};

	Objects const _objects;
	uint64_t const _from, _to;
	Frame _stack[Limit::MAX_REGION_MAP_DEPTH] {};
	unsigned _depth = 0;
	uint32_t _root;
	uint32_t _steps = 0;

	Status _enter(uint32_t map, uint64_t base, uint64_t first, uint64_t last);
	bool _visit(Frame const &, Metadata::Region::Reader const &, Address_piece &, uint32_t &map);

  public:
	/* overlapping windows of hostile images could multiply regions without end */
	static constexpr uint32_t MAX_STEPS = Limit::MAX_REGIONS;

	/*
	 * manifest  has passed 'check_manifest'
	 * map       id of the region map that is the address space, 0: there is none
	 * from, to  wanted are pieces that reach to 'from' or beyond, from there on, and that begin
	 *           at 'to' or before
	 */
	Region_walk(Metadata::Manifest::Reader const &manifest, uint32_t map, uint64_t from,
				uint64_t to)
		: _objects(manifest.objects()), _from(from), _to(to), _root(map)
	{}

	/*
	 * Next piece, in ascending order
	 *
	 * NOT_FOUND after the last. LIMIT for maps nested too deeply, with 'value' the map's id, and
	 * for too many regions on the way. O(log regions) a level to the first one.
	 */
	Result<Address_piece> next();
};

}

#endif /* CAPIMG__ENGINE__REGION_WALK_H */
