#include "input_directory.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "image_error.h"
#include "temporary_file.h"

namespace Capimg
{

Input_file::Input_file(Input_file &&other) noexcept
	: _name(std::move(other._name)), _fd(std::exchange(other._fd, -1)), _size(other._size)
{}

void Input_file::_close()
{
	if (_fd >= 0) ::close(_fd);
}

void Input_file::read(std::uint64_t offset, std::span<std::byte> out) const
{
	read_all_at(_fd, offset, out, _name);
}

std::vector<std::byte> Input_file::content(std::uint64_t max) const
{
	if (_size > max)
		throw Image_error({ _name,
							Code::LIMIT,
							{},
							{},
							"the file is larger than " + std::to_string(max) + " bytes",
							{} });
	std::vector<std::byte> bytes(_size);
	read(0, bytes);
	return bytes;
}

std::uint64_t Input_file::next_data(std::uint64_t offset) const
{
	off_t const at = ::lseek(_fd, off_t(offset), SEEK_DATA);
	if (at >= 0) return std::min(std::uint64_t(at), _size);

	/* nothing but a hole up to the end; a file system that cannot tell has bytes everywhere */
	return errno == ENXIO ? _size : offset;
}

std::uint64_t Input_file::next_hole(std::uint64_t offset) const
{
	off_t const at = ::lseek(_fd, off_t(offset), SEEK_HOLE);
	return at >= 0 ? std::min(std::uint64_t(at), _size) : _size;
}

Input_directory::Input_directory(std::string const &path)
	: _path(path), _fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC))
{
	if (_fd < 0) throw Image_error::from_errno(errno, path, "opening");
}

Input_directory::~Input_directory() { ::close(_fd); }

Input_file Input_directory::open(std::string const &name) const
{
	static constexpr int FLAGS = O_RDONLY | O_NOFOLLOW | O_CLOEXEC;
	std::string const shown = _path + "/" + name;

	std::size_t const slash = name.find('/');
	int directory = _fd;
	if (slash != std::string::npos) {
		directory = ::openat(_fd, name.substr(0, slash).c_str(), FLAGS | O_DIRECTORY);
		if (directory < 0) throw Image_error::from_errno(errno, shown, "opening");
	}
	std::string const base = slash == std::string::npos ? name : name.substr(slash + 1);
	int const fd = ::openat(directory, base.c_str(), FLAGS | O_NONBLOCK);
	int const error = errno;
	if (directory != _fd) ::close(directory);

	if (fd < 0 && error == ELOOP)
		throw Image_error({ shown,
							Code::INVALID,
							{},
							{},
							"this is a symbolic link",
							"links are not followed: put the file itself here" });
	if (fd < 0) throw Image_error::from_errno(error, shown, "opening");

	struct stat st
	{};
	bool const known = ::fstat(fd, &st) == 0;
	if (!known || !S_ISREG(st.st_mode)) {
		::close(fd);
		throw Image_error({ shown, Code::INVALID, {}, {}, "this is not a plain file", {} });
	}
	return Input_file(shown, fd, std::uint64_t(st.st_size));
}

}
