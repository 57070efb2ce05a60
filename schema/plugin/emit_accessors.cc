#include <sstream>

#include "emit.h"
#include "names.h"

namespace Capimg::Plugin
{

namespace
{

/* the unsigned integer that a value travels as */
std::string carrier(Type type)
{
	switch (type) {
	case Type::INT8:
	case Type::UINT8: return "uint8_t";
	case Type::INT16:
	case Type::UINT16:
	case Type::ENUM: return "uint16_t";
	case Type::INT32:
	case Type::UINT32: return "uint32_t";
	default: return "uint64_t";
	}
}

bool is_unsigned(Type type) { return type >= Type::UINT8 && type <= Type::UINT64; }

/* how a reader or writer names a list: "Value_list_", "uint32_t" */
struct List_names
{
	std::string kind, element;

	explicit List_names(Field_model const &field)
	{
		switch (field.element) {
		case Type::STRUCT:
			kind = "struct";
			element = field.type_name;
			break;
		case Type::TEXT:
		case Type::DATA:
			kind = "blob";
			element = value_type(field.element, {});
			break;
		default: kind = "value"; element = value_type(field.element, field.type_name);
		}
	}

	std::string reader() const
	{
		std::string const kind_name = char(std::toupper(kind[0])) + kind.substr(1);
		return "Wire::" + kind_name + "_list_reader<" + element +
			   (kind == "struct" ? "::Reader>" : ">");
	}

	std::string writer() const
	{
		std::string const kind_name = char(std::toupper(kind[0])) + kind.substr(1);
		return "Wire::" + kind_name + "_list_writer<" + element + ">";
	}
};

class Emitter
{
	std::ostringstream _out;

	/* name as seen from inside of the struct */
	static std::string _which(Field_model const &f)
	{
		return "Which::" + constant_name(f.schema_name);
	}

	/* value of a member of a union: the default unless the tag says that it is there */
	static std::string _guarded(Field_model const &f, std::string const &type,
								std::string const &value)
	{
		if (!f.discriminant) return value;
		return "which() == " + _which(f) + " ? " + value + " : " + type + "()";
	}

	void _getter(Field_model const &f, std::string const &type, std::string const &value)
	{
		_out << "\t" << type << " " << f.name << "() const { return " << _guarded(f, type, value)
			 << "; }\n";
	}

	void _reader_field(Field_model const &f);
	void _writer_field(Field_model const &f);
	void _declare(Struct_model const &, std::string const &indent, std::string const &name);
	void _reader(Struct_model const &);
	void _writer(Struct_model const &);

