/*
 * A whole input file, mapped read-only
 *
 * "-" is standard input; it, and anything else that cannot be mapped (a pipe), is first
 * copied to an unlinked temporary file. Movable; reading is thread-safe. The file must not
 * be truncated by others while it is mapped: the kernel then raises SIGBUS.
 */

#ifndef CAPIMG__MAPPED_FILE_H
#define CAPIMG__MAPPED_FILE_H

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "core/bytes.h"

namespace Capimg
{

class Mapped_file
{
	std::string _path {};
	int _fd = -1;
	std::byte const *_base = nullptr;
	std::size_t _size = 0, _mapped = 0;

	void _map();
	void _close();

  public:
	/* throws 'Image_error' */
	explicit Mapped_file(std::string const &path);

	/* another mapping of a file that is open already; 'fd' stays the caller's */
	Mapped_file(std::string path, int fd);

	/* bytes that stand in for those of a file */
	struct Replacement
	{
		std::uint64_t offset = 0;
		std::span<std::byte const> bytes {};
	};

	/*
	 * The mapping alone of a regular file as it would be with these changes and this size
	 *
	 * 'fd' stays the caller's, the file as it is. Replacements lie below 'size'.
	 */
	Mapped_file(std::string path, int fd, std::span<Replacement const>, std::size_t size);

	Mapped_file(Mapped_file &&) noexcept;
	Mapped_file &operator=(Mapped_file &&) noexcept;
	Mapped_file(Mapped_file const &) = delete;
	Mapped_file &operator=(Mapped_file const &) = delete;
	~Mapped_file() { _close(); }

	/* as the user gave it */
	std::string const &path() const { return _path; }

	/* of the file or its spooled copy, for 'pread' and 'copy_file_range' */
	int fd() const { return _fd; }

	/* leave out what stands behind the first 'size' bytes, a signature for instance */
	void cut(std::size_t size) { _size = std::min(size, _size); }

	/*
	 * What will be read, which says how much the kernel reads at once of a file that is not cached
	 *
	 * By default it takes megabytes around each first access. In pieces, it takes pages that are
	 * accessed, and ranges that were announced. Hints: none of them fails.
	 */
	void read_in_pieces(bool) const;
	void will_read(std::uint64_t offset, std::uint64_t size) const;

	std::size_t size() const { return _size; }
	std::span<std::byte const> bytes() const { return { _base, _size }; }
	Const_bytes core_bytes() const { return { _base, _size }; }
};

}

#endif /* CAPIMG__MAPPED_FILE_H */
