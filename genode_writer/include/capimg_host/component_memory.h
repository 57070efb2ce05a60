/*
 * Memory of a hosted component by address, as it is now
 *
 * Follows the region maps to dataspaces, which are attached here on first use. What cannot be read
 * (managed dataspaces whose map is not known, I/O memory) is absent.
 */

#ifndef CAPIMG__HOST__COMPONENT_MEMORY_H
#define CAPIMG__HOST__COMPONENT_MEMORY_H

#include <capimg_host/region_map.h>

namespace Capimg::Host
{

/* a run of addresses that one dataspace is behind */
struct Memory_piece
{
	uint64_t addr = 0, size = 0;
	Hosted_dataspace *dataspace = nullptr;
	uint64_t offset = 0; /* in the dataspace */
};

/* bytes of a dataspace: as they are, or as they were captured */
struct Dataspace_bytes : Interface
{
	/* null if they are not known */
	virtual uint8_t const *bytes(Hosted_dataspace &) const = 0;
};

class Component_memory final : public Memory
{
	Hosted_region_map const &_map;
	Hosted_objects const &_objects;
	Dataspace_bytes const &_bytes;

	static constexpr unsigned MAX_DEPTH = 4; /* of nested region maps */

	bool _piece(Hosted_region_map const &, uint64_t base, uint64_t offset, uint64_t end,
				uint64_t addr, unsigned depth, Memory_piece &) const;

  public:
	Component_memory(Hosted_region_map const &map, Hosted_objects const &objects,
					 Dataspace_bytes const &bytes)
		: _map(map), _objects(objects), _bytes(bytes)
	{}

	/* first piece that reaches beyond 'addr'; the registry's lock is held */
	bool piece_from(uint64_t addr, Memory_piece &) const;

	/*
	 * Memory interface; takes the lock
	 */
	Status read(uint64_t addr, Bytes dst) const override;
	Result<Extent> extent_from(uint64_t addr) const override;
	Const_bytes peek(uint64_t addr, Capimg::size_t size) const override;
};

struct Live_bytes : Dataspace_bytes
{
	uint8_t const *bytes(Hosted_dataspace &ds) const override { return ds.local(); }
};

}

#endif /* CAPIMG__HOST__COMPONENT_MEMORY_H */
