/*
 * capnpc-capimg: plugin of the Cap'n Proto compiler that writes core's accessors
 *
 * 'capnp compile -o capnpc-capimg:DIRECTORY image.capnp' starts it in DIRECTORY with the
 * parsed schema on stdin. Exits 1 with a message if the schema uses what core does not support.
 */

#include <fstream>
#include <iostream>

#include <capnp/serialize.h>

#include "emit.h"

namespace
{

void write(std::string const &name, std::string const &text)
{
	std::ofstream file(name, std::ios::binary);
	file << text;
	file.close();
	if (!file) throw std::runtime_error(name + ": could not be written");
}

}

int main()
{
	try {
		capnp::ReaderOptions options;
		options.traversalLimitInWords = 1u << 26; /* the request comes from the compiler */
		capnp::StreamFdMessageReader message(0, options);

		auto const request = message.getRoot<capnp::schema::CodeGeneratorRequest>();
		auto const schema = Capimg::Plugin::model_of(request);
		auto const stem = Capimg::Plugin::stem(schema);

		write(stem + ".h", Capimg::Plugin::accessors(schema));
		write(stem + ".cc", Capimg::Plugin::tables(schema));
		write(stem + "_visit.h", Capimg::Plugin::visitors(schema));
		write(stem + "_copy.h", Capimg::Plugin::copiers(schema));
		return 0;
	} catch (std::exception const &e) {
		std::cerr << "capnpc-capimg: not supported or failed: " << e.what() << "\n";
	} catch (kj::Exception const &e) {
		std::cerr << "capnpc-capimg: " << e.getDescription().cStr() << "\n";
	}
	return 1;
}
