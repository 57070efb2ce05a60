/*
 * An ELF core of a generated component, for measurements
 *
 * Usage: make_core OUT [CAPABILITIES [OBJECTS [LAYOUT]]]
 *
 * CAPABILITIES used entries of a map with some room, OBJECTS in each of two Object_pools, LAYOUT a
 * row of 'cap_layouts'.
 */

#include <cstdlib>
#include <fstream>
#include <iostream>

#include "tests/support/imported_image.h"

int main(int argc, char **argv)
{
	auto const number = [&](int i, unsigned otherwise) {
		return i < argc ? unsigned(std::strtoul(argv[i], nullptr, 0)) : otherwise;
	};
	if (argc < 2) {
		std::cerr << "usage: make_core OUT [CAPABILITIES [OBJECTS [LAYOUT]]]\n";
		return 2;
	}

	Capimg::Test::Component_options options;
	options.capabilities = number(2, 4096);
	/* with room for the selectors below the user's, as far as a map may have */
	options.count = std::min((options.capabilities / 64 + 16) * 64, Capimg::Limit::MAX_CAP_ENTRIES);
	options.objects = number(3, options.capabilities / 4);
	options.layout = number(4, 0);
	options.churn = options.capabilities / 8;

	std::string const core = Capimg::Test::core_of(Capimg::Test::Component(options));
	std::ofstream out(argv[1], std::ios::binary);
	out.write(core.data(), std::streamsize(core.size()));
	return out.good() ? 0 : 1;
}
