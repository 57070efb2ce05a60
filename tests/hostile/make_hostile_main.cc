/*
 * Writes hostile images as files
 *
 * Usage: make_hostile DIRECTORY [COUNT]
 *
 * Without COUNT the images of tests/support/small_hostile.h, each with its name; else so many
 * mutations (image_mutation.h) of images of generated components, of all layouts in turn.
 */

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "libimage/core/cap_layout.h"
#include "tests/support/component_image.h"
#include "tests/support/image_mutation.h"
#include "tests/support/nested_maps.h"
#include "tests/support/small_hostile.h"

using namespace Capimg::Test;

static void write(std::string const &path, std::span<std::byte const> bytes)
{
	std::ofstream file(path, std::ios::binary);
	file.write(reinterpret_cast<char const *>(bytes.data()), std::streamsize(bytes.size()));
	if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

static std::vector<std::vector<std::byte>> bases()
{
	std::vector<std::vector<std::byte>> images;
	for (unsigned layout = 0; layout < Capimg::cap_layouts().count; layout++) {
		Component_options options;
		options.layout = layout;
		options.count = 64;
		options.capabilities = 24;
		options.churn = 20;
		options.objects = 6;
		options.variables = 10;
		Component_image image;
		image.threads = 2;
		images.push_back(image.write(Component(options)));
	}
	for (unsigned seed = 0; seed < 4; seed++) images.push_back(nested_maps(seed));
	return images;
}

int main(int argc, char **argv)
{
	if (argc != 2 && argc != 3) {
		std::fprintf(stderr, "usage: make_hostile DIRECTORY [COUNT]\n");
		return 2;
	}
	try {
		std::string const directory = std::string(argv[1]) + "/";
		if (argc == 2) {
			for (auto const &[name, image] : small_hostile())
				write(directory + name + ".img", image);
			return 0;
		}
		auto const images = bases();
		unsigned const count = unsigned(std::strtoul(argv[2], nullptr, 10));
		for (unsigned i = 0; i < count; i++)
			write(directory + "mutation-" + std::to_string(i) + ".img",
				  Image_mutation(i).mutate(images[i % images.size()]));
	} catch (std::exception const &error) {
		std::fprintf(stderr, "make_hostile: %s\n", error.what());
		return 1;
	}
	return 0;
}
