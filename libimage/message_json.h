/*
 * Cap'n Proto messages as JSON, both ways, by the schema's tables
 *
 * Nothing here knows a single struct: a new field or struct of the schema is read and written
 * as soon as core's tables have it. Rules, for any struct:
 *
 * - Keys are the schema's names, in its order. Of a union, the member that is there is there as
 *   a key, with the value null if it has none; a named union is an object.
 * - Fields marked $hex are hexadecimal strings, other ones of 64 bit decimal strings, smaller
 *   ones numbers, enums names (a number where the schema knows no name), Data is a string of
 *   hexadecimal digits (json_value.h).
 * - A pointer that is null is left out, an empty text or list is not: both differ in bytes.
 *
 * What the schema does not know is carried as it is by a member "unknown" of its object:
 *
 *   dataWords, pointerCount   size of the struct, if it is not that of the schema; fields
 *                             beyond it are left out
 *   tag                       of the union, if no member has this number
 *   words                     {"3": "0xff00"}: bits of a word that belong to no field
 *   pointers                  {"5": …}: slots that belong to no field, see generic_json.h
 *   elements                  {"objects": {"dataWords": 4, "pointerCount": 2}}: size of the
 *                             elements of a list of structs, if it is not that of the schema
 *
 * So any message that core accepts becomes the same bytes again. Functions are thread-safe.
 */

#ifndef CAPIMG__MESSAGE_JSON_H
#define CAPIMG__MESSAGE_JSON_H

#include <vector>

#include "core/wire_check.h"
#include "json_value.h"
#include "json_writer.h"

namespace Capimg
{

/* 'root' is of 'shape', in a message that core's 'check' has accepted */
void write_message(Json_writer &, Wire::Struct_shape const &shape, Wire::Struct_reader const &root);

/* the same as a value, for what is small */
Json message_value(Wire::Struct_shape const &shape, Wire::Struct_reader const &root);

/*
 * A framed message with a root of 'shape', which core's 'check' accepts
 *
 * A field that is missing has the default, which is 0, false, or null. Throws 'Image_error'
 * with file and path: INVALID for an unknown key (the nearest known one is the hint), a value
 * of the wrong type or out of range, two members of one union, and anything in "unknown" that
 * the schema does know; LIMIT.
 */
std::vector<std::byte> message_from_json(Json const &, Json_path const &,
										 Wire::Struct_shape const &shape, Wire::Limits const &);

/*
 * Path in JSON of the struct or list that starts at byte 'offset' of the message, or of the
 * struct that holds it; empty for the root. For errors of those who check a message.
 */
std::string message_path(Wire::Struct_shape const &, Wire::Struct_reader const &root,
						 std::uint64_t offset);

/*
 * For both directions, for others who go through the tables, and for tests
 */

/* a field in the data section, as it stands there: not extended; 0 beyond the section's end */
std::uint64_t scalar_value(Wire::Field const &, Wire::Struct_reader const &);

/* such a value, or an element of a list of such, by the rules above */
Json scalar_json(Wire::Field const &, Wire::Type, std::uint64_t value);

/* bits of each word of the schema's data section that a field holds which is there */
std::vector<std::uint64_t> known_bits(Wire::Struct_shape const &, Wire::Struct_reader const &);

/* the schema says what is in this slot, given the tags of the unions */
bool known_slot(Wire::Struct_shape const &, Wire::Struct_reader const &, std::uint16_t slot);

/* the fields that 'shape' has room for are within a data section of 'words' */
bool field_within(Wire::Field const &, std::uint32_t words);
bool tag_within(Wire::Struct_shape const &, std::uint32_t words);

/* held by the pointer section */
bool is_pointer(Wire::Type);

}

#endif /* CAPIMG__MESSAGE_JSON_H */
