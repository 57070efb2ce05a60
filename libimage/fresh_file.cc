#include "fresh_file.h"

#include <cerrno>
#include <fcntl.h>

#include "file_operations.h"
#include "image_error.h"
#include "temporary_names.h"

namespace Capimg
{

namespace
{

class Fresh_file
{
	File_operations &_files = file_operations();
	std::string const &_path;
	std::string _temporary {}; /* where there are no files without a name */
	int _fd = -1;

	[[noreturn]] void _fail(char const *action) const
	{
		throw Image_error::from_errno(errno, _path, action);
	}

  public:
	Fresh_file(std::string const &path, mode_t mode);
	~Fresh_file();

	Fresh_file(Fresh_file const &) = delete;
	Fresh_file &operator=(Fresh_file const &) = delete;

	void write(std::span<std::span<std::byte const> const>);
	void link(bool durable);
};

}

Fresh_file::Fresh_file(std::string const &path, mode_t mode) : _path(path)
{
	std::string const directory = directory_of(path);
	_fd = _files.open(directory, O_TMPFILE | O_RDWR, mode);
	if (_fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
		_temporary = directory + "/.capimg-XXXXXX";
		_fd = _files.make_temporary_file(_temporary);
		if (_fd < 0) _temporary.clear();
		if (_fd >= 0) (void)_files.change_mode(_fd, masked_mode(mode));
	}
	if (_fd < 0) _fail("creating");
}

Fresh_file::~Fresh_file()
{
	if (!_temporary.empty()) (void)_files.remove(_temporary);
	if (_fd >= 0) (void)_files.close(_fd);
}

void Fresh_file::write(std::span<std::span<std::byte const> const> pieces)
{
	std::uint64_t at = 0;
	for (auto const &piece : pieces) {
		write_all_at(_fd, at, piece, _path);
		at += piece.size();
	}
}

void Fresh_file::link(bool durable)
{
	if (durable && _files.sync(_fd) < 0) _fail("syncing");
	if (_files.link(_fd, _path) < 0) _fail("creating");
	if (!durable) return;
	try {
		sync_directory(directory_of(_path), _path);
	} catch (...) {
		(void)_files.remove(_path);
		throw;
	}
}

void write_fresh_file(std::string const &path, mode_t mode,
					  std::span<std::span<std::byte const> const> pieces, bool durable)
{
	Signals_held const held;
	Fresh_file file(path, mode);
	file.write(pieces);
	file.link(durable);
}

}
