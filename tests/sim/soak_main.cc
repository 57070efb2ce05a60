/*
 * The journeys of the tests, for as many seeds as one likes
 *
 *     soak FIRST COUNT [--layout ROW] [--verbose] [--keep PREFIX]
 *
 * --verbose writes each step of each thread to stderr. --keep writes each image to a
 * file. Exit code 0 if nothing went wrong, else 1.
 */

#include <cstdlib>
#include <cstring>
#include <iostream>

#include "journey.h"

using namespace Capimg::Sim;

namespace
{

struct Arguments
{
	uint64_t first = 1, count = 1;
	int layout = -1;
	bool verbose = false;
	std::string keep {};
};

bool parse(int argc, char **argv, Arguments &a)
{
	unsigned numbers = 0;
	for (int i = 1; i < argc; i++) {
		if (!std::strcmp(argv[i], "--verbose"))
			a.verbose = true;
		else if (!std::strcmp(argv[i], "--layout") && i + 1 < argc)
			a.layout = std::atoi(argv[++i]);
		else if (!std::strcmp(argv[i], "--keep") && i + 1 < argc)
			a.keep = argv[++i];
		else if (numbers < 2)
			(numbers++ ? a.count : a.first) = std::strtoull(argv[i], nullptr, 10);
		else
			return false;
	}
	return numbers > 0;
}

}

int main(int argc, char **argv)
{
	Arguments a;
	if (!parse(argc, argv, a)) {
		std::cerr << "usage: soak FIRST COUNT [--layout ROW] [--verbose] [--keep PREFIX]\n";
		return 2;
	}

	struct Row
	{
		char const *name;
		std::string (Journey::*run)();
	};
	static constexpr Row ROWS[] { { "once", &Journey::once }, { "around", &Journey::around } };

	unsigned failed = 0;
	auto const layouts = running_layouts();
	for (uint64_t seed = a.first; seed < a.first + a.count; seed++)
		for (unsigned layout : layouts) {
			if (a.layout >= 0 && unsigned(a.layout) != layout) continue;
			for (Row const &row : ROWS) {
				Journey journey(seed, layout);
				if (a.verbose) journey.log(&std::cerr);
				journey.keep_images = a.keep;
				std::string const wrong = (journey.*row.run)();
				if (wrong.empty()) continue;
				failed++;
				std::cout << "seed " << seed << " --layout " << layout << " " << row.name << ": "
						  << wrong << std::endl;
			}
		}
	std::cout << failed << " failed\n";
	return failed ? 1 : 0;
}
