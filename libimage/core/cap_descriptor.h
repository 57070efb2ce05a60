/*
 * The layout descriptor of a capability map, as a manifest has it
 */

#ifndef CAPIMG__CORE__CAP_DESCRIPTOR_H
#define CAPIMG__CORE__CAP_DESCRIPTOR_H

#include "cap_layout.h"
#include "generated/image.h"

namespace Capimg
{

/* NONE for a kernel whose components have no map in their memory */
Cap_kernel cap_kernel_of(Metadata::Kernel);
Metadata::Kernel schema_kernel_of(Cap_kernel);

/* the space says where the component's memory has its map */
inline bool has_cap_map(Metadata::Capability_space::Reader const &space)
{
	return space.has_layout() && space.layout().structure() != Metadata::Map_structure::NONE;
}

/* what is returned has not been checked: see 'check_cap_map' */
Cap_map cap_map_of(Metadata::Capability_layout::Reader const &, Metadata::Kernel);

}

#endif /* CAPIMG__CORE__CAP_DESCRIPTOR_H */
