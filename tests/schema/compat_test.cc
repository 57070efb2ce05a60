/*
 * The comparison with a released schema finds what it must, and nothing else
 */

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/schema/compat.h"
#include "tests/support/schema_text.h"

namespace Capimg::Test
{

static constexpr char const *RELEASED = R"(
@0xc1a2f7d0b6e35491;
annotation hex @0xe6b0b63a3a0e7f11 (field) :Void;
annotation ref @0xd0f7be5c2f5c7d12 (field) :Text;
struct Item {
  id @0 :UInt32;
  badge @1 :UInt64 $hex;
  owner @2 :UInt32 $ref("pd cpu");
  any @3 :UInt32 $ref("*");
  name @4 :Text;
  kind @5 :Kind;
  parts @6 :List(Part);
  numbers @7 :List(UInt16);
  union {
    none @8 :Void;
    part @9 :Part;
  }
  state :union {
    idle @10 :Void;
    busy @11 :UInt32;
  }
  last @12 :Bool;
}
enum Kind {
  first @0;
  second @1;
}
struct Part {
  size @0 :UInt64;
}
)";

struct Change
{
	char const *name;
	char const *from, *to;
	char const *finding; /* a part of the first one, null: compatible */

	friend void PrintTo(Change const &c, std::ostream *out) { *out << c.name; }
};

static constexpr Change CHANGES[] {
	{ "nothing", "", "", nullptr },
	{ "comment", "last @12 :Bool;", "last @12 :Bool; # of all", nullptr },
	{ "new_field", "last @12 :Bool;", "last @12 :Bool; more @13 :Text;", nullptr },
	{ "new_enumerant", "second @1;", "second @1; third @2;", nullptr },
	{ "new_union_member", "none @8 :Void;", "none @8 :Void; other @13 :Text;", nullptr },
	{ "new_group_member", "idle @10 :Void;", "idle @10 :Void; dead @13 :Void;", nullptr },
	{ "new_struct", "enum Kind", "struct More { x @0 :Text; } enum Kind", nullptr },
	{ "new_annotation", "struct Item", "annotation x (field) :Void; struct Item", nullptr },
	{ "wider_reference", "pd cpu", "rm cpu pd", nullptr },
	{ "widest_reference", "pd cpu", "*", nullptr },
	{ "moved_in_the_text", "  id @0 :UInt32;\n  badge @1 :UInt64 $hex;",
	  "  badge @1 :UInt64 $hex;\n  id @0 :UInt32;", nullptr },

	{ "file_id", "@0xc1a2f7d0b6e35491", "@0xc1a2f7d0b6e35492", "file: has another id" },
	{ "removed_field", "  last @12 :Bool;\n", "", "Item.last: field is gone" },
	{ "renamed_field", "name @4", "title @4", "Item.name: field is gone" },
	{ "renamed_enumerant", "second @1", "zweiter @1", "Kind.second: enumerant is zweiter now" },
	{ "removed_enumerant", "  second @1;\n", "", "Kind.second: enumerant is gone" },
	{ "swapped_enumerants", "first @0;\n  second @1;", "second @0;\n  first @1;", "Kind.first" },
	{ "wider_type", "id @0 :UInt32", "id @0 :UInt64", "Item.id: has another type" },
	{ "other_sign", "busy @11 :UInt32", "busy @11 :Int32", "Item.state.busy: has another type" },
	{ "text_to_data", "name @4 :Text", "name @4 :Data", "Item.name: has another type" },
	{ "other_element", "List(UInt16)", "List(UInt32)", "Item.numbers: has another type" },
	{ "list_to_struct", "parts @6 :List(Part)", "parts @6 :Part", "Item.parts: has another type" },
	{ "default", "last @12 :Bool", "last @12 :Bool = true", "Item.last: has a default" },
	{ "swapped_numbers", "id @0 :UInt32;\n  badge @1 :UInt64", "id @1 :UInt32;\n  badge @0 :UInt64",
	  "Item.id: has another number" },
	{ "hex_lost", " $hex", "", "Item.badge: $hex differs" },
	{ "hex_gained", "last @12 :Bool", "last @12 :Bool $hex", "Item.last: $hex differs" },
	{ "narrower_reference", "pd cpu", "pd", "Item.owner: $ref allows less" },
	{ "reference_no_longer_any", "$ref(\"*\")", "$ref(\"pd\")", "Item.any: $ref allows less" },
	{ "reference_lost", " $ref(\"*\")", "", "Item.any: $ref allows less" },
	{ "number_became_reference", "id @0 :UInt32", "id @0 :UInt32 $ref(\"*\")", "Item.id: $ref" },
	{ "struct_id", "struct Part {", "struct Part @0x9e3c8d5c1e0f1a22 {", "Part: has another id" },
	{ "struct_became_enum", "enum Kind {\n  first @0;\n  second @1;\n}",
	  "struct Kind { x @0 :Text; }", "Item.kind: has another type" },
	{ "group_became_plain", "  state :union {\n    idle @10 :Void;\n    busy @11 :UInt32;\n  }",
	  "  state @10 :Void;\n  busy @11 :UInt32;", "Item.state: became a group" },
};

