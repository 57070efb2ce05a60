/*
 * JSON text, read strictly
 *
 * RFC 8259 and nothing beyond it. Refused besides: a key that an object has twice (of which
 * most parsers keep the last), a number that is no integer of 64 bit ("1.0" and "1e3" too;
 * most parsers round 2^64), nesting and size above the limits below. A value that was accepted
 * holds therefore exactly what the text says.
 */

#ifndef CAPIMG__STRICT_JSON_H
#define CAPIMG__STRICT_JSON_H

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace Capimg
{

/*
 * As many bytes as a document of the largest manifest may take; the values of a document take
 * up to 16 times its size
 */
inline constexpr std::size_t MAX_JSON_SIZE = std::size_t(1) << 30;

/* one object of a manifest within another takes up to 6 levels, where it is not known */
inline constexpr unsigned MAX_JSON_DEPTH = 128;

/*
 * Throws 'Image_error' with 'file', the byte offset in 'text' and the path of the value
 *
 * INVALID: no JSON, or a number out of range; DUPLICATE: a key twice; LIMIT. Time and memory
 * are proportional to the size of the text.
 */
nlohmann::ordered_json parse_json(std::string_view text, std::string const &file);

}

#endif /* CAPIMG__STRICT_JSON_H */
