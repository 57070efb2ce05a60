/*
 * Objects of a message as JSON has them: which fields are there, and what is not known
 *
 * A step of 'message_from_json' (message_json.h): names, unions and "unknown" are checked here,
 * values are not. Everything refers to the document, and throws 'Image_error' with its path.
 */

#ifndef CAPIMG__MESSAGE_SCOPE_H
#define CAPIMG__MESSAGE_SCOPE_H

#include <utility>
#include <vector>

#include "core/wire_shape.h"
#include "json_value.h"

namespace Capimg
{

/* size of a struct, or of the elements of a list */
struct Struct_size
{
	std::uint16_t data_words;
	std::uint16_t pointers;
};

/* what an object in JSON says: of a struct, or of a group in it */
struct Scope
{
	Wire::Struct_shape const &shape;
	Json const &json;
	Json_path path;
	Wire::Field const *member = nullptr; /* of its union */
	std::uint16_t tag = 0;               /* of its union */
	Json const *unknown = nullptr;
	std::vector<std::pair<Wire::Field const *, Json const *>> fields {};
};

using Scopes = std::vector<Scope>;

/* the struct's own scope, which is the first, and those of its groups; groups do not nest */
Scopes read_scopes(Wire::Struct_shape const &, Json const &, Json_path const &);

/*
 * "dataWords" and "pointerCount" of an object, else those of the schema
 *
 * 'value' may be null, 'path' is its path.
 */
Struct_size read_struct_size(Json const *value, Json_path const &path, Wire::Struct_shape const &);

/* size of the elements of a list of structs, a field of the scope */
Struct_size element_size(Scope const &, Wire::Field const &);

}

#endif /* CAPIMG__MESSAGE_SCOPE_H */
