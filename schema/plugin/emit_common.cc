#include <cctype>

#include "emit.h"
#include "names.h"

namespace Capimg::Plugin
{

std::string preamble(Schema_model const &schema, std::string const &what)
{
	return "/*\n * " + what + "\n *\n * Generated from schema/" + schema.file +
		   ", do not edit. Written by: schema/generate PLUGIN libimage/core/generated\n */\n\n";
}

std::string value_type(Type type, std::string const &enum_name)
{
	switch (type) {
	case Type::BOOL: return "bool";
	case Type::INT8: return "int8_t";
	case Type::INT16: return "int16_t";
	case Type::INT32: return "int32_t";
	case Type::INT64: return "int64_t";
	case Type::UINT8: return "uint8_t";
	case Type::UINT16: return "uint16_t";
	case Type::UINT32: return "uint32_t";
	case Type::UINT64: return "uint64_t";
	case Type::ENUM: return enum_name;
	case Type::TEXT: return "Wire::Text";
	case Type::DATA: return "Const_bytes";
	default: return "Wire::Void";
	}
}

std::string tag(Struct_model const &model, Field_model const &field)
{
	return model.name + "::Which::" + constant_name(field.schema_name);
}

std::string stem(Schema_model const &schema)
{
	return schema.file.substr(0, schema.file.rfind('.'));
}

std::string guard(std::string const &file_name)
{
	std::string name = "CAPIMG__CORE__GENERATED__";
	for (char c : file_name)
		name += c == '.' ? '_' : char(std::toupper(static_cast<unsigned char>(c)));
	return name;
}

}
