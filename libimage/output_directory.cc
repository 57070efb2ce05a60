#include "output_directory.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "image_error.h"
#include "temporary_file.h"

namespace Capimg
{

namespace fs = std::filesystem;

/* ---- Directory_file ---- */

Directory_file::Directory_file(std::string const &path, std::string name, bool durable)
	: _name(std::move(name)),
	  _fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666)),
	  _durable(durable)
{
	if (_fd < 0) throw Image_error::from_errno(errno, _name, "creating");
}

Directory_file::~Directory_file()
{
	if (_fd >= 0) ::close(_fd);
}

void Directory_file::append(std::span<std::span<std::byte const> const> pieces)
{
	for (auto const &piece : pieces) write_all(_fd, piece, _name);
}

void Directory_file::read_at(std::uint64_t offset, std::span<std::byte> out)
{
	read_all_at(_fd, offset, out, _name);
}

void Directory_file::write_at(std::uint64_t offset, std::span<std::byte const> bytes)
{
	while (!bytes.empty()) {
		ssize_t const done = ::pwrite(_fd, bytes.data(), bytes.size(), off_t(offset));
		if (done < 0 && errno == EINTR) continue;
		if (done < 0) throw Image_error::from_errno(errno, _name, "writing");
		bytes = bytes.subspan(std::size_t(done));
		offset += std::uint64_t(done);
	}
}

void Directory_file::resize(std::uint64_t size)
{
	if (::ftruncate(_fd, off_t(size)) < 0) throw Image_error::from_errno(errno, _name, "resizing");
}

void Directory_file::close()
{
	int const fd = std::exchange(_fd, -1);
	bool const synced = !_durable || ::fsync(fd) == 0;
	int const error = errno;
	bool const closed = ::close(fd) == 0;
	if (!synced) throw Image_error::from_errno(error, _name, "syncing");
	if (!closed) throw Image_error::from_errno(errno, _name, "writing");
}

/* ---- Output_directory ---- */

static void sync_directory(std::string const &path)
{
	int const fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) return;
	(void)::fsync(fd); /* not every file system can, and the files themselves are safe */
	::close(fd);
}

/* as the target of a 'rename': absolute, without links, dots or a slash at the end */
static std::string resolved(std::string const &path)
{
	std::error_code error;
	fs::path result = fs::weakly_canonical(path, error);
	if (!error && !result.has_filename()) result = result.parent_path();
	if (error || !result.has_filename())
		throw Image_error({ path,
							Code::BAD_ARGUMENT,
							{},
							{},
							"this cannot be a directory of files",
							"give another path" });
	return result.string();
}

/* give each of two directories the other's name; false with 'errno' if that fails */
static bool swap_directories(std::string const &a, std::string const &b)
{
	if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0) return true;
	if (errno != EINVAL && errno != ENOSYS) return false;

	/* not on every file system: then in three steps, with a moment when there is no 'b' */
	std::string const aside = a + ".old";
	if (::rename(b.c_str(), aside.c_str()) < 0) return false;
	if (::rename(a.c_str(), b.c_str()) < 0) {
		int const error = errno;
		(void)::rename(aside.c_str(), b.c_str());
		errno = error;
		return false;
	}
	return ::rename(aside.c_str(), a.c_str()) == 0;
}

Output_directory::Output_directory(std::string const &path, bool replace, bool durable)
	: _path(path), _target(resolved(path)), _durable(durable), _replace(replace)
{
	fs::path const target(_target);
	std::string name = (target.parent_path() / ("." + target.filename().string())).string();
	name += ".XXXXXX";
	if (!::mkdtemp(name.data())) throw Image_error::from_errno(errno, _path, "creating");
	_temporary = std::move(name);

	mode_t const mask = ::umask(0);
	::umask(mask);
	(void)::chmod(_temporary.c_str(), 0777 & ~mask);
}

void Output_directory::_discard() noexcept
{
	if (_temporary.empty()) return;
	std::error_code ignored;
	fs::remove_all(_temporary, ignored);
	_temporary.clear();
}

Directory_file Output_directory::create(std::string const &name)
{
	return Directory_file(_temporary + "/" + name, _path + "/" + name, _durable);
}

void Output_directory::make_directory(std::string const &name)
{
	if (::mkdir((_temporary + "/" + name).c_str(), 0777) < 0)
		throw Image_error::from_errno(errno, _path + "/" + name, "creating");
}

void Output_directory::commit()
{
	if (_durable) {
		for (auto const &entry : fs::recursive_directory_iterator(_temporary))
			if (entry.is_directory()) sync_directory(entry.path().string());
		sync_directory(_temporary);
	}

	/* a directory takes the place of an empty one, never of a full one: those change places */
	bool const done = _replace ? swap_directories(_temporary, _target)
							   : ::rename(_temporary.c_str(), _target.c_str()) == 0;
	if (!done) throw Image_error::from_errno(errno, _path, "renaming to");

	if (_replace) _discard(); /* what is there now is the old one */
	_temporary.clear();
	if (_durable) sync_directory(fs::path(_target).parent_path().string());
}

}
