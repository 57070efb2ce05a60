/*
 * Messages as JSON, both ways
 */

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "libimage/core/generated/image.h"
#include "libimage/core/limits.h"
#include "libimage/enum_names.h"
#include "libimage/message_json.h"
#include "libimage/strict_json.h"
#include "tests/support/random_wire.h"

namespace Capimg
{

using Test::Random_wire;

namespace
{

constexpr Wire::Limits LIMITS { Limit::MAX_MANIFEST_SIZE / Wire::WORD, Wire::MAX_ELEMENTS };

std::string const NAME = "test.json";

Wire::Struct_reader root_of(std::vector<std::byte> const &message, Wire::Struct_shape const &shape)
{
	return value_or_throw(Wire::check({ message.data(), message.size() }, shape, LIMITS));
}

std::string text_of(std::vector<std::byte> const &message, Wire::Struct_shape const &shape)
{
	Memory_sink sink;
	Json_writer json(sink);
	write_message(json, shape, root_of(message, shape));
	json.finish();
	return std::string(reinterpret_cast<char const *>(sink.bytes().data()), sink.bytes().size());
}

std::vector<std::byte> message_of(std::string const &text,
								  Wire::Struct_shape const &shape = Metadata::Manifest::shape)
{
	return message_from_json(parse_json(text, NAME), Json_path(NAME), shape, LIMITS);
}

/* what is wrong with a document: "path: message; hint" */
std::string refusal(std::string const &text)
{
	try {
		message_of(text);
	} catch (Image_error const &e) {
		EXPECT_EQ(e.info().file, NAME);
		return e.info().field + ": " + e.info().message +
			   (e.info().hint.empty() ? "" : "; " + e.info().hint);
	}
	return "accepted";
}

void expect_round_trip(std::vector<std::byte> const &message, Wire::Struct_shape const &shape)
{
	std::string const text = text_of(message, shape);
	EXPECT_EQ(message_of(text, shape), message) << text;
	EXPECT_EQ(text_of(message_of(text, shape), shape), text);
}

/* message of 'shape' made by the core's generated writers */
template <typename STRUCT, typename FN>
std::vector<std::byte> built(FN const &fn)
{
	std::vector<std::byte> buffer(64 * 1024);
	Wire::Builder builder(Bytes(buffer.data(), buffer.size()));
	fn(builder.init_root<STRUCT>());
	buffer.resize(value_or_throw(builder.finish()).size());
	return buffer;
}

}

RC_GTEST_PROP(Message_json, any_manifest_that_core_accepts_comes_back, (std::uint64_t seed))
{
	auto const message = Random_wire(seed).message(Metadata::Manifest::shape);
	std::string const text = text_of(message, Metadata::Manifest::shape);
	RC_ASSERT(message_of(text) == message);
}

RC_GTEST_PROP(Message_json, any_object_that_core_accepts_comes_back, (std::uint64_t seed))
{
	/* the struct with the largest union, so that each member is met often */
	auto const message = Random_wire(seed).message(Metadata::Object::shape);
	std::string const text = text_of(message, Metadata::Object::shape);
	RC_ASSERT(message_of(text, Metadata::Object::shape) == message);
}

RC_GTEST_PROP(Message_json, any_thread_that_core_accepts_comes_back, (std::uint64_t seed))
{
	/* the struct with a named union */
	auto const message = Random_wire(seed).message(Metadata::Thread::shape);
	std::string const text = text_of(message, Metadata::Thread::shape);
	RC_ASSERT(message_of(text, Metadata::Thread::shape) == message);
}

TEST(Message_json, values_are_written_by_their_kind)
{
	auto const message = built<Metadata::Object>([](Metadata::Object::Writer object) {
		object.id(7);
		object.badge(0x104);
		object.bootstrapped(true);
		object.label("init -> \"a\"");
		auto const thread = object.init_thread();
		thread.name("ep");
		thread.native_id(~std::uint64_t(0));
		thread.weight(~std::uint32_t(0));
		thread.utcb_address(0xb3000000);
		thread.phase(Metadata::Ipc_phase::RECEIVING);
		auto const affinity = thread.init_affinity();
		affinity.x(-3);
		thread.registers().init_arm_v8().init_x(2).set(1, 0xffff0000ffff0000);
		std::uint8_t const state[] { 0x00, 0x7f, 0xff };
		thread.init_fpu().state(Const_bytes(state, sizeof(state)));
	});
	Json const json =
		message_value(Metadata::Object::shape, root_of(message, Metadata::Object::shape));

	EXPECT_EQ(json["id"], 7);
	EXPECT_EQ(json["badge"], "0x104");
	EXPECT_EQ(json["bootstrapped"], true);
	EXPECT_EQ(json["label"], "init -> \"a\"");
	Json const &thread = json["thread"];
	EXPECT_EQ(thread["name"], "ep");
	EXPECT_EQ(thread["nativeId"], "18446744073709551615");
	EXPECT_EQ(thread["weight"], 4294967295);
	EXPECT_EQ(thread["utcbAddress"], "0xb3000000");
	EXPECT_EQ(thread["phase"], "receiving");
	EXPECT_EQ(thread["affinity"]["x"], -3);
	EXPECT_EQ(thread["registers"]["armV8"]["x"], Json({ "0x0", "0xffff0000ffff0000" }));
	EXPECT_EQ(thread["fpu"]["state"], "007fff");
	EXPECT_FALSE(thread.contains("utcb"));
	EXPECT_FALSE(json.contains("unknown"));
	EXPECT_FALSE(json.contains("capability"));

	std::vector<std::string> keys;
	for (auto const &[key, value] : json.items()) keys.push_back(key);
	EXPECT_EQ(keys,
			  (std::vector<std::string> { "id", "badge", "bootstrapped", "label", "thread" }));
	expect_round_trip(message, Metadata::Object::shape);
}

TEST(Message_json, null_and_empty_differ)
{
	auto const nothing = built<Metadata::Manifest>([](auto const &) {});
	auto const empty = built<Metadata::Manifest>([](Metadata::Manifest::Writer manifest) {
		manifest.label("");
		manifest.epoch({});
		manifest.init_objects(0);
	});
	EXPECT_NE(nothing, empty);
	EXPECT_EQ(message_of("{}"), nothing);
	EXPECT_EQ(message_of(R"({"label": null, "epoch": null, "objects": null})"), nothing);
	EXPECT_EQ(message_of(R"({"objects": [], "label": "", "epoch": ""})"), empty);
	expect_round_trip(nothing, Metadata::Manifest::shape);
	expect_round_trip(empty, Metadata::Manifest::shape);
}

TEST(Message_json, each_member_of_a_union_is_a_key)
{
	Wire::Struct_shape const &shape = Metadata::Object::shape;
	unsigned members = 0;
	for (unsigned i = 0; i < shape.field_count; i++) {
		Wire::Field const &field = shape.fields[i];
		if (field.discriminant == Wire::NO_UNION) continue;
		members++;

		/* the tag alone, and with an object */
		std::string const null = std::string("{\"") + field.name() + "\": null}";
		auto const message = message_of(null, shape);
		EXPECT_EQ(root_of(message, shape).load<Capimg::uint16_t>(shape.tag_offset),
				  field.discriminant);
		EXPECT_TRUE(message_value(shape, root_of(message, shape)).contains(field.name()));
		expect_round_trip(message, shape);
		if (field.type == Wire::Type::STRUCT)
			expect_round_trip(message_of(std::string("{\"") + field.name() + "\": {}}", shape),
							  shape);
	}
	EXPECT_EQ(members, shape.members);
}

TEST(Message_json, unknown_parts_are_carried)
{
	std::string const text = R"({"label": "a", "unknown": {
		"dataWords": 9, "pointerCount": 20,
		"words": {"8": "0x123456789abcdef0"},
		"pointers": {
			"18": {"structs": {"dataWords": 1, "pointerCount": 1, "elements": [
				{"data": "0102030405060708", "pointers": [{"list":
					{"element": "bit", "count": 11, "data": "ff07"}}]},
				{"data": "1112131415161718", "pointers": [null]}]}},
			"19": {"struct": {"data": "", "pointers": [{"pointers":
				[null, {"list": {"element": "void", "count": 0, "data": ""}}]}]}}}}})";
	auto const message = message_of(text);
	Json const expected = parse_json(text, NAME);
	Json const json =
		message_value(Metadata::Manifest::shape, root_of(message, Metadata::Manifest::shape));
	EXPECT_EQ(json["unknown"], expected["unknown"]);
	expect_round_trip(message, Metadata::Manifest::shape);
}

