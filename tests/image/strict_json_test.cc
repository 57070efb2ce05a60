/*
 * JSON text read strictly, and written
 */

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "libimage/json_writer.h"
#include "libimage/strict_json.h"

namespace Capimg
{

namespace
{

std::string const NAME = "test.json";

struct Refused
{
	Code code = Code::OK;
	std::uint64_t offset = 0;
	std::string field {}, message {};
};

Refused refused(std::string const &text)
{
	try {
		parse_json(text, NAME);
	} catch (Image_error const &e) {
		EXPECT_EQ(e.info().file, NAME);
		return { e.info().code, e.info().offset.value_or(~0u), e.info().field, e.info().message };
	}
	return {};
}

/* any value that JSON's writer can be given */
Json random_value(std::uint64_t &state, unsigned depth)
{
	auto const next = [&] {
		return state = state * 6364136223846793005u + 1442695040888963407u, state >> 33;
	};
	switch (next() % (depth ? 7 : 5)) {
	case 0: return nullptr;
	case 1: return bool(next() & 1);
	case 2: return std::uint64_t(next() * next() * 4);
	case 3: return -std::int64_t(next());
	case 4: return std::string(next() % 40, char('a' + next() % 26)) + "\"\\\n\xc3\xa9";
	case 5: {
		Json array = Json::array();
		for (std::uint64_t n = next() % 6; n; n--) array.push_back(random_value(state, depth - 1));
		return array;
	}
	default: {
		Json object = Json::object();
		for (std::uint64_t n = next() % 6; n; n--)
			object["k" + std::to_string(next() % 100)] = random_value(state, depth - 1);
		return object;
	}
	}
}

}

TEST(Strict_json, accepts_what_is_exact)
{
	Json const json = parse_json(R"( {"b": [1, -1, 18446744073709551615, -9223372036854775808],
		"a": {"": null, "x": [true, false]}, "t": "\u00e9\ud83d\udc27"} )",
								 NAME);
	EXPECT_EQ(json["b"][2].get<std::uint64_t>(), ~std::uint64_t(0));
	EXPECT_EQ(json["b"][3].get<std::int64_t>(), INT64_MIN);
	EXPECT_EQ(json["t"], "\xc3\xa9\xf0\x9f\x90\xa7");
	EXPECT_EQ(json.begin().key(), "b"); /* order is kept */
	EXPECT_EQ(parse_json("7", NAME), 7);
}

TEST(Strict_json, refuses_duplicate_keys_where_they_are)
{
	Refused const plain = refused(R"({"a": 1, "b": {"k": 1, "x": 0, "k": 2}})");
	EXPECT_EQ(plain.code, Code::DUPLICATE);
	EXPECT_EQ(plain.field, "b");
	EXPECT_EQ(plain.offset, 31u);
	EXPECT_EQ(plain.message, "the key \"k\" is there twice");

	/* the same key, spelled in another way */
	Refused const escaped = refused(R"({"a\"": [{"k": 1, "\u006b": 2}]})");
	EXPECT_EQ(escaped.code, Code::DUPLICATE);
	EXPECT_EQ(escaped.field, "[\"a\\\"\"][0]");
	EXPECT_EQ(escaped.offset, 18u);

	/* keys of different objects do not count */
	EXPECT_EQ(refused(R"([{"k": 1}, {"k": {"k": 2}}])").code, Code::OK);
}

TEST(Strict_json, refuses_duplicates_among_many_keys)
{
	std::string text = "{";
	for (unsigned i = 0; i < 100000; i++) text += "\"k" + std::to_string(i) + "\":0,";
	EXPECT_EQ(refused(text + "\"l\":0}").code, Code::OK);

	Refused const twice = refused(text + "\"k77777\":0}");
	EXPECT_EQ(twice.code, Code::DUPLICATE);
	EXPECT_EQ(twice.offset, text.size());
}

TEST(Strict_json, refuses_numbers_that_are_no_integers_of_64_bit)
{
	for (char const *number :
		 { "18446744073709551616", "-9223372036854775809", "1e3", "1.0", "0.1", "-0.0", "1E-1",
		   "9007199254740993.0", "123456789012345678901234567890", "1e999" })
	{
		SCOPED_TRACE(number);
		Refused const inside = refused(std::string("{\"a\": [0, ") + number + "]}");
		EXPECT_EQ(inside.code, Code::INVALID);
		EXPECT_EQ(inside.field, "a[1]");
		EXPECT_NE(inside.message.find("integer of 64 bit"), std::string::npos) << inside.message;

		EXPECT_EQ(refused(number).code, Code::INVALID);
	}
	EXPECT_EQ(refused(R"({"a": [0, 1e3]})").offset, 10u);
	EXPECT_EQ(refused("1e3").offset, 0u);
}

