#include <iostream>

#include "command.h"
#include "documents.h"

namespace Capimg
{

static void add(Arguments app, Context &)
{
	auto const name = std::make_shared<std::string>();
	std::vector<std::string> names;
	for (Document const &document : documents()) names.push_back(document.name);

	app.option("NAME", *name,
			   "Without it, the Cap'n Proto schema of the metadata; else the "
			   "JSON Schema of this command's output")
		.one_of(names)
		.type_name("NAME");

	app.callback([name] {
		std::string const wanted = name->empty() ? "image.capnp" : *name;
		for (Document const &document : documents())
			if (wanted == document.name) std::cout << document.text;
	});
}

Command const command_schema { "schema", "Print the schema of the metadata, or of a command's JSON",
							   "capimg schema > image.capnp\n"
							   "capimg schema inspect > inspect.schema.json",
							   add, false };

}
