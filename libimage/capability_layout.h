/*
 * The layout descriptor of a capability map, between core and schema
 */

#ifndef CAPIMG__CAPABILITY_LAYOUT_H
#define CAPIMG__CAPABILITY_LAYOUT_H

#include "core/cap_layout.h"
#include "image.capnp.h"

namespace Capimg
{

Schema::Kernel schema_kernel(Cap_kernel);

/* NONE for a kernel whose components have no map in their memory */
Cap_kernel core_kernel(Schema::Kernel);

/* all but 'release'; the way back is 'cap_map_of' (core/cap_descriptor.h) */
void build_layout(Cap_map const &, Schema::CapabilityLayout::Builder);

}

#endif /* CAPIMG__CAPABILITY_LAYOUT_H */
