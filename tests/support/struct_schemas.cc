#include "tests/support/struct_schemas.h"

#include "libimage/enum_names.h"

namespace Capimg::Test
{

using namespace Wire;

static Json reference(std::string const &name) { return { { "$ref", "#/$defs/" + name } }; }

static Json integer(std::int64_t min, std::uint64_t max)
{
	return { { "type", "integer" }, { "minimum", min }, { "maximum", max } };
}

static Json value_schema(Field const &field, Type type)
{
	if (field.hex) return reference(type == Type::UINT64 ? "hex64" : "hex32");

	switch (type) {
	case Type::VOID: return { { "type", "null" } };
	case Type::BOOL: return { { "type", "boolean" } };
	case Type::INT8: return integer(-128, 127);
	case Type::INT16: return integer(-32768, 32767);
	case Type::INT32: return integer(INT32_MIN, INT32_MAX);
	case Type::UINT8: return integer(0, 0xff);
	case Type::UINT16: return integer(0, 0xffff);
	case Type::UINT32: return integer(0, 0xffffffff);
	case Type::INT64:
	case Type::UINT64: return reference("decimal");
	case Type::TEXT: return { { "type", "string" } };
	case Type::DATA: return reference("bytes");
	case Type::ENUM: {
		Json names = Json::array();
		for (std::string_view const name : enum_names(field)) names.push_back(name);
		Json const known { { "enum", names } };
		return { { "anyOf", Json::array({ known, integer(0, 0xffff) }) } };
	}
	default: return reference(field.shape->name);
	}
}

static Json field_schema(Field const &field)
{
	Json schema =
		field.type == Type::LIST
			? Json { { "type", "array" }, { "items", value_schema(field, field.element) } }
			: value_schema(field, field.type);

	/* a member of a union may be there without a value */
	bool const pointer = field.type == Type::LIST || field.type == Type::STRUCT ||
						 field.type == Type::TEXT || field.type == Type::DATA;
	if (field.discriminant == NO_UNION || !pointer) return schema;
	return { { "anyOf", Json::array({ schema, { { "type", "null" } } }) } };
}

/* one member of the union, or none */
static Json union_schema(Struct_shape const &shape)
{
	Json each = Json::array();
	for (unsigned i = 0; i < shape.field_count; i++)
		if (shape.fields[i].discriminant != NO_UNION)
			each.push_back({ { "required", Json::array({ shape.fields[i].name() }) } });

	Json one = each;
	one.push_back({ { "not", { { "anyOf", each } } } });
	return one;
}

void add_struct_schemas(Json &definitions, Struct_shape const &shape)
{
	if (definitions.contains(shape.name)) return;

	/* taken before those below it are, so that the order is that of the schema */
	definitions[shape.name] = nullptr;

	Json properties = Json::object();
	for (unsigned i = 0; i < shape.field_count; i++) {
		properties[shape.fields[i].name()] = field_schema(shape.fields[i]);
		if (shape.fields[i].shape) add_struct_schemas(definitions, *shape.fields[i].shape);
	}
	properties["unknown"] = reference("unknown");

	Json schema { { "type", "object" },
				  { "properties", properties },
				  { "additionalProperties", false } };
	if (shape.members) schema["oneOf"] = union_schema(shape);
	definitions[shape.name] = schema;
}

}
