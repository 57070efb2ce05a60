/*
 * Names of enumerants, by the field that holds one
 *
 * Core's tables of fields (core/wire_shape.h) do without the names, which a target has no use
 * for. Here they come from the same schema through Cap'n Proto's reflection. Thread-safe.
 */

#ifndef CAPIMG__ENUM_NAMES_H
#define CAPIMG__ENUM_NAMES_H

#include <string_view>
#include <vector>

#include "core/wire_shape.h"

namespace Capimg
{

/*
 * Names of the enumerants of a field of type ENUM, or of a list of such, from 0 on
 *
 * The field is one of the shapes of Manifest and Provenance; of any other one it is empty.
 */
std::vector<std::string_view> const &enum_names(Wire::Field const &);

/* name of the enumerant, empty if this schema does not know it */
std::string_view enum_name(Wire::Field const &, std::uint16_t value);

}

#endif /* CAPIMG__ENUM_NAMES_H */
