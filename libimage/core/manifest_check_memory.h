/*
 * Manifest check: dataspaces and region maps
 */

#ifndef CAPIMG__CORE__MANIFEST_CHECK_MEMORY_H
#define CAPIMG__CORE__MANIFEST_CHECK_MEMORY_H

#include "manifest_check.h"

namespace Capimg
{

/* dataspaces, in the order of their ids, account for the blocks 0, 1, … of the index */
class Block_account
{
	Manifest_context const &_context;
	uint64_t _next = 0;

	static Status _check_absent(Metadata::Dataspace::Reader const &);

  public:
	explicit Block_account(Manifest_context const &context) : _context(context) {}

	Status check(Metadata::Dataspace::Reader const &);

	/* all blocks of the index belong to a dataspace */
	Status finish() const;
};

/*
 * Regions of one map: ascending, disjoint, within map and dataspaces
 *
 * A region whose dataspace is managed leads to another region map, which must have a higher
 * id: so no map contains itself, and depth is bounded by whoever walks them.
 */
Status check_region_map(Wire::Struct_list_reader<Metadata::Object::Reader> const &,
						Metadata::Object::Reader const &map, Manifest_context const &);

}

#endif /* CAPIMG__CORE__MANIFEST_CHECK_MEMORY_H */
