#include <algorithm>
#include <map>
#include <sstream>

#include "emit.h"
#include "names.h"

namespace Capimg::Plugin
{

namespace
{

constexpr char const *TYPE_NAMES[] { "VOID",  "BOOL",   "INT8",   "INT16",  "INT32", "INT64",
									 "UINT8", "UINT16", "UINT32", "UINT64", "ENUM",  "TEXT",
									 "DATA",  "STRUCT", "LIST",   "GROUP" };

std::string type(Type t) { return std::string("Type::") + TYPE_NAMES[size_t(t)]; }

std::string quoted(std::string const &text)
{
	std::string result = "\"";
	for (char c : text) {
		if (c == '"' || c == '\\') result += '\\';
		result += c;
	}
	return result + "\"";
}

/* 'Thread::Registers' becomes 'thread_registers' */
std::string prefix(Struct_model const &model)
{
	std::string result;
	for (char c : model.name)
		if (c == ':') {
			if (result.back() != '_') result += '_';
		} else
			result += char(std::tolower(static_cast<unsigned char>(c)));
	return result;
}

/* what shares a slot: fields of one union, or one field */
struct Slot_model
{
	Struct_model const *union_of = nullptr;
	std::vector<std::string> candidates; /* expressions */
};

class Emitter
{
	std::ostringstream _out;

	void _fields(Struct_model const &);
	void _slots(Struct_model const &);
	void _shape(Struct_model const &, bool is_group);

  public:
	std::string run(Schema_model const &);
};

void Emitter::_fields(Struct_model const &model)
{
	_out << "constexpr Field " << prefix(model) << "_fields[] {\n";
	for (Field_model const &f : model.fields) {
		std::string const path = model.schema_name + "." + f.schema_name;
		std::string shape = "nullptr";
		if (f.group) shape = "&" + f.group->name + "::shape";
		if (f.type == Type::STRUCT || f.element == Type::STRUCT)
			shape = "&" + f.type_name + "::shape";

		_out << "\t{ " << quoted(path) << ", " << model.schema_name.size() + 1 << ", "
			 << type(f.type) << ", " << type(f.element) << ", " << (f.hex ? "true" : "false")
			 << ", " << (f.discriminant ? std::to_string(*f.discriminant) : "NO_UNION") << ", "
			 << f.offset << ", " << (f.ref ? quoted(*f.ref) : "nullptr") << ", " << shape
			 << " },\n";
	}
	_out << "};\n\n";
}

void collect(Struct_model const &model, std::map<uint32_t, Slot_model> &slots)
{
	for (size_t i = 0; i < model.fields.size(); i++) {
		Field_model const &f = model.fields[i];
		if (f.group) collect(*f.group, slots);
		if (!f.pointer()) continue;

		Slot_model &slot = slots[f.offset];
		if (!slot.candidates.empty() && (!f.discriminant || slot.union_of != &model))
			throw Unsupported(model.schema_name + "." + f.schema_name +
							  ": a pointer slot shared outside of one union");
		if (f.discriminant) slot.union_of = &model;
		slot.candidates.push_back("&" + prefix(model) + "_fields[" + std::to_string(i) + "]");
	}
}

void Emitter::_slots(Struct_model const &model)
{
	if (model.pointers == 0) return;

	std::map<uint32_t, Slot_model> slots;
	collect(model, slots);

	std::ostringstream table;
	for (uint32_t i = 0; i < model.pointers; i++) {
		Slot_model const &slot = slots[i];
		std::string const name = prefix(model) + "_slot_" + std::to_string(i);
		if (slot.candidates.empty()) {
			table << "\t{ nullptr, 0, 0, 0 },\n";
			continue;
		}
		_out << "constexpr Field const *" << name << "[] {\n";
		for (std::string const &candidate : slot.candidates) _out << "\t" << candidate << ",\n";
		_out << "};\n\n";

		table << "\t{ " << name << ", " << slot.candidates.size() << ", "
			  << (slot.union_of ? slot.union_of->members : 0) << ", "
			  << (slot.union_of ? slot.union_of->tag_offset : 0) << " },\n";
	}
	_out << "constexpr Slot " << prefix(model) << "_slots[] {\n" << table.str() << "};\n\n";
}

void Emitter::_shape(Struct_model const &model, bool is_group)
{
	_out << "constinit Struct_shape const " << model.name << "::shape {\n\t"
		 << quoted(model.schema_name) << ", 0x" << std::hex << model.id << std::dec << ",\n\t"
		 << model.data_words << ", " << model.pointers << ", "
		 << (model.has_refs() ? "true" : "false") << ", " << model.members << ", "
		 << model.tag_offset << ",\n\t" << model.fields.size() << ", " << prefix(model)
		 << "_fields, " << (is_group || !model.pointers ? "nullptr" : prefix(model) + "_slots")
		 << "\n};\n\n";
}

std::string Emitter::run(Schema_model const &schema)
{
	_out << preamble(schema, "Tables of all fields (wire_shape.h)") << "#include \"" << stem(schema)
		 << ".h\"\n\nnamespace Capimg::Metadata\n{\n\nusing namespace Wire;\n\nnamespace\n{\n\n";

	for (Struct_model const &model : schema.structs) {
		for (Field_model const &field : model.fields)
			if (field.group) _fields(*field.group);
		_fields(model);
		_slots(model);
	}
	_out << "}\n\n";

	for (Struct_model const &model : schema.structs) {
		for (Field_model const &field : model.fields)
			if (field.group) _shape(*field.group, true);
		_shape(model, false);
	}
	_out << "}\n";
	return _out.str();
}

}

std::string tables(Schema_model const &schema) { return Emitter().run(schema); }

}