class Compat : public testing::TestWithParam<Change>
{};

static std::string changed(std::string text, std::string const &from, std::string const &to)
{
	size_t const at = text.find(from);
	EXPECT_NE(at, std::string::npos) << from;
	return text.replace(at, from.size(), to);
}

static std::vector<std::string> compare(std::string const &released, std::string const &current)
{
	Parsed_schema const before(released), after(current);
	return incompatibilities(before.file(), after.file());
}

TEST_P(Compat, is_judged)
{
	Change const &c = GetParam();
	auto const findings = compare(RELEASED, changed(RELEASED, c.from, c.to));

	if (!c.finding) {
		EXPECT_THAT(findings, testing::IsEmpty());
	} else
		EXPECT_THAT(findings, testing::Contains(testing::HasSubstr(c.finding)));
}

INSTANTIATE_TEST_SUITE_P(Schema, Compat, testing::ValuesIn(CHANGES),
						 [](testing::TestParamInfo<Change> const &info) {
							 return std::string(info.param.name);
						 });

TEST(Compat_more, field_moved_into_a_union)
{
	std::string const text = changed(changed(RELEASED, "  last @12 :Bool;\n", ""), "none @8 :Void;",
									 "none @8 :Void; last @12 :Bool;");
	EXPECT_THAT(compare(RELEASED, text),
				testing::Contains(testing::HasSubstr("Item.last: moved into")));
}

TEST(Compat_more, field_moved_into_a_group)
{
	std::string const text = changed(changed(RELEASED, "  last @12 :Bool;\n", ""),
									 "idle @10 :Void;", "idle @10 :Void; last @12 :Bool;");
	EXPECT_THAT(compare(RELEASED, text),
				testing::Contains(testing::HasSubstr("Item.last: field is gone")));
}

TEST(Compat_more, removed_declaration)
{
	std::string const text = changed(RELEASED, "annotation hex", "annotation hexa");
	EXPECT_THROW(compare(RELEASED, text), kj::Exception) << "it is used";

	std::string const more = std::string(RELEASED) + "struct Unused { x @0 :Text; }\n";
	EXPECT_THAT(compare(more, RELEASED), testing::ElementsAre("Unused: declaration is gone"));
}

TEST(Compat_more, schema_and_its_neighbours)
{
	std::string const current = file_text(CAPIMG_SOURCE_DIR "/schema/image.capnp");
	EXPECT_THAT(compare(current, newer_schema(current)), testing::IsEmpty());
	EXPECT_THAT(compare(older_schema(current), current), testing::IsEmpty());
	EXPECT_THAT(compare(current, older_schema(current)), testing::Not(testing::IsEmpty()));
}

}