  public:
	std::string run(Schema_model const &);
};

void Emitter::_reader_field(Field_model const &f)
{
	std::string const slot = "(" + std::to_string(f.offset) + ")";

	switch (f.type) {
	case Type::VOID: return;
	case Type::BOOL: _getter(f, "bool", "_s.bit" + slot); return;
	case Type::TEXT: _getter(f, "Wire::Text", "_s.text" + slot); break;
	case Type::DATA: _getter(f, "Const_bytes", "_s.data" + slot); break;
	case Type::GROUP: _getter(f, f.type_name + "::Reader", f.type_name + "::Reader(_s)"); return;

	case Type::STRUCT: {
		std::string const type = f.type_name + "::Reader";
		_getter(f, type, type + "(_s.structure" + slot + ")");
		break;
	}
	case Type::LIST: {
		List_names const list(f);
		std::string const argument =
			list.kind == "struct" ? list.element + "::Reader" : list.element;
		_getter(f, list.reader(), "_s." + list.kind + "s<" + argument + ">" + slot);
		break;
	}
	default: {
		std::string const type = value_type(f.type, f.type_name);
		std::string const value = "_s.load<" + carrier(f.type) + ">" + slot;
		_getter(f, type, is_unsigned(f.type) ? value : type + "(" + value + ")");
		return;
	}
	}
	_out << "\tbool has_" << f.name << "() const { return "
		 << (f.discriminant ? "which() == " + _which(f) + " && " : "") << "_s.has" << slot
		 << "; }\n";
}

void Emitter::_reader(Struct_model const &model)
{
	_out << "class " << model.name << "::Reader\n{\n\tWire::Struct_reader _s {};\n\n  public:\n"
		 << "\tReader() = default;\n"
		 << "\texplicit Reader(Wire::Struct_reader const &s) : _s(s) {}\n\n"
		 << "\tWire::Struct_reader const &wire() const { return _s; }\n\n";

	if (model.members)
		_out << "\tWhich which() const { return Which(_s.load<uint16_t>(" << model.tag_offset
			 << ")); }\n\n";
	for (Field_model const &field : model.fields) _reader_field(field);
	_out << "};\n\n";
}

void Emitter::_writer_field(Field_model const &f)
{
	std::string const slot = std::to_string(f.offset);
	std::string const mark = f.discriminant ? "which(" + _which(f) + "); " : "";

	auto const setter = [&](std::string const &type, std::string const &statement) {
		_out << "\tvoid " << f.name << "(" << type << " v) const { " << mark << statement << " }\n";
	};
	auto const init = [&](std::string const &type, std::string const &parameter,
						  std::string const &value) {
		_out << "\t" << type << " init_" << f.name << "(" << parameter << ") const { " << mark
			 << "return " << value << "; }\n";
	};

	switch (f.type) {
	case Type::VOID:
		if (f.discriminant)
			_out << "\tvoid " << f.name << "() const { which(" << _which(f) << "); }\n";
		return;
	case Type::BOOL: return setter("bool", "_s.bit(" + slot + ", v);");
	case Type::TEXT: return setter("Wire::Text", "_s.text(" + slot + ", v);");
	case Type::DATA: return setter("Const_bytes", "_s.data(" + slot + ", v);");
	case Type::GROUP:
		_out << "\t" << f.type_name << "::Writer " << f.name << "() const { return " << f.type_name
			 << "::Writer(_s); }\n";
		return;
	case Type::STRUCT:
		return init(f.type_name + "::Writer", "",
					"_s.init_struct<" + f.type_name + ">(" + slot + ")");
	case Type::LIST: {
		List_names const list(f);
		return init(list.writer(), "uint32_t count",
					"_s.init_" + list.kind + "s<" + list.element + ">(" + slot + ", count)");
	}
	default: {
		std::string const type = value_type(f.type, f.type_name);
		std::string const value = is_unsigned(f.type) ? "v" : carrier(f.type) + "(v)";
		return setter(type, "_s.store<" + carrier(f.type) + ">(" + slot + ", " + value + ");");
	}
	}
}

void Emitter::_writer(Struct_model const &model)
{
	_out << "class " << model.name << "::Writer\n{\n\tWire::Struct_writer _s {};\n\n"
		 << "  public:\n\tWriter() = default;\n"
		 << "\texplicit Writer(Wire::Struct_writer const &s) : _s(s) {}\n\n";

	if (model.members)
		_out << "\tvoid which(Which v) const { _s.store<uint16_t>(" << model.tag_offset
			 << ", uint16_t(v)); }\n\n";

	for (Field_model const &field : model.fields)
		if (!field.pointer()) _writer_field(field);

	auto const pointers = model.pointer_fields();
	if (!pointers.empty()) _out << "\n\t/* in this order */\n";
	for (Field_model const *field : pointers) _writer_field(*field);
	_out << "};\n\n";
}

/* the struct that holds the names; 'name' is without that of the enclosing struct */
void Emitter::_declare(Struct_model const &model, std::string const &indent,
					   std::string const &name)
{
	_out << indent << "struct " << name << "\n" << indent << "{\n";
	if (indent.empty())
		_out << "\tstatic constexpr uint64_t ID = 0x" << std::hex << model.id << std::dec
			 << ";\n\tstatic constexpr uint16_t DATA_WORDS = " << model.data_words
			 << ", POINTERS = " << model.pointers << ";\n";
	_out << indent << "\tstatic Wire::Struct_shape const shape;\n";

	if (model.members) {
		_out << "\n" << indent << "\tenum class Which : uint16_t {\n";
		for (Field_model const &field : model.fields)
			if (field.discriminant)
				_out << indent << "\t\t" << constant_name(field.schema_name) << " = "
					 << *field.discriminant << ",\n";
		_out << indent << "\t};\n";
	}
	for (Field_model const &field : model.fields) {
		if (!field.group) continue;
		_out << "\n";
		_declare(*field.group, indent + "\t", field.type_name);
	}
	_out << "\n"
		 << indent << "\tclass Reader;\n"
		 << indent << "\tclass Writer;\n"
		 << indent << "};\n";
	if (indent.empty()) _out << "\n";
}

std::string Emitter::run(Schema_model const &schema)
{
	std::string const file = stem(schema) + ".h";
	_out << preamble(schema, "Readers and writers of the structs of a capimg image") << "#ifndef "
		 << guard(file) << "\n#define " << guard(file) << "\n\n"
		 << "#include \"../wire_read.h\"\n#include \"../wire_shape.h\"\n#include "
			"\"../wire_write.h\"\n\n"
		 << "namespace Capimg::Metadata\n{\n\n";

	for (Enum_model const &model : schema.enums) {
		_out << "enum class " << model.name << " : uint16_t {\n";
		for (size_t i = 0; i < model.enumerants.size(); i++)
			_out << "\t" << constant_name(model.enumerants[i]) << " = " << i << ",\n";
		_out << "};\n\n";
	}
	for (Struct_model const &model : schema.structs) {
		_out << "/* ---- " << model.schema_name << " ---- */\n\n";
		_declare(model, "", model.name);
		for (Field_model const &field : model.fields) {
			if (!field.group) continue;
			_reader(*field.group);
			_writer(*field.group);
		}
		_reader(model);
		_writer(model);
	}
	_out << "}\n\n#endif /* " << guard(file) << " */\n";
	return _out.str();
}

}

std::string accessors(Schema_model const &schema) { return Emitter().run(schema); }

}
