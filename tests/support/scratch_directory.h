/*
 * A directory for one test, removed at the end
 */

#ifndef CAPIMG__TESTS__SUPPORT__SCRATCH_DIRECTORY_H
#define CAPIMG__TESTS__SUPPORT__SCRATCH_DIRECTORY_H

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace Capimg::Test
{

class Scratch_directory
{
	std::string _path;
	unsigned _count = 0;

  public:
	explicit Scratch_directory(std::string const &base = usual())
	{
		std::string name = base + "/capimg-test-XXXXXX";
		if (!::mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
		_path = std::filesystem::canonical(name).string();
	}

	~Scratch_directory()
	{
		std::error_code ignored;
		std::filesystem::remove_all(_path, ignored);
	}

	Scratch_directory(Scratch_directory const &) = delete;
	Scratch_directory &operator=(Scratch_directory const &) = delete;

	/* where to put one */
	static std::string usual()
	{
		char const *const base = std::getenv("TMPDIR");
		return base ? base : "/tmp";
	}
	static std::string in_memory() { return ::access("/dev/shm", W_OK) ? usual() : "/dev/shm"; }

	std::string const &path() const { return _path; }
	std::string path(std::string const &name) const { return _path + "/" + name; }

	/* name of something that does not exist */
	std::string fresh() { return path("fresh-" + std::to_string(_count++)); }

	static void write(std::string const &path, std::span<std::byte const> bytes)
	{
		std::ofstream file(path, std::ios::binary | std::ios::trunc);
		file.write(reinterpret_cast<char const *>(bytes.data()), std::streamsize(bytes.size()));
		if (!file.flush()) throw std::runtime_error("cannot write " + path);
	}
};

}

#endif /* CAPIMG__TESTS__SUPPORT__SCRATCH_DIRECTORY_H */
