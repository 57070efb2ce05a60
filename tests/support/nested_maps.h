/*
 * Images whose address space is made of nested region maps, at random
 */

#ifndef CAPIMG__TESTS__SUPPORT__NESTED_MAPS_H
#define CAPIMG__TESTS__SUPPORT__NESTED_MAPS_H

#include <random>

#include "small_image.h"

namespace Capimg::Test
{

/* PD session 1 with region map 2 */
std::vector<std::byte> nested_maps(unsigned seed, Profile const & = {});

/*
 * 'levels' maps, each one showing the next one 'times' times
 *
 * The last one shows a dataspace, or nothing.
 */
std::vector<std::byte> stacked_maps(unsigned levels, unsigned times, bool content);

}

#endif /* CAPIMG__TESTS__SUPPORT__NESTED_MAPS_H */
