/*
 * The layout descriptor of a capability map, between core and schema
 */

#ifndef CAPIMG__CAPABILITY_LAYOUT_H
#define CAPIMG__CAPABILITY_LAYOUT_H

#include <string>

#include "core/cap_find.h"
#include "image.capnp.h"

namespace Capimg
{

Schema::Kernel schema_kernel(Cap_kernel);

/* NONE for a kernel whose components have no map in their memory */
Cap_kernel core_kernel(Schema::Kernel);

/* all but 'release'; the way back is 'cap_map_of' (core/cap_descriptor.h) */
void build_layout(Cap_map const &, Schema::CapabilityLayout::Builder);

/* "foc 25.02-26.02"; several where kernels share all numbers, as okl4 and pistachio do */
std::string layouts_text(Cap_candidate const &);

/* "0x12e22c, 0x40000", best first */
std::string candidate_addresses(Cap_find_result const &);

}

#endif /* CAPIMG__CAPABILITY_LAYOUT_H */