TEST(Strict_json, refuses_what_is_no_json)
{
	for (std::string const text : { "",
									" ",
									"{",
									"[1,]",
									"{\"a\":1,}",
									"{a:1}",
									"'a'",
									"nul",
									"01",
									"+1",
									"0x1",
									"NaN",
									"[1] x",
									"1 2",
									"// c\n1",
									"/* c */ 1",
									"\"\n\"",
									"\"\\x\"",
									"\"\\ud800\"",
									"\"\xc0\x80\"",
									"\"\xed\xa0\x80\"",
									"\"\xff\"",
									"\"\xf4\x90\x80\x80\"",
									"[1}",
									"\xef\xbb\xbf{}",
									"{\"a\"}",
									"{\"a\":}",
									"]" })
	{
		SCOPED_TRACE(text);
		EXPECT_EQ(refused(text).code, Code::INVALID);
		EXPECT_LE(refused(text).offset, text.size());
	}
	EXPECT_EQ(refused(std::string("1\0", 2)).code, Code::INVALID);
	EXPECT_EQ(refused(std::string("{}\0 x", 5)).offset, 2u);
	EXPECT_EQ(refused("{\"a\": [1, x]}").field, "a[1]");
	EXPECT_EQ(refused("{\"a\": [1, x]}").offset, 10u);
	EXPECT_EQ(refused("[tru]").message.substr(0, 18), "line 1, column 5: ");
}

TEST(Strict_json, message_does_not_repeat_what_is_wrong)
{
	Refused const long_token = refused("[\"" + std::string(100000, 'x'));
	EXPECT_LT(long_token.message.size(), 200u) << long_token.message;
	Refused const long_key = refused("{\"" + std::string(100000, 'x') + "\": [1.5]}");
	EXPECT_LT(long_key.field.size(), 100u);
	EXPECT_LT(long_key.message.size(), 200u);
}

TEST(Strict_json, refuses_every_prefix)
{
	std::string const text = R"({"a": [1, {"b": "x\u0041"}], "c": true, "d": null})";
	for (std::size_t n = 0; n < text.size(); n++)
		EXPECT_EQ(refused(text.substr(0, n)).code, Code::INVALID) << n;
	EXPECT_EQ(refused(text).code, Code::OK);
}

TEST(Strict_json, refuses_deep_nesting)
{
	auto const nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
	EXPECT_EQ(refused(nested(MAX_JSON_DEPTH)).code, Code::OK);

	Refused const deep = refused(nested(MAX_JSON_DEPTH + 1));
	EXPECT_EQ(deep.code, Code::LIMIT);
	EXPECT_EQ(deep.offset, MAX_JSON_DEPTH);
	EXPECT_EQ(refused(std::string(10000000, '[')).code, Code::LIMIT);
}

RC_GTEST_PROP(Strict_json, what_the_writer_writes_is_read_alike, (std::uint64_t seed))
{
	Json const value = random_value(seed, 5);
	std::string const text = json_text(value);
	RC_ASSERT(parse_json(text, NAME) == value);
	RC_ASSERT(json_text(parse_json(text, NAME)) == text);
}

TEST(Json_writer, small_objects_stand_on_one_line)
{
	EXPECT_EQ(json_text({ { "a", 1 }, { "b", Json::array({ 1, "x" }) }, { "c", Json::object() } }),
			  "{\n  \"a\": 1,\n  \"b\": [ 1, \"x\" ],\n  \"c\": {}\n}\n");
	EXPECT_EQ(json_text(Json::array()), "[]\n");
	EXPECT_EQ(json_text(7), "7\n");
}

TEST(Json_writer, lines_are_at_most_100_columns_if_they_can_be)
{
	Json value = Json::array();
	for (unsigned n = 1; n < 60; n++) {
		Json row = Json::array();
		for (unsigned i = 0; i < n; i++) row.push_back(i * 1000);
		value.push_back({ { "row", row } });
	}
	std::string const text = json_text(value);
	for (std::size_t at = 0; at < text.size();) {
		std::size_t const end = text.find('\n', at);
		EXPECT_LE(end - at, 101u) << text.substr(at, end - at); /* with the comma behind it */
		at = end + 1;
	}
	EXPECT_NE(text.find("{\n    \"row\": [ 0, 1000, 2000, 3000 ]\n  }"), std::string::npos) << text;
}

TEST(Json_value, hexadecimal_numbers)
{
	std::string const file = "f";
	Json_path const path(file);
	EXPECT_EQ(hex_value("0x0", path), 0u);
	EXPECT_EQ(hex_value("0xFFffFFffFFffFFff", path), ~std::uint64_t(0));
	EXPECT_EQ(hex_value("0xff", path, 0xff), 0xffu);
	EXPECT_EQ(hex_text(~std::uint64_t(0)), "0xffffffffffffffff");
	EXPECT_EQ(hex_text(0), "0x0");
	EXPECT_THROW(hex_value("0x100", path, 0xff), Image_error);
	for (char const *bad : { "", "0", "0x", "x1", "0X1", "0x 1", "0x1 ", "-0x1", "0x-1", "0x+1",
							 "0xg", "0x10000000000000000", " 0x1" })
		EXPECT_THROW(hex_value(bad, path), Image_error) << bad;
}

TEST(Json_value, nearest_name)
{
	std::vector<std::string_view> const names { "label", "kernel", "sequence" };
	EXPECT_EQ(nearest_name("lable", names), "label");
	EXPECT_EQ(nearest_name("Kernel", names), "kernel");
	EXPECT_EQ(nearest_name("zzz", names), "");
	EXPECT_EQ(nearest_name("", names), "");
	EXPECT_EQ(nearest_name(std::string(1000000, 'k'), names), "");
}

}
