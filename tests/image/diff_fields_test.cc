/*
 * One field of a struct changed: exactly that one is told
 */

#include <gtest/gtest.h>

#include <capnp/dynamic.h>
#include <capnp/message.h>

#include "libimage/core/wire_check.h"
#include "libimage/diff_fields.h"
#include "libimage/manifest.h"
#include "tests/support/manifest_compare.h"
#include "tests/support/random_message.h"
#include "tests/support/random_wire.h"
#include "tests/support/small_image.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

using Dynamic = capnp::DynamicStruct::Builder;

bool left_out(Wire::Field const &field)
{
	std::string_view const path = field.path;
	for (std::string_view const wanted :
		 { "Object.id", "Object.badge", "Dataspace.firstBlock", "Dataspace.stored",
		   "Dataspace.absentReason", "Dataspace.absent" })
		if (path == wanted) return true;
	return false;
}

/* fields that name an element within its list */
bool names_element(Wire::Field const &field)
{
	std::string_view const path = field.path;
	for (std::string_view const wanted :
		 { "Region.address", "ProvidedSession.label", "ProvidedSession.arguments", "Note.owner",
		   "Note.type", "AbsentRange.offset" })
		if (path == wanted) return true;
	return false;
}

bool is_set(Dynamic from, Wire::Field const &field)
{
	if (field.discriminant == Wire::NO_UNION) return true;
	KJ_IF_MAYBE (member, from.which())
		return member->getProto().getDiscriminantValue() == field.discriminant;
	return false;
}

/* ids name nothing here: all references are none */
void clear_refs(Dynamic to, Wire::Struct_shape const &shape)
{
	for (unsigned i = 0; i < shape.field_count; i++) {
		Wire::Field const &field = shape.fields[i];
		if (!is_set(to, field)) continue;
		auto const schema = to.getSchema().getFieldByName(field.name());
		if (field.ref && field.type == Wire::Type::LIST)
			to.init(schema, 0);
		else if (field.ref)
			to.set(schema, 0u);
		else if (field.type == Wire::Type::GROUP ||
				 (field.type == Wire::Type::STRUCT && to.has(schema)))
			clear_refs(to.get(schema).as<capnp::DynamicStruct>(), *field.shape);
		else if (field.type == Wire::Type::LIST && field.element == Wire::Type::STRUCT) {
			auto list = to.get(schema).as<capnp::DynamicList>();
			for (unsigned k = 0; k < list.size(); k++)
				clear_refs(list[k].as<capnp::DynamicStruct>(), *field.shape);
		}
	}
}

/* something that can be changed: 'change' does so, and the report's path then ends in 'name' */
struct Site
{
	std::function<void()> change;
	std::string name;
};

void collect(std::vector<Site> &sites, Dynamic from, Wire::Struct_shape const &shape)
{
	using Type = Wire::Type;
	for (unsigned i = 0; i < shape.field_count; i++) {
		Wire::Field const &field = shape.fields[i];
		if (!is_set(from, field) || field.ref || left_out(field) || names_element(field)) continue;
		auto const schema = from.getSchema().getFieldByName(field.name());

		switch (field.type) {
		case Type::VOID: break;
		case Type::GROUP:
			collect(sites, from.get(schema).as<capnp::DynamicStruct>(), *field.shape);
			break;
		case Type::STRUCT:
			collect(sites, from.get(schema).as<capnp::DynamicStruct>(), *field.shape);
			break;
		case Type::LIST: {
			auto const list = from.get(schema).as<capnp::DynamicList>();
			for (unsigned k = 0; k < list.size(); k++)
				if (field.element == Type::STRUCT)
					collect(sites, capnp::DynamicList::Builder(list)[k].as<capnp::DynamicStruct>(),
							*field.shape);
			break;
		}
		case Type::TEXT:
			sites.push_back({ [=]() mutable {
								 auto const old = from.asReader().get(schema).as<capnp::Text>();
								 std::string const text = std::string(old.cStr()) + "x";
								 from.set(schema, capnp::Text::Reader(text.c_str()));
							 },
							  field.name() });
			break;
		case Type::DATA:
			sites.push_back({ [=]() mutable {
								 auto const old = from.asReader().get(schema).as<capnp::Data>();
								 std::vector<kj::byte> bytes(old.begin(), old.end());
								 bytes.push_back(7);
								 from.set(schema, capnp::Data::Reader(bytes.data(), bytes.size()));
							 },
							  field.name() });
			break;
		case Type::BOOL:
			sites.push_back({ [=]() mutable {
								 bool const old = from.asReader().get(schema).as<bool>();
								 from.set(schema, !old);
							 },
							  field.name() });
			break;
		case Type::ENUM:
			sites.push_back(
				{ [=]() mutable {
					 auto const old = from.asReader().get(schema).as<capnp::DynamicEnum>();
					 from.set(schema,
							  capnp::DynamicEnum(old.getSchema(), std::uint16_t(old.getRaw() ^ 1)));
				 },
				  field.name() });
			break;
		case Type::INT8:
		case Type::INT16:
		case Type::INT32:
		case Type::INT64:
			sites.push_back({ [=]() mutable {
								 auto const old = from.asReader().get(schema).as<int64_t>();
								 from.set(schema, old == 1 ? 0 : 1);
							 },
							  field.name() });
			break;
		default:
			sites.push_back({ [=]() mutable {
								 auto const old = from.asReader().get(schema).as<uint64_t>();
								 from.set(schema, old == 1u ? 0u : 1u);
							 },
							  field.name() });
		}
	}
}

