/*
 * Objects that the schema does not know, as JSON, both ways
 *
 * A pointer is null or an object with one member:
 *
 *   "struct":   {"data": "…", "pointers": […]}
 *   "list":     {"element": "byte", "count": 3, "data": "…"}
 *   "pointers": […]
 *   "structs":  {"dataWords": 1, "pointerCount": 0, "elements": [{"data": …}, …]}
 *
 * "data" are the bytes as they stand in the message. Element names are those of ELEMENT_NAMES.
 */

#ifndef CAPIMG__GENERIC_JSON_H
#define CAPIMG__GENERIC_JSON_H

#include "core/wire_read.h"
#include "core/wire_write.h"
#include "json_value.h"
#include "json_writer.h"

namespace Capimg
{

/* object that the pointer in 'slot' refers to, in a message that core has accepted */
void write_generic(Json_writer &, Wire::Struct_reader const &, std::uint16_t slot);

/*
 * Make the object, for the pointer at word 'slot' of the builder's message
 *
 * Throws 'Image_error' with file and path. The builder's own errors stick there.
 */
void build_generic(Wire::Builder &, std::uint32_t slot, Json const &, Json_path const &);

}

#endif /* CAPIMG__GENERIC_JSON_H */