TEST(Message_json, unknown_members_and_enumerants_are_carried)
{
	auto const message = message_of(R"({"kernel": 4711, "objects": [
		{"id": 1, "unknown": {"tag": 99, "words": {"2": "0xabc0000"}}},
		{"id": 2, "thread": {"registers": {"unknown": {"tag": 7}}}}],
		"unknown": {"elements": {"objects": {"dataWords": 3, "pointerCount": 2}}}})");
	Json const json =
		message_value(Metadata::Manifest::shape, root_of(message, Metadata::Manifest::shape));
	EXPECT_EQ(json["kernel"], 4711);
	EXPECT_EQ(json["objects"][0]["unknown"]["tag"], 99);
	EXPECT_EQ(json["objects"][1]["thread"]["registers"], Json::parse(R"({"unknown": {"tag": 7}})"));
	expect_round_trip(message, Metadata::Manifest::shape);
}

TEST(Message_json, fields_beyond_a_short_struct_are_left_out)
{
	auto const message = message_of(R"({"kernel": "foc", "unknown": {"dataWords": 1}})");
	Json const json =
		message_value(Metadata::Manifest::shape, root_of(message, Metadata::Manifest::shape));
	EXPECT_TRUE(json.contains("kernel"));
	EXPECT_FALSE(json.contains("sequence"));
	EXPECT_EQ(root_of(message, Metadata::Manifest::shape).data_words(), 1);
	expect_round_trip(message, Metadata::Manifest::shape);

	EXPECT_EQ(refusal(R"({"sequence": "1", "unknown": {"dataWords": 1}})"),
			  "sequence: this field is beyond the size that \"unknown\" gives the struct; remove "
			  "the field, or \"dataWords\" and \"pointerCount\" in \"unknown\"");
}

