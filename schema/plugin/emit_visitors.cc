#include <sstream>

#include "emit.h"

namespace Capimg::Plugin
{

namespace
{

void emit(std::ostringstream &out, Struct_model const &model)
{
	out << "template <typename V>\nvoid visit(" << model.name
		<< "::Reader const &r, V &&visitor)\n{\n";

	for (size_t i = 0; i < model.fields.size(); i++) {
		Field_model const &f = model.fields[i];
		std::string const present = f.pointer() ? "r.has_" + f.name + "()" : "true";
		std::string const value = f.type == Type::VOID ? "Wire::Void()" : "r." + f.name + "()";
		out << "\t";
		if (f.discriminant) out << "if (r.which() == " << tag(model, f) << ") ";
		out << "visitor(" << model.name << "::shape.fields[" << i << "], " << present << ", "
			<< value << ");\n";
	}
	out << "}\n\n";
}

}

std::string visitors(Schema_model const &schema)
{
	std::string const file = stem(schema) + "_visit.h";
	std::ostringstream out;
	out << preamble(schema, "Visit all fields of a struct") << "#ifndef " << guard(file)
		<< "\n#define " << guard(file) << "\n\n#include \"" << stem(schema) << ".h\"\n\n"
		<< "namespace Capimg::Metadata\n{\n\n"
		<< "/*\n * 'visit' calls visitor(Wire::Field const &, bool present, VALUE const &) for "
		   "each field,\n"
		<< " * of a union for the member that is there. VALUE is what the reader's function "
		   "returns, or\n"
		<< " * Wire::Void. 'present' is false for a null pointer. A visitor that wants to go into "
		   "groups,\n"
		<< " * structs and lists of structs calls 'visit' for them.\n */\n\n";

	for (Struct_model const &model : schema.structs) {
		for (Field_model const &field : model.fields)
			if (field.group) emit(out, *field.group);
		emit(out, model);
	}
	out << "}\n\n#endif /* " << guard(file) << " */\n";
	return out.str();
}

}
