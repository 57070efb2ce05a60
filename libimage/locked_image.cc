#include "locked_image.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "edit_recovery.h"
#include "file_operations.h"
#include "image_error.h"
#include "image_lock.h"
#include "temporary_names.h"

namespace Capimg
{

/* the journal stands beside the file itself */
static std::string without_link(std::string const &path)
{
	std::error_code error;
	if (!std::filesystem::is_symlink(path, error)) return path;
	std::filesystem::path const target = std::filesystem::canonical(path, error);
	return error ? path : target.string();
}

static bool same_file(int fd, std::string const &path)
{
	struct stat open
	{
	}, named {};
	return ::fstat(fd, &open) == 0 && ::stat(path.c_str(), &named) == 0 &&
		   open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

static constexpr char const *FINISH_HINT =
	"the journal beside it completes the change: run any capimg command on it when the disk works";

/* ---- Locked_image ---- */

Locked_image::Locked_image(std::string path) : _path(std::move(path)), _target(without_link(_path))
{
	try {
		_open();
		if (Found_journal::exists(_target)) _finish_found();
	} catch (...) {
		if (_fd >= 0) (void)file_operations().close(_fd);
		throw;
	}
}

Locked_image::~Locked_image()
{
	if (_fd >= 0) (void)file_operations().close(_fd);
}

void Locked_image::_open()
{
	for (;;) {
		_fd = file_operations().open(_target, O_RDWR | O_NOFOLLOW | O_NONBLOCK, 0);
		if (_fd < 0) throw Image_error::from_errno(errno, _path, "opening for writing");

		struct stat st
		{};
		if (::fstat(_fd, &st) < 0) throw Image_error::from_errno(errno, _path, "opening");
		if (!S_ISREG(st.st_mode) || st.st_nlink != 1)
			throw Image_error({ _path,
								Code::UNSUPPORTED,
								{},
								{},
								S_ISREG(st.st_mode) ? "the file has several names (hard links), "
													  "and cannot be changed in place"
													: "this is no plain file",
								"write another file with -o" });
		lock_image(_fd, Image_lock::ALONE, _path);

		/* another one may have got the name while we waited */
		if (same_file(_fd, _target)) return;
		(void)file_operations().close(std::exchange(_fd, -1));
	}
}

void Locked_image::_remove_journal() const
{
	(void)file_operations().remove(Edit_journal::path_of(_target));
}

/* a name that is in use is not taken: what stands there is nobody's to overwrite */
void Locked_image::_write_journal(Image_edit const &edit, bool durable) const
{
	File_operations &files = file_operations();
	std::string const name = Edit_journal::path_of(_target), directory = directory_of(_target);
	auto const fail = [&](char const *action) -> Image_error {
		return Image_error::from_errno(errno, name, action);
	};

	/* it has bytes of the image: for nobody but the owner to read */
	Signals_held const held;
	std::string temporary;
	int fd = files.open(directory, O_TMPFILE | O_RDWR, 0600);
	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
		temporary = directory + "/.capimg-XXXXXX";
		fd = files.make_temporary_file(temporary);
	}
	if (fd < 0) throw fail("creating the journal");

	bool linked = false;
	try {
		std::vector<std::byte> const start = Edit_journal::encode(edit);
		write_all_at(fd, 0, start, name);
		std::uint64_t at = start.size();
		for (File_change const &change : edit.changes) {
			write_all_at(fd, at, change.bytes, name);
			at += change.bytes.size();
		}
		if (durable && files.sync(fd) < 0) throw fail("syncing the journal");
		if (files.link(fd, name) < 0) throw fail("creating the journal");
		linked = true;
		if (!temporary.empty() && files.remove(temporary) < 0) throw fail("creating the journal");
		if (durable) sync_directory(directory, name);
	} catch (...) {
		if (linked) _remove_journal();
		if (!temporary.empty()) (void)files.remove(temporary);
		(void)files.close(fd);
		throw;
	}
	(void)files.close(fd);
}

void Locked_image::_enlarge(std::uint64_t size) const
{
	struct stat st
	{};
	if (::fstat(_fd, &st) < 0) throw Image_error::from_errno(errno, _path, "reading");
	if (std::uint64_t(st.st_size) >= size) return;
	if (file_operations().enlarge(_fd, std::uint64_t(st.st_size), size) < 0)
		throw Image_error::from_errno(errno, _path, "enlarging the file");
}

static Image_error with_hint(Image_error const &error)
{
	Image_error::Info info = error.info();
	info.hint = FINISH_HINT;
	return Image_error(std::move(info));
}

void Locked_image::_write(std::uint64_t offset, std::span<std::byte const> bytes) const
{
	write_all_at(_fd, offset, bytes, _path);
}

/* all bytes are written: what is left to do */
void Locked_image::_end_change(std::uint64_t size, bool durable) const
{
	File_operations &files = file_operations();
	struct stat st
	{};
	if (::fstat(_fd, &st) < 0) throw Image_error::from_errno(errno, _path, "reading");
	if (std::uint64_t(st.st_size) > size && files.resize(_fd, size) < 0)
		throw Image_error::from_errno(errno, _path, "resizing");
	if (durable && files.sync_content(_fd) < 0)
		throw Image_error::from_errno(errno, _path, "syncing");
	_remove_journal();
}

void Locked_image::commit(Image_edit const &edit, bool durable)
{
	if (edit.changes.empty() && edit.size_before == edit.size_after) return;

	_write_journal(edit, durable);

	Signals_held const held;
	try {
		_enlarge(edit.size_after);
	} catch (...) {
		/* no byte has changed: without space, there is no journal either */
		if (file_operations().resize(_fd, edit.size_before) == 0) _remove_journal();
		throw;
	}
	try {
		for (File_change const &change : edit.changes) _write(change.offset, change.bytes);
		_end_change(edit.size_after, durable);
	} catch (Image_error const &error) {
		throw with_hint(error);
	}
}

void Locked_image::_finish_found() const
{
	Found_journal const found(_target, _fd);
	Edit_journal const &journal = found.journal();

	switch (found.judge(_fd, _path)) {
	case Found_journal::Verdict::UNRELATED:
		throw Image_error({ Edit_journal::path_of(_target),
							Code::INCONSISTENT,
							{},
							{},
							"this is the journal of another image than " + _path,
							"remove it if no other file belongs to it" });
	case Found_journal::Verdict::DONE: return _remove_journal();
	case Found_journal::Verdict::NEEDED: break;
	}

	Signals_held const held;
	try {
		_enlarge(journal.size_after);
		for (auto const &change : journal.changes) _write(change.offset, change.bytes);
		_end_change(journal.size_after, true);
	} catch (Image_error const &error) {
		throw with_hint(error);
	}
}

/* ---- reading ---- */

/* the file is the old image or the new one, although the journal cannot be removed here */
static void require_no_need(std::string const &path, std::string const &target, int fd)
{
	if (Found_journal(target, fd).judge(fd, path) != Found_journal::Verdict::NEEDED) return;
	throw Image_error({ path,
						Code::INCONSISTENT,
						{},
						{},
						"a change in place was interrupted, " + Edit_journal::path_of(target) +
							" completes it, and the file cannot be written here",
						"run any capimg command on it where file and directory can be written" });
}

static Mapped_file mapped(std::string const &path, int fd)
{
	try {
		Mapped_file result(path, fd);
		::close(fd);
		return result;
	} catch (...) {
		::close(fd);
		throw;
	}
}

static int open_locked(std::string const &path, bool &plain)
{
	int const fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
	if (fd < 0) throw Image_error::from_errno(errno, path, "opening");

	struct stat st
	{};
	plain = ::fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	try {
		if (plain) lock_image(fd, Image_lock::SHARED, path);
	} catch (...) {
		::close(fd);
		throw;
	}
	return fd;
}

Mapped_file open_image_file(std::string const &path)
{
	if (path == "-") return Mapped_file(path);

	std::string const target = without_link(path);
	bool plain = false;
	int fd = open_locked(path, plain);
	if (!plain || !Found_journal::exists(target)) return mapped(path, fd);

	/* whoever makes a journal has the file alone until it is gone: this one was left behind */
	if (::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0) {
		::close(fd);
		{
			Locked_image const finished(path);
		}
		return mapped(path, open_locked(path, plain));
	}
	try {
		require_no_need(path, target, fd);
	} catch (...) {
		::close(fd);
		throw;
	}
	return mapped(path, fd);
}

}