TEST(Message_json, size_of_elements_is_carried_for_empty_lists_too)
{
	std::string const text = R"({"objects": [], "unknown": {"elements": {"objects":
		{"dataWords": 12, "pointerCount": 1}}}})";
	auto const message = message_of(text);
	EXPECT_NE(message, message_of(R"({"objects": []})"));
	expect_round_trip(message, Metadata::Manifest::shape);
}

TEST(Message_json, lists_longer_than_the_first_buffer)
{
	Json json = Json::object();
	for (unsigned i = 0; i < 20000; i++) json["objects"].push_back({ { "id", i + 1 } });
	auto const message =
		message_from_json(json, Json_path(NAME), Metadata::Manifest::shape, LIMITS);
	EXPECT_GT(message.size(), 512u * 1024);
	Json const back =
		message_value(Metadata::Manifest::shape, root_of(message, Metadata::Manifest::shape));
	EXPECT_EQ(back["objects"][19999]["id"], 20000);
}

TEST(Message_json, a_message_above_the_limit_is_refused)
{
	Json const json = parse_json(R"({"label": "0123456789abcdef"})", NAME);
	std::size_t const words = message_of(json.dump()).size() / Wire::WORD - 1;
	Json_path const path(NAME);

	EXPECT_NO_THROW(
		message_from_json(json, path, Metadata::Manifest::shape, { std::uint32_t(words), 100 }));
	EXPECT_THROW(
		message_from_json(json, path, Metadata::Manifest::shape, { std::uint32_t(words - 1), 100 }),
		Image_error);
}

struct Refusal
{
	char const *document;
	char const *expected;
};

void PrintTo(Refusal const &refusal, std::ostream *out) { *out << refusal.document; }

class Message_json_refusal : public testing::TestWithParam<Refusal>
{};

