#include <iostream>

#include "command.h"
#include "libimage/key.h"

namespace Capimg
{

static void add(Arguments app, Context &)
{
	auto const name = std::make_shared<std::string>();

	app.option("-o,--output", *name, "Name of the keys: NAME.key is secret, NAME.pub is not")
		.required()
		.type_name("NAME");

	app.callback([name] {
		auto const value = make_keys(*name);
		std::cerr << *name << ".key, " << *name << ".pub: key " << key_text(value) << "\n";
	});
}

Command const command_keygen { "keygen", "Make a pair of keys to sign images with",
							   "capimg keygen -o builder     writes builder.key and builder.pub",
							   add, false };

}
