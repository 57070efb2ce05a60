/*
 * Single values of a JSON document: what they have to be, and how numbers are written
 *
 * Addresses, badges and sizes are strings in hexadecimal ("0x1000"), other numbers of 64 bit
 * strings in decimal, so that no reader rounds them; smaller ones are numbers. Bytes are
 * strings of two lower-case hexadecimal digits each, without "0x".
 *
 * All functions that take a path throw 'Image_error' with file and path if the value is of
 * another type, malformed, or out of range.
 */

#ifndef CAPIMG__JSON_VALUE_H
#define CAPIMG__JSON_VALUE_H

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "json_path.h"

namespace Capimg
{

using Json = nlohmann::ordered_json;

std::string hex_text(std::uint64_t);                /* "0x2a" */
std::string bytes_text(std::span<std::byte const>); /* "002aff" */

bool bool_value(Json const &, Json_path const &);
std::uint64_t number_value(Json const &, Json_path const &, std::uint64_t max);
std::int64_t integer_value(Json const &, Json_path const &, std::int64_t min, std::int64_t max);
std::uint64_t hex_value(Json const &, Json_path const &, std::uint64_t max = ~std::uint64_t(0));
std::uint64_t decimal_value(Json const &, Json_path const &);
std::int64_t signed_decimal_value(Json const &, Json_path const &);
std::string const &text_value(Json const &, Json_path const &); /* UTF-8 without NUL */
std::vector<std::byte> bytes_value(Json const &, Json_path const &);
Json::array_t const &array_value(Json const &, Json_path const &);
Json::object_t const &object_value(Json const &, Json_path const &);

/* the name out of 'names' that looks most like 'wrong', or none that does */
std::string nearest_name(std::string_view wrong, std::vector<std::string_view> const &names);

/* "no such key", with the nearest one of 'names' as hint */
[[noreturn]] void fail_unknown_key(Json_path const &object, std::string_view key,
								   std::vector<std::string_view> const &names);

/*
 * An object that has the keys 'names', each of them once or not at all, and no others
 *
 * Refers to the value and the path.
 */
class Json_object
{
	Json const &_value;
	Json_path const &_path;

  public:
	Json_object(Json const &, Json_path const &, std::initializer_list<std::string_view> names);

	Json const *find(std::string_view key) const; /* null: it is not there */
	Json const &at(std::string_view key) const;   /* throws if it is not there */

	bool has(std::string_view key) const { return find(key) != nullptr; }
	Json_path path(std::string_view key) const { return _path.child(key); }
};

}

#endif /* CAPIMG__JSON_VALUE_H */
