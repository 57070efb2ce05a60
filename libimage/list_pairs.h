/*
 * Which elements of two lists of structs belong together
 *
 * By what names an element of its kind: the address of a region, the index of an entry. So one
 * element that came does not make all others different. A list without such names goes by order.
 */

#ifndef CAPIMG__LIST_PAIRS_H
#define CAPIMG__LIST_PAIRS_H

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/wire_shape.h"

namespace Capimg
{

struct List_pair
{
	static constexpr std::uint32_t NONE = ~std::uint32_t(0);

	std::uint32_t a = NONE, b = NONE; /* numbers of the elements */
};

/* canonical number of what an element of the first (or second) list refers to */
using Canonical_ref = std::function<std::uint64_t(bool second, std::uint32_t id)>;

/*
 * All elements of both lists, in the order of their names; equal names go by order
 *
 * 'shape' is that of the elements.
 */
std::vector<List_pair> list_pairs(Wire::Struct_shape const &shape, Wire::Segment const &,
								  Wire::List_place const &a, Wire::Segment const &,
								  Wire::List_place const &b, Canonical_ref const &);

/* "[0x1000]": how an element is called in the path of a field */
std::string element_name(Wire::Struct_shape const &, Wire::Struct_reader const &,
						 std::uint32_t number);

}

#endif /* CAPIMG__LIST_PAIRS_H */
