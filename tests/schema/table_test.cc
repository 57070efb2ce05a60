/*
 * The generated tables say what the schema says
 */

#include <algorithm>

#include <capnp/schema.h>
#include <gtest/gtest.h>

#include "image.capnp.h"
#include "libimage/core/generated/image.h"
#include "libimage/core/wire_check.h"
#include "tests/support/manifest_compare.h"

namespace Capimg::Test
{

namespace
{

constexpr uint64_t HEX = 0xe6b0b63a3a0e7f11, REF = 0xd0f7be5c2f5c7d12;

/* types in the order of Wire::Type; a group has none */
Wire::Type type_of(capnp::Type type)
{
	using Wire::Type;
	if (type.isVoid()) return Type::VOID;
	if (type.isBool()) return Type::BOOL;
	if (type.isInt8()) return Type::INT8;
	if (type.isInt16()) return Type::INT16;
	if (type.isInt32()) return Type::INT32;
	if (type.isInt64()) return Type::INT64;
	if (type.isUInt8()) return Type::UINT8;
	if (type.isUInt16()) return Type::UINT16;
	if (type.isUInt32()) return Type::UINT32;
	if (type.isUInt64()) return Type::UINT64;
	if (type.isEnum()) return Type::ENUM;
	if (type.isText()) return Type::TEXT;
	if (type.isData()) return Type::DATA;
	if (type.isStruct()) return Type::STRUCT;
	return Type::LIST;
}

class Table_check
{
	std::vector<uint64_t> _seen;

	void _field(Wire::Field const &, capnp::StructSchema::Field);

  public:
	void run(Wire::Struct_shape const &, capnp::StructSchema);

	size_t structs() const { return _seen.size(); }
};

void Table_check::_field(Wire::Field const &f, capnp::StructSchema::Field field)
{
	SCOPED_TRACE(f.path);
	auto const proto = field.getProto();
	EXPECT_EQ(f.discriminant, proto.getDiscriminantValue());

	bool hex = false;
	std::string ref;
	for (auto const annotation : proto.getAnnotations()) {
		if (annotation.getId() == HEX) hex = true;
		if (annotation.getId() == REF) ref = annotation.getValue().getText().cStr();
	}
	EXPECT_EQ(f.hex, hex);
	EXPECT_EQ(std::string(f.ref ? f.ref : ""), ref);

	if (proto.isGroup()) {
		ASSERT_EQ(f.type, Wire::Type::GROUP);
		return run(*f.shape, field.getType().asStruct());
	}
	EXPECT_EQ(f.offset, proto.getSlot().getOffset());
	EXPECT_EQ(f.type, type_of(field.getType()));

	if (f.type == Wire::Type::STRUCT) run(*f.shape, field.getType().asStruct());
	if (f.type != Wire::Type::LIST) return;

	auto const element = field.getType().asList().getElementType();
	EXPECT_EQ(f.element, type_of(element));
	if (element.isStruct()) run(*f.shape, element.asStruct());
}

void Table_check::run(Wire::Struct_shape const &shape, capnp::StructSchema schema)
{
	if (std::find(_seen.begin(), _seen.end(), shape.id) != _seen.end()) return;
	_seen.push_back(shape.id);

	SCOPED_TRACE(shape.name);
	auto const proto = schema.getProto();
	EXPECT_EQ(shape.id, proto.getId());
	EXPECT_EQ(shape.data_words, proto.getStruct().getDataWordCount());
	EXPECT_EQ(shape.pointers, proto.getStruct().getPointerCount());
	EXPECT_EQ(shape.members, proto.getStruct().getDiscriminantCount());
	if (shape.members) {
		EXPECT_EQ(shape.tag_offset, proto.getStruct().getDiscriminantOffset());
	}

	ASSERT_EQ(shape.field_count, schema.getFields().size());
	for (unsigned i = 0; i < shape.field_count; i++)
		_field(shape.fields[i], schema.getFieldByName(shape.fields[i].name()));
}

}

TEST(Tables, match_the_schema)
{
	Table_check check;
	check.run(Metadata::Manifest::shape, capnp::Schema::from<Schema::Manifest>());
	check.run(Metadata::Provenance::shape, capnp::Schema::from<Schema::Provenance>());
	EXPECT_GT(check.structs(), 40u);
}

TEST(Tables, references_are_found)
{
	std::vector<uint8_t> buffer(4096);
	Wire::Builder builder(Bytes(buffer.data(), buffer.size()));
	auto const objects = builder.init_root<Metadata::Manifest>().init_objects(2);
	auto const session = objects[0].init_rm_session();
	(void)session.init_session();
	auto const maps = session.init_region_maps(2);
	maps.set(0, 21);
	maps.set(1, 22);
	auto const thread = objects[1].init_thread();
	thread.pd(31);
	thread.gate(32);
	Result<Const_bytes> const message = builder.finish();
	ASSERT_TRUE(message);

	struct Collector final : Wire::Visitor
	{
		std::vector<std::string> found {};

		Status visit(Wire::Struct_shape const &shape, Wire::Struct_reader const &reader) override
		{
			for_each_ref(shape, reader, [&](Wire::Field const &f, uint32_t id, uint64_t offset) {
				EXPECT_LT(offset, 4096u);
				if (id)
					found.push_back(std::string(f.path) + " " + f.ref + " " + std::to_string(id));
			});
			return ok;
		}
	} collector;

	EXPECT_FALSE(Wire::walk_refs(*message, Metadata::Manifest::shape, collector));
	EXPECT_EQ(collector.found,
			  (std::vector<std::string> { "RmSession.regionMaps regionMap 21",
										  "RmSession.regionMaps regionMap 22",
										  "Thread.pd pdSession 31", "Thread.gate * 32" }));
}

TEST(Tables, a_visitor_ends_the_walk)
{
	std::vector<uint8_t> buffer(4096);
	Wire::Builder builder(Bytes(buffer.data(), buffer.size()));
	auto const objects = builder.init_root<Metadata::Manifest>().init_objects(2);
	(void)objects[0].init_region_map();
	(void)objects[1].init_region_map();
	Result<Const_bytes> const message = builder.finish();
	ASSERT_TRUE(message);

	struct Refuser final : Wire::Visitor
	{
		unsigned calls = 0;

		Status visit(Wire::Struct_shape const &, Wire::Struct_reader const &reader) override
		{
			calls++;
			return { Code::DANGLING, reader.offset(), "field", 1, 0 };
		}
	} refuser;

	Status const status = Wire::walk_refs(*message, Metadata::Manifest::shape, refuser);
	EXPECT_EQ(status.code, Code::DANGLING);
	EXPECT_EQ(refuser.calls, 1u);
}

}