TEST_P(Message_json_refusal, says_where_and_why)
{
	EXPECT_EQ(refusal(GetParam().document), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
	All, Message_json_refusal,
	testing::Values(
		Refusal { R"([])", "document: must be an object and not array" },
		Refusal { R"({"lable": ""})", "lable: there is no such key here; did you mean \"label\"?" },
		Refusal { R"({"quite something else": 1})",
				  "[\"quite something else\"]: there is no such key here" },
		Refusal { R"({"label": 1})", "label: must be a string and not number" },
		Refusal { "{\"label\": \"a\\u0000b\"}", "label: a text must not contain \\u0000" },
		Refusal { R"({"kernel": "foo"})",
				  "kernel: there is no value of this name; did you mean \"foc\"?" },
		Refusal { R"({"kernel": 65536})",
				  "kernel: the number is out of range, which is 0 to 65535" },
		Refusal { R"({"sequence": 1})",
				  "sequence: must be a decimal number in quotes, like \"1000\" and not number" },
		Refusal { R"({"sequence": "0x1"})",
				  "sequence: must be a decimal number in quotes, like \"1000\"" },
		Refusal { R"({"sequence": "-1"})",
				  "sequence: must be a decimal number in quotes, like \"1000\"" },
		Refusal { R"({"sequence": "18446744073709551616"})",
				  "sequence: the number does not fit into 64 bit" },
		Refusal { R"({"fpuSize": -1})",
				  "fpuSize: the number is out of range, which is 0 to 4294967295" },
		Refusal { R"({"fpuSize": 4294967296})",
				  "fpuSize: the number is out of range, which is 0 to 4294967295" },
		Refusal { R"({"fpuSize": "1"})", "fpuSize: must be a number and not string" },
		Refusal { R"({"memorySearched": 1})",
				  "memorySearched: must be true or false and not number" },
		Refusal { R"({"epoch": "0"})", "epoch: the number of hexadecimal digits is odd" },
		Refusal { R"({"epoch": "AB"})",
				  "epoch: must be bytes as two lower-case hexadecimal digits each" },
		Refusal { R"({"objects": {}})", "objects: must be an array and not object" },
		Refusal { R"({"objects": [{}, 1]})", "objects[1]: must be an object and not number" },
		Refusal { R"({"objects": [{"badge": "104"}]})",
				  "objects[0].badge: must be a hexadecimal number in quotes, like \"0x1000\"" },
		Refusal { R"({"objects": [{"badge": "0x"}]})",
				  "objects[0].badge: must be a hexadecimal number in quotes, like \"0x1000\"" },
		Refusal { R"({"objects": [{"badge": "0x-1"}]})",
				  "objects[0].badge: must be a hexadecimal number in quotes, like \"0x1000\"" },
		Refusal { R"({"objects": [{"badge": "0x10000000000000000"}]})",
				  "objects[0].badge: the number does not fit into 64 bit" },
		Refusal { R"({"objects": [{"capability": 1}]})",
				  "objects[0].capability: must be null: there is no value" },
		Refusal { R"({"objects": [{"capability": null, "external": {}}]})",
				  "objects[0].external: only one member of a union can be there, and "
				  "\"capability\" is; remove one of the two" },
		Refusal { R"({"objects": [{"thread": {"registers": {"x86x32": {"ip": "0x100000000"}}}}]})",
				  "objects[0].thread.registers.x86x32.ip: the number is out of range, which is 0x0 "
				  "to 0xffffffff" },
		Refusal { R"({"objects": [{"thread": {"affinity": {"y": 2147483648}}}]})",
				  "objects[0].thread.affinity.y: the number is out of range, which is -2147483648 "
				  "to 2147483647" },
		Refusal { R"({"cpuFeatures": ["sse", 1]})",
				  "cpuFeatures[1]: must be a string and not number" }));

INSTANTIATE_TEST_SUITE_P(
	Unknown, Message_json_refusal,
	testing::Values(
		Refusal { R"({"unknown": {"bits": 1}})", "unknown.bits: there is no such key here" },
		Refusal { R"({"unknown": {"dataWords": 65536}})",
				  "unknown.dataWords: the number is out of range, which is 0 to 65535" },
		Refusal { R"({"unknown": {"tag": 1}})", "unknown.tag: there is no union here" },
		Refusal { R"({"objects": [{"unknown": {"tag": 1}}]})",
				  "objects[0].unknown.tag: the schema knows this member; give it by its name" },
		Refusal { R"({"objects": [{"capability": null, "unknown": {"tag": 100}}]})",
				  "objects[0].unknown.tag: only one member of a union can be there, and "
				  "\"capability\" is" },
		Refusal { R"({"objects": [{"unknown": {"dataWords": 9}}]})",
				  "objects[0].unknown: all elements of a list have one size; give it as "
				  "\"elements\" in \"unknown\" of the object that holds the list" },
		Refusal { R"({"unknown": {"words": {"100": "0x1"}}})",
				  "unknown.words.100: the struct has no word of this number" },
		Refusal { R"({"unknown": {"words": {"00": "0x1"}}})",
				  "unknown.words.00: the struct has no word of this number" },
		Refusal { R"({"unknown": {"words": {"1": "0x1"}}})",
				  "unknown.words.1: some of these bits belong to a field; leave only bits of 0x0" },
		Refusal { R"({"unknown": {"pointers": {"0": null}}})",
				  "unknown.pointers.0: the schema knows this pointer; give it by the name of its "
				  "field" },
		Refusal { R"({"unknown": {"pointers": {"65535": null}}})",
				  "unknown.pointers.65535: the struct has no pointer of this number" },
		Refusal { R"({"unknown": {"elements": {"objects": {"dataWords": 1}}}})",
				  "unknown.elements.objects: there is no list of structs with this name here" },
		Refusal { R"({"objects": [{}], "unknown": {"elements": {"objects":
					{"dataWords": 0, "pointerCount": 0}}}})",
				  "objects: the elements of a list must have a size" },
		Refusal { R"({"unknown": {"pointerCount": 19, "pointers": {"18": {"list":
					{"element": "bit", "count": 3, "data": "08"}}}}})",
				  "unknown.pointers.18.list.data: bits behind the last element must be 0" },
		Refusal { R"({"unknown": {"pointerCount": 19, "pointers": {"18": {"list":
					{"element": "bite", "count": 3, "data": "08"}}}}})",
				  "unknown.pointers.18.list.element: there is no such size of elements; one of "
				  "void, bit, byte, twoBytes, fourBytes, eightBytes" },
		Refusal { R"({"unknown": {"pointerCount": 19, "pointers": {"18": {"list":
					{"element": "byte", "count": 3, "data": "0102"}}}}})",
				  "unknown.pointers.18.list.data: must be 3 bytes" },
		Refusal { R"({"unknown": {"pointerCount": 19, "pointers": {"18": {"structs":
					{"dataWords": 0, "pointerCount": 1, "elements": [{"data": "", "pointers": []}]}}}}})",
				  "unknown.pointers.18.structs.elements[0].pointers: must be 1 pointers" },
		Refusal { R"({"unknown": {"pointerCount": 19, "pointers": {"18": {}}}})",
				  "unknown.pointers.18: must have one member, which is the kind of the object" }));

