/*
 * Files of a directory that nobody vouches for
 *
 * Names are made by us and never taken from the directory's own documents. No symbolic link
 * below the directory is followed, and what is no plain file is refused before it is read, so
 * that a directory from elsewhere leads to no other file and to no pipe that never ends.
 */

#ifndef CAPIMG__INPUT_DIRECTORY_H
#define CAPIMG__INPUT_DIRECTORY_H

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/types.h"

namespace Capimg
{

/* a plain file that is open for reading; movable */
class Input_file
{
	std::string _name; /* for errors */
	int _fd;
	std::uint64_t _size;

	void _close();

  public:
	Input_file(std::string name, int fd, std::uint64_t size)
		: _name(std::move(name)), _fd(fd), _size(size)
	{}
	Input_file(Input_file &&) noexcept;
	Input_file &operator=(Input_file &&) = delete;
	~Input_file() { _close(); }

	std::string const &name() const { return _name; }
	std::uint64_t size() const { return _size; }

	/* throws 'Image_error' if the file ends early */
	void read(std::uint64_t offset, std::span<std::byte> out) const;

	/* all of it; LIMIT if it is larger than 'max' */
	std::vector<std::byte> content(std::uint64_t max) const;

	/* first byte at or behind 'offset' that may not be zero, and the end of such bytes */
	std::uint64_t next_data(std::uint64_t offset) const;
	std::uint64_t next_hole(std::uint64_t offset) const;
};

class Input_directory : Noncopyable
{
	std::string _path;
	int _fd;

  public:
	/* throws 'Image_error', as do all functions */
	explicit Input_directory(std::string const &path);
	~Input_directory();

	std::string const &path() const { return _path; }

	/* 'name' is "file" or "directory/file" */
	Input_file open(std::string const &name) const;
};

}

#endif /* CAPIMG__INPUT_DIRECTORY_H */
