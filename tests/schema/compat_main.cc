/*
 * Compares a schema with a released one
 *
 * Usage: schema_compat RELEASED.capnp CURRENT.capnp
 *
 * Exit 0 if the current schema can read what the released one wrote and the other way round,
 * 1 with a line for each reason why not, 2 if a file cannot be read or compiled.
 */

#include <cstdio>
#include <exception>

#include "tests/schema/compat.h"
#include "tests/support/schema_text.h"

int main(int argc, char **argv)
{
	using namespace Capimg::Test;

	if (argc != 3) {
		std::fprintf(stderr, "usage: schema_compat RELEASED.capnp CURRENT.capnp\n");
		return 2;
	}
	try {
		Parsed_schema const released(file_text(argv[1])), current(file_text(argv[2]));
		auto const findings = incompatibilities(released.file(), current.file());
		for (std::string const &finding : findings) std::printf("%s\n", finding.c_str());
		return findings.empty() ? 0 : 1;
	} catch (std::exception const &e) {
		std::fprintf(stderr, "schema_compat: %s\n", e.what());
	} catch (kj::Exception const &e) {
		std::fprintf(stderr, "schema_compat: %s\n", e.getDescription().cStr());
	}
	return 2;
}