TEST(Message_json, objects_nested_too_deep_for_a_message_are_refused)
{
	std::string text = "null";
	for (unsigned i = 0; i < 20; i++)
		text = R"({"struct": {"data": "", "pointers": [)" + text + "]}}";
	text = R"({"unknown": {"pointerCount": 19, "pointers": {"18": )" + text + "}}}";
	EXPECT_NE(refusal(text).find("unknown.pointers.18"), std::string::npos);
	EXPECT_NE(refusal(text).find("limit"), std::string::npos) << refusal(text);
}

/* a field of this name would hide what is not known */
static void expect_no_field_called_unknown(Wire::Struct_shape const &shape,
										   std::vector<Wire::Struct_shape const *> &seen)
{
	if (std::ranges::find(seen, &shape) != seen.end()) return;
	seen.push_back(&shape);
	for (unsigned i = 0; i < shape.field_count; i++) {
		EXPECT_STRNE(shape.fields[i].name(), "unknown") << shape.name;
		if (shape.fields[i].shape) expect_no_field_called_unknown(*shape.fields[i].shape, seen);
	}
}

TEST(Message_json, schema_leaves_the_name_unknown_free)
{
	std::vector<Wire::Struct_shape const *> seen;
	expect_no_field_called_unknown(Metadata::Manifest::shape, seen);
	expect_no_field_called_unknown(Metadata::Provenance::shape, seen);
	EXPECT_GT(seen.size(), 30u);
}

static void expect_names(Wire::Struct_shape const &shape,
						 std::vector<Wire::Struct_shape const *> &seen, unsigned &count)
{
	if (std::ranges::find(seen, &shape) != seen.end()) return;
	seen.push_back(&shape);
	for (unsigned i = 0; i < shape.field_count; i++) {
		Wire::Field const &field = shape.fields[i];
		bool const is_enum = field.type == Wire::Type::ENUM;
		EXPECT_EQ(enum_names(field).empty(), !is_enum) << field.path;
		count += is_enum;
		if (field.shape) expect_names(*field.shape, seen, count);
	}
}

TEST(Enum_names, every_field_that_is_an_enum_has_names)
{
	std::vector<Wire::Struct_shape const *> seen;
	unsigned count = 0;
	expect_names(Metadata::Manifest::shape, seen, count);
	EXPECT_GE(count, 12u);
}

}
