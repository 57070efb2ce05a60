/*
 * JSON Schemas of the metadata's structs, from core's tables of fields
 *
 * What libimage/message_json.h writes, in the terms of JSON Schema 2020-12: definitions by the
 * names of the structs, to be put among the "$defs" of docs/schemas/dump.schema.json, which has
 * the others that they refer to.
 */

#ifndef CAPIMG__TESTS__SUPPORT__STRUCT_SCHEMAS_H
#define CAPIMG__TESTS__SUPPORT__STRUCT_SCHEMAS_H

#include "libimage/core/wire_shape.h"
#include "libimage/json_value.h"

namespace Capimg::Test
{

/* add definitions of the struct and of all that are below it, if they are not there yet */
void add_struct_schemas(Json &definitions, Wire::Struct_shape const &);

}

#endif /* CAPIMG__TESTS__SUPPORT__STRUCT_SCHEMAS_H */
