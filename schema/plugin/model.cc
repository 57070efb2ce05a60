#include "model.h"

#include <algorithm>
#include <map>
#include <set>

#include "names.h"

namespace Capimg::Plugin
{

namespace schema = capnp::schema;

namespace
{

/* names that the generated classes have for themselves */
bool taken(std::string const &name)
{
	return name == "which" || name == "wire" || name == "tag" || name == "shape";
}

/* Wire::Field keeps the begin of the name in 8 bits */
bool path_too_long(std::string const &struct_name, Field_model const &field)
{
	return struct_name.size() + 1 + field.schema_name.size() > 255;
}

class Modeller
{
	std::map<uint64_t, schema::Node::Reader> _nodes;
	std::map<uint64_t, std::string> _annotations; /* id, "hex" */
	std::set<uint64_t> _open, _done;
	Schema_model _result;

	static std::string _short_name(schema::Node::Reader node)
	{
		std::string const name = node.getDisplayName().cStr();
		return name.substr(node.getDisplayNamePrefixLength());
	}

	schema::Node::Reader _node(uint64_t id) const
	{
		auto const it = _nodes.find(id);
		if (it == _nodes.end()) throw Unsupported("a type of another file");
		return it->second;
	}

	Type _scalar(schema::Type::Reader) const;
	void _type(schema::Type::Reader, std::string const &path, Field_model &);
	void _annotate(schema::Field::Reader, std::string const &path, Field_model &) const;
	Field_model _field(schema::Field::Reader, std::string const &path, Struct_model const &,
					   bool in_group);
	Struct_model _model(schema::Node::Reader, std::string const &schema_name,
						std::string const &name, bool is_group);
	void _add_struct(uint64_t id);
	void _add_enum(schema::Node::Reader);

  public:
	explicit Modeller(schema::CodeGeneratorRequest::Reader request);

