/*
 * Runs a fuzz target over the files of its corpus, in builds without libFuzzer
 *
 * Usage: fuzz_NAME DIRECTORY-OR-FILE...
 *
 * Files are taken in the order of their names. An argument that is missing or a directory
 * without files is an error, so that a lost corpus does not pass for a clean one.
 */

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size);

namespace fs = std::filesystem;

static std::vector<fs::path> inputs(fs::path const &argument)
{
	if (!fs::is_directory(argument)) return { argument };

	std::vector<fs::path> files;
	for (auto const &entry : fs::recursive_directory_iterator(argument))
		if (entry.is_regular_file()) files.push_back(entry.path());
	std::sort(files.begin(), files.end());
	return files;
}

static bool replay(fs::path const &file)
{
	std::ifstream in(file, std::ios::binary);
	if (!in) {
		std::fprintf(stderr, "cannot read %s\n", file.c_str());
		return false;
	}

	/* an allocation of the exact size, so that AddressSanitizer sees each byte beyond it */
	std::string const content { std::istreambuf_iterator<char>(in), {} };
	std::vector<std::uint8_t> const bytes(content.begin(), content.end());
	LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
	return true;
}

int main(int argc, char **argv)
{
	std::string current = "arguments";
	try {
		std::size_t count = 0;
		for (int i = 1; i < argc; i++) {
			for (fs::path const &file : inputs(argv[i])) {
				current = file.string();
				if (!replay(file)) return 1;
				count++;
			}
		}
		if (!count)
			std::fprintf(stderr, "no input\n");
		else
			std::printf("%zu inputs\n", count);
		return count ? 0 : 1;
	} catch (std::exception const &e) {
		std::fprintf(stderr, "%s: %s\n", current.c_str(), e.what());
		return 1;
	}
}
