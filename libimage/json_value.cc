#include "json_value.h"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace Capimg
{

static constexpr char const *DIGITS = "0123456789abcdef";

std::string hex_text(std::uint64_t value)
{
	char text[18] { '0', 'x' };
	auto const result = std::to_chars(text + 2, text + sizeof(text), value, 16);
	return std::string(text, result.ptr);
}

std::string bytes_text(std::span<std::byte const> bytes)
{
	std::string text;
	text.reserve(bytes.size() * 2);
	for (std::byte const byte : bytes) {
		text += DIGITS[unsigned(byte) >> 4];
		text += DIGITS[unsigned(byte) & 15];
	}
	return text;
}

[[noreturn]] static void fail_type(Json const &value, Json_path const &path, char const *wanted)
{
	path.fail(std::string("must be ") + wanted + " and not " + value.type_name());
}

[[noreturn]] static void fail_range(Json_path const &path, std::string const &min,
									std::string const &max)
{
	path.fail("the number is out of range, which is " + min + " to " + max);
}

bool bool_value(Json const &value, Json_path const &path)
{
	if (!value.is_boolean()) fail_type(value, path, "true or false");
	return value.get<bool>();
}

std::uint64_t number_value(Json const &value, Json_path const &path, std::uint64_t max)
{
	if (!value.is_number_integer()) fail_type(value, path, "a number");
	if (!value.is_number_unsigned() || value.get<std::uint64_t>() > max)
		fail_range(path, "0", std::to_string(max));
	return value.get<std::uint64_t>();
}

std::int64_t integer_value(Json const &value, Json_path const &path, std::int64_t min,
						   std::int64_t max)
{
	if (!value.is_number_integer()) fail_type(value, path, "a number");

	bool const above =
		value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t(max);
	if (above || value.get<std::int64_t>() < min || value.get<std::int64_t>() > max)
		fail_range(path, std::to_string(min), std::to_string(max));
	return value.get<std::int64_t>();
}

/* the whole of 'text' as a number */
template <typename T>
static T parse_number(std::string_view text, int base, Json_path const &path, char const *wanted)
{
	T number = 0;
	auto const result = std::from_chars(text.data(), text.data() + text.size(), number, base);

	if (result.ec == std::errc::result_out_of_range)
		path.fail("the number does not fit into 64 bit");
	if (result.ec != std::errc() || result.ptr != text.data() + text.size())
		path.fail(std::string("must be ") + wanted);
	return number;
}

std::uint64_t hex_value(Json const &value, Json_path const &path, std::uint64_t max)
{
	static constexpr char const *WANTED = "a hexadecimal number in quotes, like \"0x1000\"";
	if (!value.is_string()) fail_type(value, path, WANTED);

	std::string_view const text = value.get_ref<std::string const &>();
	if (!text.starts_with("0x")) path.fail(std::string("must be ") + WANTED);

	std::uint64_t const number = parse_number<std::uint64_t>(text.substr(2), 16, path, WANTED);
	if (number > max) fail_range(path, "0x0", hex_text(max));
	return number;
}

template <typename T>
static T decimal(Json const &value, Json_path const &path)
{
	static constexpr char const *WANTED = "a decimal number in quotes, like \"1000\"";
	if (!value.is_string()) fail_type(value, path, WANTED);
	return parse_number<T>(value.get_ref<std::string const &>(), 10, path, WANTED);
}

std::uint64_t decimal_value(Json const &value, Json_path const &path)
{
	return decimal<std::uint64_t>(value, path);
}

std::int64_t signed_decimal_value(Json const &value, Json_path const &path)
{
	return decimal<std::int64_t>(value, path);
}

std::string const &text_value(Json const &value, Json_path const &path)
{
	if (!value.is_string()) fail_type(value, path, "a string");

	std::string const &text = value.get_ref<std::string const &>();
	if (text.find('\0') != std::string::npos) path.fail("a text must not contain \\u0000");
	return text;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9') return c - '0';
	if (c >= 'a' && c <= 'f') return c - 'a' + 10;
	return -1;
}

std::vector<std::byte> bytes_value(Json const &value, Json_path const &path)
{
	static constexpr char const *WANTED = "bytes as two lower-case hexadecimal digits each";
	if (!value.is_string()) fail_type(value, path, WANTED);

	std::string const &text = value.get_ref<std::string const &>();
	if (text.size() % 2) path.fail("the number of hexadecimal digits is odd");

	std::vector<std::byte> bytes(text.size() / 2);
	for (std::size_t i = 0; i < bytes.size(); i++) {
		int const high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
		if (high < 0 || low < 0) path.fail(std::string("must be ") + WANTED);
		bytes[i] = std::byte(high << 4 | low);
	}
	return bytes;
}

Json::array_t const &array_value(Json const &value, Json_path const &path)
{
	if (!value.is_array()) fail_type(value, path, "an array");
	return value.get_ref<Json::array_t const &>();
}

Json::object_t const &object_value(Json const &value, Json_path const &path)
{
	if (!value.is_object()) fail_type(value, path, "an object");
	return value.get_ref<Json::object_t const &>();
}

/* insertions, deletions and replacements that make 'b' of 'a' */
static std::size_t edit_distance(std::string_view a, std::string_view b)
{
	std::vector<std::size_t> row(b.size() + 1);
	std::iota(row.begin(), row.end(), std::size_t(0));

	for (std::size_t i = 0; i < a.size(); i++) {
		std::size_t diagonal = row[0];
		row[0] = i + 1;
		for (std::size_t k = 0; k < b.size(); k++) {
			std::size_t const replaced = diagonal + (a[i] != b[k]);
			diagonal = row[k + 1];
			row[k + 1] = std::min({ replaced, row[k] + 1, row[k + 1] + 1 });
		}
	}
	return row.back();
}

std::string nearest_name(std::string_view wrong, std::vector<std::string_view> const &names)
{
	/* beyond this length nobody has mistyped a name of ours */
	if (wrong.size() > 64) return {};

	std::string_view nearest;
	std::size_t least = std::min<std::size_t>(3, wrong.size() / 2) + 1;
	for (std::string_view const name : names) {
		std::size_t const distance = edit_distance(wrong, name);
		if (distance >= least) continue;
		least = distance;
		nearest = name;
	}
	return std::string(nearest);
}

void fail_unknown_key(Json_path const &object, std::string_view key,
					  std::vector<std::string_view> const &names)
{
	std::string const nearest = nearest_name(key, names);
	object.child(key).fail("there is no such key here",
						   nearest.empty() ? "" : "did you mean \"" + nearest + "\"?");
}

Json_object::Json_object(Json const &value, Json_path const &path,
						 std::initializer_list<std::string_view> names)
	: _value(value), _path(path)
{
	for (auto const &[key, member] : object_value(value, path))
		if (std::ranges::find(names, key) == names.end()) fail_unknown_key(path, key, names);
}

Json const *Json_object::find(std::string_view key) const
{
	auto const at = _value.find(key);
	return at == _value.end() ? nullptr : &*at;
}

Json const &Json_object::at(std::string_view key) const
{
	Json const *const value = find(key);
	if (!value) _path.fail("the key \"" + std::string(key) + "\" is missing");
	return *value;
}

}
