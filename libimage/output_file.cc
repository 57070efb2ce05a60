#include "output_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "file_operations.h"
#include "image_error.h"
#include "temporary_file.h"

namespace Capimg
{

Output_file::Output_file(std::string path, bool durable, mode_t mode)
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
	_replaces = exists;
	_create(exists ? st.st_mode & 0777 : masked_mode(mode));
}

void Output_file::_create(mode_t mode)
{
	File_operations &files = file_operations();
	std::string const directory = directory_of(_target);

	_fd = files.open(directory, O_TMPFILE | O_RDWR, 0600);
	if (_fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
		/* not on this file system: a name that is removed if there is no 'commit' */
		Signals_held const held;
		std::string name = directory + "/.capimg-XXXXXX";
		_fd = files.make_temporary_file(name);
		if (_fd >= 0) {
			_temporary = std::move(name);
			_listed = std::make_unique<Temporary_name>(_temporary);
		}
	}
	if (_fd < 0) throw Image_error::from_errno(errno, _path, "creating");

	if (files.change_mode(_fd, mode) < 0) {
		int const error = errno;
		_discard();
		throw Image_error::from_errno(error, _path, "creating");
	}
}

void Output_file::_discard()
{
	File_operations &files = file_operations();
	if (_fd >= 0) (void)files.close(_fd);
	if (!_temporary.empty()) (void)files.remove(_temporary);
	_fd = -1;
	_temporary.clear();
	_listed.reset();
}

void Output_file::_append(std::span<std::byte const> bytes)
{
	while (!bytes.empty()) {
		iovec const piece { const_cast<std::byte *>(bytes.data()), bytes.size() };
		ssize_t const done = file_operations().write(_fd, { &piece, 1 });
		if (done < 0 && errno == EINTR) continue;
		if (done < 0) throw Image_error::from_errno(errno, _path, "writing");
		bytes = bytes.subspan(std::size_t(done));
	}
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

		ssize_t done = file_operations().write(_fd, { vector.data(), count });
		if (done < 0 && errno == EINTR) continue;
		if (done < 0) throw Image_error::from_errno(errno, _path, "writing");

		/* after a short write, the rest piece by piece */
		for (std::size_t k = 0, written = std::size_t(done); k < count; k++) {
			std::size_t const skip = std::min(pieces[i + k].size(), written);
			written -= skip;
			_append(pieces[i + k].subspan(skip));
		}
		i += count;
	}
}

void Output_file::copy(Mapped_file const &file, std::uint64_t offset, std::uint64_t size)
{
	while (size) {
		ssize_t const done = file_operations().copy_range(file.fd(), offset, _fd, size);
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

/* what a file system keeps for later shows here: before the name is given */
void Output_file::_flush()
{
	if (_durable) {
		if (file_operations().sync(_fd) < 0) throw Image_error::from_errno(errno, _path, "syncing");
		return;
	}
	int const twin = ::fcntl(_fd, F_DUPFD_CLOEXEC, 0);
	if (twin >= 0 && file_operations().close(twin) < 0)
		throw Image_error::from_errno(errno, _path, "writing");
}

/* a free name beside the target; 'linkat' cannot replace, 'rename' can, but needs a name */
void Output_file::_link()
{
	for (unsigned n = 0;; n++) {
		std::string name = directory_of(_target) + "/.capimg-" + std::to_string(::getpid()) + "-" +
						   std::to_string(n);
		if (file_operations().link(_fd, name) == 0) {
			_temporary = std::move(name);
			return;
		}
		if (errno != EEXIST) throw Image_error::from_errno(errno, _path, "creating");
	}
}

void Output_file::_give_name()
{
	File_operations &files = file_operations();
	Signals_held const held;

	bool const fresh = _temporary.empty() && !_replaces && files.link(_fd, _target) == 0;
	if (!fresh) {
		if (_temporary.empty()) _link();
		if (files.rename(_temporary, _target) < 0)
			throw Image_error::from_errno(errno, _path, "renaming to");
		_temporary.clear();
	}
	if (_durable) sync_directory(directory_of(_target), _path);
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
	if (::close(to) < 0) throw Image_error::from_errno(errno, _path, "writing");
}

void Output_file::commit()
{
	if (_spooled) {
		_copy_out();
		return _discard();
	}
	_flush();
	_give_name();
	_discard();
}

}
