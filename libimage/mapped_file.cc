#include "mapped_file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "image_error.h"
#include "temporary_file.h"

namespace Capimg
{

static int spool(int from, std::string const &path)
{
	int const to = unlinked_temporary_file();

	std::vector<std::byte> buffer(256 * 1024);
	for (;;) {
		ssize_t const got = ::read(from, buffer.data(), buffer.size());
		if (got < 0 && errno == EINTR) continue;
		if (got < 0) {
			int const error = errno;
			::close(to);
			throw Image_error::from_errno(error, path, "reading");
		}
		if (got == 0) return to;
		try {
			write_all(to, { buffer.data(), std::size_t(got) }, "temporary file");
		} catch (...) {
			::close(to);
			throw;
		}
	}
}

void Mapped_file::_map()
{
	struct stat st
	{};
	if (::fstat(_fd, &st) < 0) throw Image_error::from_errno(errno, _path, "reading");
	if (S_ISDIR(st.st_mode)) throw Image_error::from_errno(EISDIR, _path, "opening");

	if (!S_ISREG(st.st_mode)) {
		int const spooled = spool(_fd, _path);
		::close(std::exchange(_fd, spooled));
		if (::fstat(_fd, &st) < 0) throw Image_error::from_errno(errno, _path, "reading");
	}

	_size = std::size_t(st.st_size);
	if (!_size) return;

	void *const base = ::mmap(nullptr, _size, PROT_READ, MAP_PRIVATE, _fd, 0);
	if (base == MAP_FAILED) throw Image_error::from_errno(errno, _path, "mapping");
	_base = static_cast<std::byte const *>(base);
	_mapped = _size;
}

static int open_input(std::string const &path)
{
	int const fd = path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
	if (fd < 0) throw Image_error::from_errno(errno, path, "opening");
	return fd;
}

static int duplicate(int from, std::string const &path)
{
	int const fd = ::fcntl(from, F_DUPFD_CLOEXEC, 0);
	if (fd < 0) throw Image_error::from_errno(errno, path, "opening");
	return fd;
}

Mapped_file::Mapped_file(std::string const &path) : _path(path), _fd(open_input(path))
{
	try {
		_map();
	} catch (...) {
		_close();
		throw;
	}
}

Mapped_file::Mapped_file(std::string path, int fd) : _path(std::move(path))
{
	_fd = duplicate(fd, _path);
	try {
		_map();
	} catch (...) {
		_close();
		throw;
	}
}

Mapped_file::Mapped_file(std::string path, int fd, std::span<Replacement const> changes,
						 std::size_t size)
	: _path(std::move(path)), _size(size), _mapped(size)
{
	struct stat st
	{};
	if (::fstat(fd, &st) < 0) throw Image_error::from_errno(errno, _path, "reading");
	if (!size) return;

	/* behind the end of the file there is no memory that a mapping of it could be changed in */
	void *const base = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
							  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (base == MAP_FAILED) throw Image_error::from_errno(errno, _path, "mapping");
	_base = static_cast<std::byte const *>(base);

	std::size_t const there = std::min(size, std::size_t(st.st_size));
	if (there &&
		::mmap(base, there, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED)
	{
		int const error = errno;
		_close();
		throw Image_error::from_errno(error, _path, "mapping");
	}
	for (Replacement const &change : changes)
		copy_memory(static_cast<std::byte *>(base) + change.offset, change.bytes.data(),
					change.bytes.size());
}

void Mapped_file::read_in_pieces(bool in_pieces) const
{
	if (_base)
		(void)::madvise(const_cast<std::byte *>(_base), _size,
						in_pieces ? MADV_RANDOM : MADV_NORMAL);
}

void Mapped_file::will_read(std::uint64_t offset, std::uint64_t size) const
{
	if (!size || !within(offset, size, _size)) return;
	std::size_t const before = offset % std::size_t(::sysconf(_SC_PAGESIZE));
	(void)::madvise(const_cast<std::byte *>(_base) + (offset - before), before + size,
					MADV_WILLNEED);
}

void Mapped_file::_close()
{
	if (_base) ::munmap(const_cast<std::byte *>(_base), _mapped);
	if (_fd >= 0) ::close(_fd);
	_base = nullptr;
	_size = _mapped = 0;
	_fd = -1;
}

Mapped_file::Mapped_file(Mapped_file &&other) noexcept { *this = std::move(other); }

Mapped_file &Mapped_file::operator=(Mapped_file &&other) noexcept
{
	if (this == &other) return *this;
	_close();
	_path = std::move(other._path);
	_fd = std::exchange(other._fd, -1);
	_base = std::exchange(other._base, nullptr);
	_size = std::exchange(other._size, 0);
	_mapped = std::exchange(other._mapped, 0);
	return *this;
}

}