/* two images without anything to match */
struct Nothing
{
	Image image = open_image(Small_image().write());
	Diff_side a { image }, b { image };
	Object_match match { a, b, Match_by::IDS };
	Object_names names { a };
};

std::vector<Field_change> changes(Wire::Struct_shape const &shape, Wire::Struct_reader const &a,
								  Wire::Struct_reader const &b)
{
	static Nothing const nothing;
	std::vector<Field_change> found;
	Field_diff::Report const report = [&](Field_change const &change) { found.push_back(change); };
	Field_diff(nothing.match, nothing.names, nothing.names, report).compare(shape, a, b);
	return found;
}

std::vector<std::uint8_t> encoded(Dynamic const &root) { return normalized(root.asReader()); }

std::vector<Field_change> changes(std::vector<std::uint8_t> const &a,
								  std::vector<std::uint8_t> const &b)
{
	auto const open = [](std::vector<std::uint8_t> const &bytes) {
		auto const root = Wire::open<Metadata::Object>({ bytes.data(), bytes.size() }, {});
		EXPECT_FALSE(root.failed());
		return *root;
	};
	return changes(Metadata::Object::shape, open(a).wire(), open(b).wire());
}

}

TEST(Diff_fields, one_field_changed_is_one_difference)
{
	std::size_t checked = 0;
	for (std::uint64_t seed = 0; seed < 400; seed++) {
		capnp::MallocMessageBuilder message;
		auto root = message.initRoot<capnp::DynamicStruct>(capnp::Schema::from<Schema::Object>());
		Random_filler filler(seed);
		filler.fill(root);
		clear_refs(root, Metadata::Object::shape);
		auto const before = encoded(root);
		EXPECT_TRUE(changes(before, before).empty()) << seed;

		std::vector<Site> sites;
		collect(sites, root, Metadata::Object::shape);
		if (sites.empty()) continue;
		Site &site = sites[filler.below(sites.size())];
		site.change();
		auto const after = encoded(root);

		auto const found = changes(before, after), back = changes(after, before);
		ASSERT_EQ(found.size(), 1u) << seed << " " << site.name;
		EXPECT_TRUE(found[0].path.ends_with(site.name)) << found[0].path << " " << site.name;
		EXPECT_NE(found[0].old_value, found[0].new_value);
		ASSERT_EQ(back.size(), 1u);
		EXPECT_EQ(back[0].old_value, found[0].new_value);
		EXPECT_EQ(back[0].new_value, found[0].old_value);
		checked++;
	}
	EXPECT_GT(checked, 300u);
}

TEST(Diff_fields, any_two_messages_mirror_each_other)
{
	for (std::uint64_t seed = 0; seed < 400; seed++) {
		auto const shape = &Metadata::Manifest::shape;
		auto const a = Random_wire(seed).message(*shape);
		auto const b = Random_wire(seed / 2 * 2 + 1000).message(*shape);
		auto const open = [](std::vector<std::byte> const &bytes) {
			return Wire::root(*Wire::open_segment({ bytes.data(), bytes.size() }));
		};
		auto const there = changes(*shape, open(a), open(b));
		auto const back = changes(*shape, open(b), open(a));
		ASSERT_EQ(there.size(), back.size()) << seed;
		for (std::size_t i = 0; i < there.size(); i++) EXPECT_FALSE(there[i].path.empty());
	}
}

TEST(Diff_fields, what_the_schema_does_not_know_counts)
{
	/* a struct of one more word and pointer than the schema has */
	std::size_t differing = 0;
	for (std::uint64_t seed = 0; seed < 300; seed++) {
		auto const bytes = Random_wire(seed).message(Metadata::Code_range::shape);
		auto other = bytes;
		std::size_t const words = bytes.size() / 8;
		if (words < 3u + Metadata::Code_range::shape.data_words) continue;
		auto const open = [](std::vector<std::byte> const &b) {
			return Wire::root(*Wire::open_segment({ b.data(), b.size() }));
		};
		if (open(bytes).data_words() <= Metadata::Code_range::shape.data_words) continue;

		std::size_t const at = 16 + Metadata::Code_range::shape.data_words * 8;
		other[at] ^= std::byte(1);
		auto const found = changes(Metadata::Code_range::shape, open(bytes), open(other));
		ASSERT_EQ(found.size(), 1u) << seed;
		EXPECT_EQ(found[0].path,
				  "unknown.words[" + std::to_string(Metadata::Code_range::shape.data_words) + "]");
		differing++;
	}
	EXPECT_GT(differing, 10u);
}
