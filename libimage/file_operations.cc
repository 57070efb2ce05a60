#include "file_operations.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "image_error.h"

namespace Capimg
{

int File_operations::open(std::string const &path, int flags, mode_t mode)
{
	return ::open(path.c_str(), flags | O_CLOEXEC, mode);
}

int File_operations::close(int fd) { return ::close(fd); }

int File_operations::make_temporary_file(std::string &name)
{
	return ::mkostemp(name.data(), O_CLOEXEC);
}

int File_operations::make_temporary_directory(std::string &name)
{
	return ::mkdtemp(name.data()) ? 0 : -1;
}

int File_operations::make_directory(std::string const &path) { return ::mkdir(path.c_str(), 0777); }

ssize_t File_operations::write(int fd, std::span<iovec const> pieces)
{
	return ::writev(fd, pieces.data(), int(pieces.size()));
}

ssize_t File_operations::copy_range(int from, std::uint64_t offset, int to, std::uint64_t size)
{
	loff_t at = loff_t(offset);
	return ::copy_file_range(from, &at, to, nullptr, size, 0);
}

ssize_t File_operations::write_at(int fd, std::uint64_t offset, std::span<std::byte const> bytes)
{
	return ::pwrite(fd, bytes.data(), bytes.size(), off_t(offset));
}

int File_operations::resize(int fd, std::uint64_t size) { return ::ftruncate(fd, off_t(size)); }

int File_operations::enlarge(int fd, std::uint64_t old_size, std::uint64_t new_size)
{
	if (::fallocate(fd, 0, off_t(old_size), off_t(new_size - old_size)) == 0) return 0;
	if (errno != EOPNOTSUPP) return -1;
	return ::ftruncate(fd, off_t(new_size)); /* without the promise of space */
}

int File_operations::change_mode(int fd, mode_t mode) { return ::fchmod(fd, mode); }

int File_operations::sync(int fd) { return ::fsync(fd); }

int File_operations::sync_content(int fd) { return ::fdatasync(fd); }

int File_operations::link(int fd, std::string const &path)
{
	std::string const self = "/proc/self/fd/" + std::to_string(fd);
	return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW);
}

int File_operations::rename(std::string const &from, std::string const &to)
{
	return ::rename(from.c_str(), to.c_str());
}

int File_operations::exchange(std::string const &a, std::string const &b)
{
	return ::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE);
}

int File_operations::remove(std::string const &path) { return ::unlink(path.c_str()); }

int File_operations::remove_directory(std::string const &path) { return ::rmdir(path.c_str()); }

/* ---- which ones ---- */

static File_operations *replaced = nullptr;

File_operations &file_operations()
{
	static File_operations system;
	return replaced ? *replaced : system;
}

Replaced_file_operations::Replaced_file_operations(File_operations &replacement)
{
	replaced = &replacement;
}

Replaced_file_operations::~Replaced_file_operations() { replaced = nullptr; }

/* ---- what is made of them ---- */

void write_all_at(int fd, std::uint64_t offset, std::span<std::byte const> bytes,
				  std::string const &name)
{
	while (!bytes.empty()) {
		ssize_t const done = file_operations().write_at(fd, offset, bytes);
		if (done < 0 && errno == EINTR) continue;
		if (done < 0) throw Image_error::from_errno(errno, name, "writing");
		bytes = bytes.subspan(std::size_t(done));
		offset += std::uint64_t(done);
	}
}

void sync_directory(std::string const &directory, std::string const &name)
{
	File_operations &files = file_operations();
	int const fd = files.open(directory, O_RDONLY | O_DIRECTORY, 0);

	/* a directory may be one to write to and not to read */
	if (fd < 0 && errno == EACCES) return;
	if (fd < 0) throw Image_error::from_errno(errno, name, "syncing the directory");

	bool const done = files.sync(fd) == 0 || errno == EINVAL || errno == EROFS;
	int const error = errno;
	(void)files.close(fd);
	if (!done) throw Image_error::from_errno(error, name, "syncing the directory");
}

std::string directory_of(std::string const &path)
{
	std::string const directory = std::filesystem::path(path).parent_path().string();
	return directory.empty() ? "." : directory;
}

mode_t masked_mode(mode_t wanted)
{
	mode_t const mask = ::umask(0);
	::umask(mask);
	return wanted & ~mask;
}

}
