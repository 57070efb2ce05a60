#include <algorithm>
#include <sstream>

#include "emit.h"

namespace Capimg::Plugin
{

namespace
{

/* a field, and how to get at the struct or group that has it */
struct Place
{
	Struct_model const *model;
	Field_model const *field;
	std::string group; /* "registers()." */
};

std::vector<Place> places(Struct_model const &model, std::string const &group)
{
	std::vector<Place> result;
	for (Field_model const &field : model.fields) {
		if (!field.group) {
			result.push_back({ &model, &field, group });
			continue;
		}
		auto const inner = places(*field.group, group + field.name + "().");
		result.insert(result.end(), inner.begin(), inner.end());
	}
	/* plain values first; then pointers in the order that the builder demands */
	std::ranges::stable_sort(result, {}, [](Place const &p) {
		return p.field->pointer() ? int64_t(p.field->offset) : int64_t(-1);
	});
	return result;
}

void emit_pointer(std::ostringstream &out, Field_model const &f, std::string const &from,
				  std::string const &to)
{
	out << "\tif (" << from << "has_" << f.name << "())";

	if (f.type == Type::STRUCT) {
		out << "\n\t\tcopy(" << from << f.name << "(), " << to << "init_" << f.name << "());\n";
		return;
	}
	if (f.type != Type::LIST) {
		out << "\n\t\t" << to << f.name << "(" << from << f.name << "());\n";
		return;
	}
	out << " {\n\t\tauto const list = " << from << f.name << "();\n\t\tauto const copies = " << to
		<< "init_" << f.name
		<< "(list.size());\n\t\tfor (uint32_t i = 0; i < list.size(); i++)\n\t\t\t";
	if (f.element == Type::STRUCT)
		out << "copy(list[i], copies[i]);\n";
	else if (f.element == Type::TEXT || f.element == Type::DATA)
		out << "if (list.has(i)) copies.set(i, list[i]);\n";
	else
		out << "copies.set(i, list[i]);\n";
	out << "\t}\n";
}

void emit(std::ostringstream &out, Struct_model const &model)
{
	out << "inline void copy(" << model.name << "::Reader const &from, " << model.name
		<< "::Writer const &to)\n{\n";

	if (model.members) out << "\tto.which(from.which());\n";
	for (Field_model const &f : model.fields)
		if (f.group && f.group->members)
			out << "\tto." << f.name << "().which(from." << f.name << "().which());\n";

	for (Place const &place : places(model, "")) {
		Field_model const &f = *place.field;
		std::string const from = "from." + place.group, to = "to." + place.group;

		if (f.pointer()) {
			emit_pointer(out, f, from, to);
			continue;
		}
		if (f.type == Type::VOID) continue;
		out << "\t";
		if (f.discriminant) out << "if (" << from << "which() == " << tag(*place.model, f) << ") ";
		out << to << f.name << "(" << from << f.name << "());\n";
	}
	out << "}\n\n";
}

}

std::string copiers(Schema_model const &schema)
{
	std::string const file = stem(schema) + "_copy.h";
	std::ostringstream out;
	out << preamble(schema, "Copy a struct field by field") << "#ifndef " << guard(file)
		<< "\n#define " << guard(file) << "\n\n#include \"" << stem(schema) << ".h\"\n\n"
		<< "namespace Capimg::Metadata\n{\n\n"
		<< "/*\n * 'copy' copies all fields that the schema knows, with all that is below them, in "
		   "the order\n"
		<< " * that the builder demands. What a newer minor version added is left behind, but for\n"
		<< " * the values of enums and the tags of unions.\n */\n\n";
	for (Struct_model const &model : schema.structs) emit(out, model);
	out << "}\n\n#endif /* " << guard(file) << " */\n";
	return out.str();
}

}
