#include "temporary_file.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

#include "image_error.h"

namespace Capimg
{

int unlinked_temporary_file()
{
	char const *const variable = std::getenv("TMPDIR");
	std::string const directory = variable && *variable ? variable : "/tmp";

	if (int const fd = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); fd >= 0)
		return fd;

	/* not every file system has O_TMPFILE */
	std::string name = directory + "/capimg-XXXXXX";
	int const fd = ::mkostemp(name.data(), O_CLOEXEC);
	if (fd < 0) throw Image_error::from_errno(errno, directory, "creating a temporary file");
	::unlink(name.c_str());
	return fd;
}

void write_all(int fd, std::span<std::byte const> bytes, std::string const &name)
{
	while (!bytes.empty()) {
		ssize_t const done = ::write(fd, bytes.data(), bytes.size());
		if (done < 0 && errno == EINTR) continue;
		if (done < 0) throw Image_error::from_errno(errno, name, "writing");
		bytes = bytes.subspan(std::size_t(done));
	}
}

void read_all_at(int fd, std::uint64_t offset, std::span<std::byte> out, std::string const &name)
{
	while (!out.empty()) {
		ssize_t const done = ::pread(fd, out.data(), out.size(), off_t(offset));
		if (done < 0 && errno == EINTR) continue;
		if (done < 0) throw Image_error::from_errno(errno, name, "reading");
		if (done == 0)
			throw Image_error({ name, Code::TRUNCATED, offset, {}, "the file ended early", {} });
		out = out.subspan(std::size_t(done));
		offset += std::uint64_t(done);
	}
}

}
