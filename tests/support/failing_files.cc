#include "failing_files.h"

#include <cerrno>
#include <unistd.h>

namespace Capimg::Test
{

using Real = File_operations;

int Guarded_files::open(std::string const &path, int flags, mode_t mode)
{
	return _guarded([&] { return Real::open(path, flags, mode); });
}

int Guarded_files::close(int fd)
{
	bool const good = _may();
	int const error = errno;
	int const result = Real::close(fd);
	if (good) return result;
	errno = error;
	return -1;
}

int Guarded_files::make_temporary_file(std::string &name)
{
	return _guarded([&] { return Real::make_temporary_file(name); });
}

int Guarded_files::make_temporary_directory(std::string &name)
{
	return _guarded([&] { return Real::make_temporary_directory(name); });
}

int Guarded_files::make_directory(std::string const &path)
{
	return _guarded([&] { return Real::make_directory(path); });
}

ssize_t Guarded_files::write(int fd, std::span<iovec const> pieces)
{
	return _guarded([&] { return Real::write(fd, pieces); });
}

ssize_t Guarded_files::copy_range(int from, std::uint64_t offset, int to, std::uint64_t size)
{
	return _guarded([&] { return Real::copy_range(from, offset, to, size); });
}

ssize_t Guarded_files::write_at(int fd, std::uint64_t offset, std::span<std::byte const> bytes)
{
	return _guarded([&] { return Real::write_at(fd, offset, bytes); });
}

int Guarded_files::resize(int fd, std::uint64_t size)
{
	return _guarded([&] { return Real::resize(fd, size); });
}

int Guarded_files::enlarge(int fd, std::uint64_t old_size, std::uint64_t new_size)
{
	return _guarded([&] { return Real::enlarge(fd, old_size, new_size); });
}

int Guarded_files::change_mode(int fd, mode_t mode)
{
	return _guarded([&] { return Real::change_mode(fd, mode); });
}

int Guarded_files::sync(int fd)
{
	return _guarded([&] { return Real::sync(fd); });
}

int Guarded_files::sync_content(int fd)
{
	return _guarded([&] { return Real::sync_content(fd); });
}

int Guarded_files::link(int fd, std::string const &path)
{
	return _guarded([&] { return Real::link(fd, path); });
}

int Guarded_files::rename(std::string const &from, std::string const &to)
{
	return _guarded([&] { return Real::rename(from, to); });
}

int Guarded_files::exchange(std::string const &a, std::string const &b)
{
	return _guarded([&] { return Real::exchange(a, b); });
}

int Guarded_files::remove(std::string const &path)
{
	return _guarded([&] { return Real::remove(path); });
}

int Guarded_files::remove_directory(std::string const &path)
{
	return _guarded([&] { return Real::remove_directory(path); });
}

bool Failing_files::_may()
{
	_count++;
	bool const fails = _first && (_for_good ? _count >= _first : _count == _first);
	if (fails) errno = _error;
	return !fails;
}

ssize_t Failing_files::write(int fd, std::span<iovec const> pieces)
{
	ssize_t const result = Guarded_files::write(fd, pieces);
	if (result >= 0 || pieces.empty()) return result;

	int const error = errno;
	(void)!::write(fd, pieces[0].iov_base, pieces[0].iov_len / 2);
	errno = error;
	return -1;
}

}
