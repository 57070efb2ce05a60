#include "enum_names.h"

#include <capnp/schema.h>
#include <set>
#include <unordered_map>

#include "core/generated/image.h"
#include "image.capnp.h"

namespace Capimg
{

namespace
{

using Names = std::vector<std::string_view>;

/* walks core's shapes and the official schema side by side */
class Name_table
{
	std::unordered_map<Wire::Field const *, Names> _names {};
	std::set<Wire::Struct_shape const *> _seen {};

	void _add_enum(Wire::Field const &field, capnp::EnumSchema schema)
	{
		Names &names = _names[&field];
		for (auto const enumerant : schema.getEnumerants())
			names.push_back(enumerant.getProto().getName().cStr());
	}

	void _add_type(Wire::Field const &field, capnp::Type type)
	{
		if (type.isList()) type = type.asList().getElementType();
		if (type.isEnum()) _add_enum(field, type.asEnum());
		if (type.isStruct() && field.shape) _add(*field.shape, type.asStruct());
	}

	void _add(Wire::Struct_shape const &shape, capnp::StructSchema schema)
	{
		if (!_seen.insert(&shape).second) return;
		for (unsigned i = 0; i < shape.field_count; i++)
			_add_type(shape.fields[i], schema.getFieldByName(shape.fields[i].name()).getType());
	}

  public:
	Name_table()
	{
		_add(Metadata::Manifest::shape, capnp::Schema::from<Schema::Manifest>());
		_add(Metadata::Provenance::shape, capnp::Schema::from<Schema::Provenance>());
	}

	Names const &of(Wire::Field const &field) const
	{
		static Names const none;
		auto const at = _names.find(&field);
		return at == _names.end() ? none : at->second;
	}
};

}

std::vector<std::string_view> const &enum_names(Wire::Field const &field)
{
	static Name_table const table;
	return table.of(field);
}

std::string_view enum_name(Wire::Field const &field, std::uint16_t value)
{
	std::vector<std::string_view> const &names = enum_names(field);
	return value < names.size() ? names[value] : std::string_view();
}

}
