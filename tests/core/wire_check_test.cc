/*
 * Each refusal of the checker, from a message described word by word
 */

#include <gtest/gtest.h>

#include <cstring>
#include <ostream>
#include <string>
#include <vector>

#include "libimage/core/generated/image.h"
#include "libimage/core/wire_check.h"
#include "tests/support/wire_words.h"

namespace Capimg::Test
{

using namespace Wire;
static Const_bytes view(std::vector<uint8_t> const &bytes)
{
	return Const_bytes(bytes.data(), bytes.size());
}

static constexpr Limits LIMITS { 64, 8 };

struct Case
{
	char const *name;
	Struct_shape const &shape;
	Words words;
	Code code;
	size_t at; /* word at fault */
	char const *field;

	friend void PrintTo(Case const &c, std::ostream *out) { *out << c.name; }
};

class Refusal : public testing::TestWithParam<Case>
{};

TEST_P(Refusal, is_named)
{
	Case const &c = GetParam();
	std::vector<uint8_t> const bytes = framed(c.words);
	Result<Struct_reader> const result = check(view(bytes), c.shape, LIMITS);

	ASSERT_FALSE(result);
	EXPECT_EQ(result.error().code, c.code) << error_text(result.error().code);
	EXPECT_EQ(result.error().offset, FRAMING + c.at * WORD);
	EXPECT_STREQ(result.error().field, c.field);
}

static constexpr Element BYTE = Element::BYTE, FOUR = Element::FOUR_BYTES,
						 POINTER = Element::POINTER, STRUCT = Element::STRUCT;

/* five pointers: action, tool, source (Data), detail, signer (Data); the writer's may have fewer */
static Struct_shape const &RECORD = Metadata::Provenance_record::shape;
static uint64_t const RECORD_ROOT = structure(0, 0, 4);

/* one pointer: records */
static Struct_shape const &PROVENANCE = Metadata::Provenance::shape;
static uint64_t const PROVENANCE_ROOT = structure(0, 0, 1);

/* pointers: session, regionMaps */
static Struct_shape const &RM = Metadata::Rm_session::shape;

/* data words id and tag, badge; pointers: label, union */
static Struct_shape const &OBJECT = Metadata::Object::shape;

static uint64_t object_tag(Metadata::Object::Which which)
{
	return uint64_t(which) << (16 * (OBJECT.tag_offset % 4));
}

static std::vector<Case> const CASES {
	{ "null_root", RECORD, { 0 }, Code::INVALID, 0, "ProvenanceRecord" },
	{ "list_as_root", RECORD, { list(0, BYTE, 0) }, Code::INVALID, 0, "ProvenanceRecord" },
	{ "empty_root_elsewhere",
	  RECORD,
	  { structure(1, 0, 0), 0 },
	  Code::OUT_OF_ORDER,
	  0,
	  "ProvenanceRecord" },

	{ "far_pointer",
	  RECORD,
	  { RECORD_ROOT, 2, 0, 0, 0 },
	  Code::UNSUPPORTED,
	  1,
	  "ProvenanceRecord.action" },
	{ "capability",
	  RECORD,
	  { RECORD_ROOT, 0, 3, 0, 0 },
	  Code::UNSUPPORTED,
	  2,
	  "ProvenanceRecord.tool" },
	{ "far_root", RECORD, { 2 }, Code::UNSUPPORTED, 0, "ProvenanceRecord" },
	{ "far_pointer_in_unknown_field",
	  RECORD,
	  { structure(0, 0, 6), 0, 0, 0, 0, 0, 2 },
	  Code::UNSUPPORTED,
	  6,
	  "unknown" },

	{ "struct_as_text",
	  RECORD,
	  { RECORD_ROOT, structure(3, 1, 0), 0, 0, 0, 0 },
	  Code::INVALID,
	  1,
	  "ProvenanceRecord.action" },
	{ "empty_struct_as_text",
	  RECORD,
	  { RECORD_ROOT, EMPTY_STRUCT, 0, 0, 0 },
	  Code::INVALID,
	  1,
	  "ProvenanceRecord.action" },
	{ "list_as_struct",
	  RM,
	  { structure(0, 0, 2), list(1, BYTE, 1), 0, 0 },
	  Code::INVALID,
	  1,
	  "RmSession.session" },
	{ "text_of_wide_elements",
	  RECORD,
	  { RECORD_ROOT, list(3, Element::TWO_BYTES, 1), 0, 0, 0, 0 },
	  Code::INVALID,
	  1,
	  "ProvenanceRecord.action" },
	{ "data_of_bits",
	  RECORD,
	  { RECORD_ROOT, 0, 0, list(1, Element::BIT, 1), 0, 1 },
	  Code::INVALID,
	  3,
	  "ProvenanceRecord.source" },
	{ "numbers_as_structs",
	  RM,
	  { structure(0, 0, 2), 0, list(0, STRUCT, 1), structure(1, 1, 0), 7 },
	  Code::INVALID,
	  2,
	  "RmSession.regionMaps" },
	{ "numbers_too_wide",
	  RM,
	  { structure(0, 0, 2), 0, list(0, Element::EIGHT_BYTES, 1), 7 },
	  Code::INVALID,
	  2,
	  "RmSession.regionMaps" },
	{ "structs_as_numbers",
	  PROVENANCE,
	  { PROVENANCE_ROOT, list(0, Element::EIGHT_BYTES, 1), 7 },
	  Code::INVALID,
	  1,
	  "Provenance.records" },
	{ "structs_as_pointers",
	  PROVENANCE,
	  { PROVENANCE_ROOT, list(0, POINTER, 1), 0 },
	  Code::INVALID,
	  1,
	  "Provenance.records" },

	{ "text_without_nul",
	  RECORD,
	  { RECORD_ROOT, list(3, BYTE, 2), 0, 0, 0, word("ab") },
	  Code::INVALID,
	  5,
	  "ProvenanceRecord.action" },
	{ "text_of_no_byte",
	  RECORD,
	  { RECORD_ROOT, list(3, BYTE, 0), 0, 0, 0 },
	  Code::INVALID,
	  5,
	  "ProvenanceRecord.action" },
	{ "text_padding",
	  RECORD,
	  { RECORD_ROOT, list(3, BYTE, 2), 0, 0, 0, word("a\0") | 1ull << 63 },
	  Code::NOT_ZERO,
	  5,
	  "ProvenanceRecord.action" },
	{ "data_padding",
	  RECORD,
	  { RECORD_ROOT, 0, 0, list(1, BYTE, 3), 0, word("abcd") },
	  Code::NOT_ZERO,
	  5,
	  "ProvenanceRecord.source" },
	{ "number_padding",
	  RM,
	  { structure(0, 0, 2), 0, list(0, FOUR, 3), 0, 1ull << 32 },
	  Code::NOT_ZERO,
	  4,
	  "RmSession.regionMaps" },
	{ "bit_padding_in_unknown_field",
	  RECORD,
	  { structure(0, 0, 6), 0, 0, 0, 0, 0, list(0, Element::BIT, 63), 1ull << 63 },
	  Code::NOT_ZERO,
	  7,
	  "unknown" },

	{ "beyond_the_end",
	  RECORD,
	  { RECORD_ROOT, list(3, BYTE, 9), 0, 0, 0, word("a") },
	  Code::TRUNCATED,
	  1,
	  "ProvenanceRecord.action" },
	{ "starts_beyond_the_end",
	  RECORD,
	  { RECORD_ROOT, list(4, BYTE, 1), 0, 0, 0 },
	  Code::TRUNCATED,
	  1,
	  "ProvenanceRecord.action" },
	{ "far_beyond_the_end",
	  RECORD,
	  { RECORD_ROOT, list((1 << 29) - 1, BYTE, 1), 0, 0, 0 },
	  Code::TRUNCATED,
	  1,
	  "ProvenanceRecord.action" },
	{ "before_the_begin",
	  RECORD,
	  { RECORD_ROOT, list(-3, BYTE, 1), 0, 0, 0 },
	  Code::TRUNCATED,
	  1,
	  "ProvenanceRecord.action" },
	{ "largest_count",
	  RECORD,
	  { RECORD_ROOT, 0, 0, list(1, BYTE, MAX_ELEMENTS), 0 },
	  Code::TRUNCATED,
	  3,
	  "ProvenanceRecord.source" },
	{ "largest_struct_list",
	  PROVENANCE,
	  { PROVENANCE_ROOT, list(0, STRUCT, MAX_ELEMENTS), 0 },
	  Code::TRUNCATED,
	  1,
	  "Provenance.records" },
	{ "root_beyond_the_end",
	  RECORD,
	  { structure(0, 0, 4), 0 },
	  Code::TRUNCATED,
	  0,
	  "ProvenanceRecord" },

	{ "gap",
	  RECORD,
	  { RECORD_ROOT, list(4, BYTE, 1), 0, 0, 0, 0, 0 },
	  Code::OUT_OF_ORDER,
	  1,
	  "ProvenanceRecord.action" },
	{ "siblings_swapped",
	  RECORD,
	  { RECORD_ROOT, list(4, BYTE, 1), list(2, BYTE, 1), 0, 0, 0, 0 },
	  Code::OUT_OF_ORDER,
	  1,
	  "ProvenanceRecord.action" },
	{ "shared",
	  RECORD,
	  { RECORD_ROOT, list(3, BYTE, 1), list(2, BYTE, 1), 0, 0, 0 },
	  Code::OUT_OF_ORDER,
	  2,
	  "ProvenanceRecord.tool" },
	{ "overlap",
	  RECORD,
	  { RECORD_ROOT, 0, 0, list(1, BYTE, 16), list(1, BYTE, 1), 0, 0 },
	  Code::OUT_OF_ORDER,
	  4,
	  "ProvenanceRecord.detail" },
	{ "cycle",
	  RECORD,
	  { structure(0, 0, 6), 0, 0, 0, 0, 0, structure(-6, 0, 6) },
	  Code::OUT_OF_ORDER,
	  6,
	  "unknown" },
	{ "pointer_to_itself",
	  RECORD,
	  { structure(0, 0, 6), 0, 0, 0, 0, 0, structure(-1, 0, 1) },
	  Code::OUT_OF_ORDER,
	  6,
	  "unknown" },
	{ "words_without_pointer",
	  RECORD,
	  { RECORD_ROOT, 0, 0, 0, 0, 0 },
	  Code::OUT_OF_ORDER,
	  5,
	  "ProvenanceRecord" },
	{ "empty_struct_elsewhere",
	  RECORD,
	  { structure(0, 0, 6), 0, 0, 0, 0, 0, structure(1, 0, 0) },
	  Code::OUT_OF_ORDER,
	  6,
	  "unknown" },

	{ "tag_is_a_list",
	  PROVENANCE,
	  { PROVENANCE_ROOT, list(0, STRUCT, 1), list(0, BYTE, 1), 0 },
	  Code::INVALID,
	  2,
	  "Provenance.records" },
	{ "tag_counts_too_few",
	  PROVENANCE,
	  { PROVENANCE_ROOT, list(0, STRUCT, 2), structure(1, 1, 0), 0, 0 },
	  Code::INVALID,
	  2,
	  "Provenance.records" },
	{ "tag_counts_too_many",
	  PROVENANCE,
	  { PROVENANCE_ROOT, list(0, STRUCT, 1), structure(2, 1, 0), 0 },
	  Code::INVALID,
	  2,
	  "Provenance.records" },
	{ "elements_without_size",
	  PROVENANCE,
	  { PROVENANCE_ROOT, list(0, STRUCT, 0), structure(5, 0, 0) },
	  Code::INVALID,
	  2,
	  "Provenance.records" },
	{ "elements_of_void",
	  RECORD,
	  { structure(0, 0, 6), 0, 0, 0, 0, 0, list(0, Element::VOID, 9) },
	  Code::INVALID,
	  6,
	  "unknown" },
	{ "too_many_structs",
	  PROVENANCE,
	  { PROVENANCE_ROOT, list(0, STRUCT, 9), structure(9, 1, 0), 0, 0, 0, 0, 0, 0, 0, 0, 0 },
	  Code::LIMIT,
	  2,
	  "Provenance.records" },
	{ "too_many_pointers",
	  RECORD,
	  { structure(0, 0, 6), 0, 0, 0, 0, 0, list(0, POINTER, 9), 0, 0, 0, 0, 0, 0, 0, 0, 0 },
	  Code::LIMIT,
	  6,
	  "unknown" },

	{ "pointer_of_a_void_member",
	  OBJECT,
	  { structure(0, OBJECT.data_words, OBJECT.pointers), 0, 0, 0, list(0, BYTE, 1), 0 },
	  Code::INVALID,
	  4,
	  "Object" },
	{ "union_member_of_the_wrong_kind",
	  OBJECT,
	  { structure(0, OBJECT.data_words, OBJECT.pointers),
		object_tag(Metadata::Object::Which::THREAD), 0, 0, list(0, BYTE, 1), 0 },
	  Code::INVALID,
	  4,
	  "Object.thread" },

	{ "too_deep", RECORD, nested(MAX_DEPTH + 1), Code::LIMIT, MAX_DEPTH + 6, "unknown" },
};

static std::string name_of(testing::TestParamInfo<Case> const &info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Checker, Refusal, testing::ValuesIn(CASES), name_of);

/* text whose content is at fault: the offset is that of the byte */
TEST(Text_refusal, names_the_byte)
{
	struct
	{
		char const *bytes;
		uint32_t size, at;
	} static constexpr TEXTS[] {
		{ "a\0b", 3, 1 },
		{ "ab\xff", 3, 2 },
		{ "\xc0\x80", 2, 0 },
		{ "x\xed\xa0\x80", 4, 1 },
		{ "\xe0\x9f\xbf", 3, 0 },
		{ "\xf4\x90\x80\x80", 4, 0 },
		{ "ab\xc3", 3, 2 },
		{ "a\xe2\x82", 3, 1 },
		{ "\x80", 1, 0 },
		{ "\xf0\x8f\xbf\xbf", 4, 0 },
		{ "\xf5\x80\x80\x80", 4, 0 },
		{ "\xe2\x82\x41", 3, 0 },
	};
	for (auto const &text : TEXTS) {
		uint64_t content = 0;
		std::memcpy(&content, text.bytes, text.size);
		std::vector<uint8_t> const bytes =
			framed({ RECORD_ROOT, list(3, BYTE, text.size + 1), 0, 0, 0, content });

		Result<Struct_reader> const result = check(view(bytes), RECORD, LIMITS);
		ASSERT_FALSE(result);
		EXPECT_EQ(result.error().code, Code::INVALID);
		EXPECT_EQ(result.error().offset, FRAMING + 5 * WORD + text.at);
	}
}

/* what a record with a shorter or longer schema looks like */
TEST(Accepted, of_other_versions)
{
	for (Words const &words : other_versions()) {
		std::vector<uint8_t> const bytes = framed(words);
		Result<Metadata::Provenance_record::Reader> const record =
			open<Metadata::Provenance_record>(view(bytes), LIMITS);
		ASSERT_TRUE(record) << error_text(record.error().code) << " at " << record.error().offset;
		EXPECT_TRUE(record->action().empty());
		EXPECT_FALSE(record->has_action());
	}
}

TEST(Accepted, union_member_of_a_newer_version)
{
	for (uint64_t content :
		 { structure(0, 1, 0), list(0, BYTE, 8), list(0, Element::EIGHT_BYTES, 1) }) {
		std::vector<uint8_t> const bytes =
			framed({ structure(0, OBJECT.data_words, OBJECT.pointers),
					 object_tag(Metadata::Object::Which(OBJECT.members)), 0, 0, content, 9 });

		Result<Metadata::Object::Reader> const object = open<Metadata::Object>(view(bytes), LIMITS);
		ASSERT_TRUE(object);
		EXPECT_EQ(unsigned(object->which()), OBJECT.members);
		EXPECT_FALSE(object->has_thread());
		EXPECT_FALSE(object->thread().has_name());
	}
}

TEST(Framing, refusals)
{
	std::vector<uint8_t> const good = framed({ RECORD_ROOT, 0, 0, 0, 0 });
	ASSERT_TRUE(check(view(good), RECORD, LIMITS));

	struct
	{
		std::vector<uint8_t> bytes;
		Code code;
		uint64_t offset;
		char const *field;
	} const cases[] {
		{ {}, Code::TRUNCATED, 0, "segments" },
		{ { 0, 0, 0, 0, 1, 0, 0 }, Code::TRUNCATED, 0, "segments" },
		{ { 0, 0, 0, 0, 0, 0, 0, 0 }, Code::INVALID, 4, "words" },
		{ { 1, 0, 0, 0, 1, 0, 0, 0 }, Code::UNSUPPORTED, 0, "segments" },
		{ { 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0 }, Code::UNSUPPORTED, 0, "segments" },
		{ { 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff }, Code::LIMIT, 4, "words" },
		{ framed(Words(65)), Code::LIMIT, 4, "words" },
		{ { 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, Code::TRUNCATED, 4, "words" },
	};
	for (auto const &c : cases) {
		Result<Struct_reader> const result = check(view(c.bytes), RECORD, LIMITS);
		ASSERT_FALSE(result);
		EXPECT_EQ(result.error().code, c.code);
		EXPECT_EQ(result.error().offset, c.offset);
		EXPECT_STREQ(result.error().field, c.field);
	}

	for (size_t extra = 1; extra <= 16; extra++) {
		std::vector<uint8_t> longer = good;
		longer.resize(good.size() + extra);
		Result<Struct_reader> const result = check(view(longer), RECORD, LIMITS);
		ASSERT_FALSE(result);
		EXPECT_EQ(result.error().code, Code::INVALID);
		EXPECT_EQ(result.error().offset, good.size());
	}
}

}
