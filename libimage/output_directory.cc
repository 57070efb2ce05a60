#include "output_directory.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <utility>
#include <vector>

#include "file_operations.h"
#include "image_error.h"
#include "temporary_file.h"

namespace Capimg
{

namespace fs = std::filesystem;

/* ---- Directory_file ---- */

Directory_file::Directory_file(std::string const &path, std::string name, bool durable)
	: _name(std::move(name)),
	  _fd(file_operations().open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0666)),
	  _durable(durable)
{
	if (_fd < 0) throw Image_error::from_errno(errno, _name, "creating");
}

Directory_file::~Directory_file()
{
	if (_fd >= 0) (void)file_operations().close(_fd);
}

void Directory_file::append(std::span<std::span<std::byte const> const> pieces)
{
	for (auto piece : pieces)
		while (!piece.empty()) {
			iovec const vector { const_cast<std::byte *>(piece.data()), piece.size() };
			ssize_t const done = file_operations().write(_fd, { &vector, 1 });
			if (done < 0 && errno == EINTR) continue;
			if (done < 0) throw Image_error::from_errno(errno, _name, "writing");
			piece = piece.subspan(std::size_t(done));
		}
}

void Directory_file::read_at(std::uint64_t offset, std::span<std::byte> out)
{
	read_all_at(_fd, offset, out, _name);
}

void Directory_file::write_at(std::uint64_t offset, std::span<std::byte const> bytes)
{
	write_all_at(_fd, offset, bytes, _name);
}

void Directory_file::resize(std::uint64_t size)
{
	if (file_operations().resize(_fd, size) < 0)
		throw Image_error::from_errno(errno, _name, "resizing");
}

void Directory_file::close()
{
	File_operations &files = file_operations();
	int const fd = std::exchange(_fd, -1);
	bool const synced = !_durable || files.sync(fd) == 0;
	int const error = errno;
	bool const closed = files.close(fd) == 0;
	if (!synced) throw Image_error::from_errno(error, _name, "syncing");
	if (!closed) throw Image_error::from_errno(errno, _name, "writing");
}

/* ---- Output_directory ---- */

/* as the target of a 'rename': absolute, without links, dots or a slash at the end */
static std::string resolved(std::string const &path)
{
	std::error_code error;
	/* what does not exist at all would stay relative, without a directory to sync */
	fs::path result = fs::weakly_canonical(fs::absolute(path, error), error);
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
	File_operations &files = file_operations();
	if (files.exchange(a, b) == 0) return true;
	if (errno != EINVAL && errno != ENOSYS) return false;

	/* not on every file system: then in three steps, with a moment when there is no 'b' */
	std::string const aside = a + ".old";
	if (files.rename(b, aside) < 0) return false;
	if (files.rename(a, b) < 0) {
		int const error = errno;
		(void)files.rename(aside, b);
		errno = error;
		return false;
	}
	return files.rename(aside, a) == 0;
}

Output_directory::Output_directory(std::string const &path, bool replace, bool durable)
	: _path(path), _target(resolved(path)), _durable(durable), _replace(replace)
{
	fs::path const target(_target);
	std::string name = (target.parent_path() / ("." + target.filename().string())).string();
	name += ".XXXXXX";

	Signals_held const held;
	if (file_operations().make_temporary_directory(name) < 0)
		throw Image_error::from_errno(errno, _path, "creating");
	_temporary = std::move(name);
	_listed = std::make_unique<Temporary_name>(_temporary);
	(void)::chmod(_temporary.c_str(), masked_mode(0777));
}

/* what cannot be removed stays: nobody is there to tell */
static void remove_tree(std::string const &path) noexcept
try {
	File_operations &files = file_operations();
	std::vector<std::string> names, directories;
	for (auto const &entry : fs::directory_iterator(path))
		(entry.symlink_status().type() == fs::file_type::directory ? directories : names)
			.push_back(entry.path().string());
	for (std::string const &directory : directories) remove_tree(directory);
	for (std::string const &name : names) (void)files.remove(name);
	(void)files.remove_directory(path);
} catch (...) {
}

void Output_directory::_discard() noexcept
{
	if (!_temporary.empty()) remove_tree(_temporary);
	_temporary.clear();
	_listed.reset();
}

Directory_file Output_directory::create(std::string const &name)
{
	return Directory_file(_temporary + "/" + name, _path + "/" + name, _durable);
}

void Output_directory::make_directory(std::string const &name)
{
	if (file_operations().make_directory(_temporary + "/" + name) < 0)
		throw Image_error::from_errno(errno, _path + "/" + name, "creating");
}

void Output_directory::commit()
{
	std::string const parent = fs::path(_target).parent_path().string();
	if (_durable) {
		for (auto const &entry : fs::recursive_directory_iterator(_temporary))
			if (entry.is_directory()) sync_directory(entry.path().string(), _path);
		sync_directory(_temporary, _path);
	}

	/* a directory takes the place of an empty one, never of a full one: those change places */
	Signals_held const held;
	bool const done = _replace ? swap_directories(_temporary, _target)
							   : file_operations().rename(_temporary, _target) == 0;
	if (!done) throw Image_error::from_errno(errno, _path, "renaming to");
	if (!_replace) {
		_temporary.clear();
		_listed.reset();
	}

	/* the old one is removed when it is certain that nobody will find it under the name */
	if (_durable) sync_directory(parent, _path);
	if (_replace) _discard();
}

}
