#include "output_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "image_error.h"
#include "temporary_file.h"

namespace Capimg
{

static std::string directory_of(std::string const &path)
{
	std::string const directory = std::filesystem::path(path).parent_path().string();
	return directory.empty() ? "." : directory;
}

static void sync_directory(std::string const &directory)
{
	int const fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) return;
	(void)::fsync(fd); /* not every file system can, and the file itself is safe */
	::close(fd);
}

/* the mode that 'open' with 0666 would give a new file */
static mode_t default_mode()
{
	mode_t const mask = ::umask(0);
	::umask(mask);
	return 0666 & ~mask;
}

Output_file::Output_file(std::string path, bool durable)
	: _path(std::move(path)), _target(_path), _durable(durable)
{
	struct stat st
	{};
	bool const exists = _path != "-" && ::stat(_path.c_str(), &st) == 0;

	if (exists && S_ISDIR(st.st_mode)) throw Image_error::from_errno(EISDIR, _path, "writing");

	/* a device or pipe is written to and not replaced */
	_spooled = _path == "-" || (exists && !S_ISREG(st.st_mode));
	if (_spooled) {
		_fd = unlinked_temporary_file();
		return;
	}

	/* a symbolic link stays one */
	if (exists) _target = std::filesystem::canonical(_path).string();

	std::string const directory = directory_of(_target);
	_fd = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	if (_fd >= 0) return;

	/* no O_TMPFILE on this file system: a name that is removed if there is no 'commit' */
	_temporary = directory + "/.capimg-XXXXXX";
	_fd = ::mkostemp(_temporary.data(), O_CLOEXEC);
	if (_fd < 0) {
		_temporary.clear();
		throw Image_error::from_errno(errno, _path, "creating");
	}
	(void)::fchmod(_fd, default_mode());
}

void Output_file::_discard()
{
	if (_fd >= 0) ::close(_fd);
	if (!_temporary.empty()) ::unlink(_temporary.c_str());
	_fd = -1;
	_temporary.clear();
}

void Output_file::append(std::span<std::span<std::byte const> const> pieces)
{
	std::array<iovec, 256> vector;

	for (std::size_t i = 0; i < pieces.size();) {
		std::size_t count = 0;
		for (; count < vector.size() && i + count < pieces.size(); count++) {
			auto const &piece = pieces[i + count];
			vector[count] = { const_cast<std::byte *>(piece.data()), piece.size() };
		}

		ssize_t done = ::writev(_fd, vector.data(), int(count));
		if (done < 0 && errno == EINTR) continue;
		if (done < 0) throw Image_error::from_errno(errno, _path, "writing");

		/* after a short write, the rest piece by piece */
		for (std::size_t k = 0, written = std::size_t(done); k < count; k++) {
			std::size_t const skip = std::min(pieces[i + k].size(), written);
			written -= skip;
			write_all(_fd, pieces[i + k].subspan(skip), _path);
		}
		i += count;
	}
}

void Output_file::copy(Mapped_file const &file, std::uint64_t offset, std::uint64_t size)
{
	while (size) {
		loff_t from = loff_t(offset);
		ssize_t const done = ::copy_file_range(file.fd(), &from, _fd, nullptr, size, 0);
		if (done < 0 && errno == EINTR) continue;

		/* whatever the kernel refuses; what is really wrong, reading or writing will tell */
		if (done <= 0) return Sink::copy(file, offset, size);

		offset += std::uint64_t(done);
		size -= std::uint64_t(done);
	}
}

void Output_file::read_at(std::uint64_t offset, std::span<std::byte> out)
{
	read_all_at(_fd, offset, out, _path);
}

void Output_file::_give_name()
{
	std::string const directory = directory_of(_target);

	if (_temporary.empty()) {
		/* 'linkat' cannot replace, 'rename' can, but needs a name: pick a free one */
		std::string const self = "/proc/self/fd/" + std::to_string(_fd);
		for (unsigned n = 0;; n++) {
			std::string name =
				directory + "/.capimg-" + std::to_string(::getpid()) + "-" + std::to_string(n);
			if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0) {
				_temporary = std::move(name);
				break;
			}
			if (errno != EEXIST) throw Image_error::from_errno(errno, _path, "creating");
		}
	}

	if (::rename(_temporary.c_str(), _target.c_str()) < 0)
		throw Image_error::from_errno(errno, _path, "renaming to");
	_temporary.clear();

	if (_durable) sync_directory(directory);
}

void Output_file::_copy_out()
{
	int const to =
		_path == "-" ? ::dup(STDOUT_FILENO) : ::open(_path.c_str(), O_WRONLY | O_CLOEXEC);
	if (to < 0) throw Image_error::from_errno(errno, _path, "opening");

	try {
		struct stat st
		{};
		if (::fstat(_fd, &st) < 0) throw Image_error::from_errno(errno, _path, "reading");

		std::vector<std::byte> buffer(64 * 1024);
		for (std::uint64_t at = 0; at < std::uint64_t(st.st_size);) {
			std::size_t const size = std::min(buffer.size(), std::size_t(st.st_size) - at);
			std::span<std::byte> const piece(buffer.data(), size);
			read_all_at(_fd, at, piece, _path);
			write_all(to, piece, _path);
			at += size;
		}
	} catch (...) {
		::close(to);
		throw;
	}
	::close(to);
}

void Output_file::commit()
{
	if (_spooled) {
		_copy_out();
		return _discard();
	}

	if (_durable && ::fsync(_fd) < 0) throw Image_error::from_errno(errno, _path, "syncing");
	_give_name();
	_discard();
}

}