	Schema_model take() { return std::move(_result); }
};

/* VOID for what is no scalar */
Type Modeller::_scalar(schema::Type::Reader type) const
{
	switch (type.which()) {
	case schema::Type::BOOL: return Type::BOOL;
	case schema::Type::INT8: return Type::INT8;
	case schema::Type::INT16: return Type::INT16;
	case schema::Type::INT32: return Type::INT32;
	case schema::Type::INT64: return Type::INT64;
	case schema::Type::UINT8: return Type::UINT8;
	case schema::Type::UINT16: return Type::UINT16;
	case schema::Type::UINT32: return Type::UINT32;
	case schema::Type::UINT64: return Type::UINT64;
	case schema::Type::TEXT: return Type::TEXT;
	case schema::Type::DATA: return Type::DATA;
	case schema::Type::ENUM: return Type::ENUM;
	case schema::Type::STRUCT: return Type::STRUCT;
	default: return Type::VOID;
	}
}

void Modeller::_type(schema::Type::Reader type, std::string const &path, Field_model &field)
{
	auto const refer = [&](schema::Type::Reader to) {
		if (to.isEnum()) field.type_id = to.getEnum().getTypeId();
		if (to.isStruct()) {
			field.type_id = to.getStruct().getTypeId();
			_add_struct(field.type_id);
		}
		if (field.type_id) field.type_name = type_name(_short_name(_node(field.type_id)));
	};

	if (type.isVoid()) return;

	if (type.isList()) {
		field.type = Type::LIST;
		field.element = _scalar(type.getList().getElementType());
		if (field.element == Type::VOID) throw Unsupported(path + ": this type of list");
		refer(type.getList().getElementType());
		return;
	}
	field.type = _scalar(type);
	if (field.type == Type::VOID) throw Unsupported(path + ": this type");
	refer(type);
}

void Modeller::_annotate(schema::Field::Reader from, std::string const &path,
						 Field_model &field) const
{
	for (auto const annotation : from.getAnnotations()) {
		auto const it = _annotations.find(annotation.getId());
		if (it == _annotations.end()) continue;
		if (it->second == "hex") field.hex = true;
		if (it->second == "ref") field.ref = annotation.getValue().getText().cStr();
	}
	bool const ids =
		field.type == Type::UINT32 || (field.type == Type::LIST && field.element == Type::UINT32);
	if (field.ref && !ids) throw Unsupported(path + ": $ref on a type other than UInt32");
}

Field_model Modeller::_field(schema::Field::Reader from, std::string const &path,
							 Struct_model const &parent, bool in_group)
{
	Field_model field;
	field.schema_name = from.getName().cStr();
	field.name = function_name(field.schema_name);
	if (taken(field.name)) throw Unsupported(path + ": the generated code needs this name");

	if (from.getDiscriminantValue() != schema::Field::NO_DISCRIMINANT)
		field.discriminant = from.getDiscriminantValue();

	if (from.isGroup()) {
		if (in_group || field.discriminant)
			throw Unsupported(path + ": this group in a group or union");
		field.type = Type::GROUP;
		field.type_name = type_name(field.schema_name);
		field.group = std::make_shared<Struct_model>(_model(
			_node(from.getGroup().getTypeId()), path, parent.name + "::" + field.type_name, true));
		return field;
	}
	if (from.getSlot().getHadExplicitDefault()) throw Unsupported(path + ": an explicit default");
	field.offset = from.getSlot().getOffset();
	_type(from.getSlot().getType(), path, field);
	_annotate(from, path, field);
	return field;
}

Struct_model Modeller::_model(schema::Node::Reader node, std::string const &schema_name,
							  std::string const &name, bool is_group)
{
	auto const from = node.getStruct();
	Struct_model model;
	model.schema_name = schema_name;
	model.name = name;
	model.id = node.getId();
	model.data_words = from.getDataWordCount();
	model.pointers = from.getPointerCount();
	model.members = from.getDiscriminantCount();
	model.tag_offset = from.getDiscriminantOffset();

	if (node.getIsGeneric()) throw Unsupported(schema_name + ": a generic struct");
	if (node.getNestedNodes().size()) throw Unsupported(schema_name + ": a type within a struct");
	if (model.data_words + model.pointers == 0)
		throw Unsupported(schema_name + ": an empty struct");

	std::vector<schema::Field::Reader> fields;
	for (auto const field : from.getFields()) fields.push_back(field);
	std::ranges::sort(fields, {}, [](auto f) { return f.getCodeOrder(); });
	for (auto const field : fields)
		model.fields.push_back(
			_field(field, schema_name + "." + field.getName().cStr(), model, is_group));

	/* 'hasSlot' beside a text 'slot' would be two functions of one name */
	std::set<std::string> names;
	for (Field_model const &field : model.fields) {
		bool const unique = names.insert(field.name).second &&
							(!field.pointer() || (names.insert("has_" + field.name).second &&
												  names.insert("init_" + field.name).second));
		if (!unique || path_too_long(schema_name, field))
			throw Unsupported(schema_name + "." + field.schema_name + ": this name");
	}
	return model;
}

void Modeller::_add_struct(uint64_t id)
{
	if (_done.contains(id)) return;

	auto const node = _node(id);
	std::string const name = _short_name(node);
	if (!_open.insert(id).second) throw Unsupported(name + ": a struct that contains itself");

	Struct_model model = _model(node, name, type_name(name), false);
	_result.structs.push_back(std::move(model));
	_done.insert(id);
}

void Modeller::_add_enum(schema::Node::Reader node)
{
	Enum_model model { type_name(_short_name(node)), _short_name(node), {} };
	for (auto const enumerant : node.getEnum().getEnumerants())
		model.enumerants.emplace_back(enumerant.getName().cStr());
	_result.enums.push_back(std::move(model));
}

Modeller::Modeller(schema::CodeGeneratorRequest::Reader request)
{
	if (request.getRequestedFiles().size() != 1) throw Unsupported("more than one schema file");
	auto const file = request.getRequestedFiles()[0];
	_result.file = file.getFilename().cStr();

	for (auto const node : request.getNodes()) _nodes.emplace(node.getId(), node);

	for (auto const nested : _node(file.getId()).getNestedNodes())
		if (_node(nested.getId()).isAnnotation())
			_annotations.emplace(nested.getId(), nested.getName().cStr());

	for (auto const nested : _node(file.getId()).getNestedNodes()) {
		auto const node = _node(nested.getId());
		if (node.isStruct())
			_add_struct(node.getId());
		else if (node.isEnum())
			_add_enum(node);
		else if (!node.isAnnotation())
			throw Unsupported(std::string(nested.getName().cStr()) + ": this kind of declaration");
	}
}

}

bool Struct_model::has_refs() const
{
	return std::ranges::any_of(fields, [](Field_model const &f) {
		return f.ref.has_value() || (f.group && f.group->has_refs());
	});
}

std::vector<Field_model const *> Struct_model::pointer_fields() const
{
	std::vector<Field_model const *> result;
	for (Field_model const &field : fields)
		if (field.pointer()) result.push_back(&field);
	std::ranges::sort(result, {}, [](Field_model const *f) {
		return std::pair(f->offset, f->discriminant.value_or(0));
	});
	return result;
}

Schema_model model_of(schema::CodeGeneratorRequest::Reader request)
{
	return Modeller(request).take();
}

}
