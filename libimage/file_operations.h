/*
 * What outputs ask of the operating system
 *
 * Whatever capimg writes to a name goes through these functions: output files and directories,
 * and edits in place. So there is one place where tests can stand in for the operating system,
 * let any operation fail, or end the world behind it. Temporary files that never get a name are
 * no part of it.
 *
 * All functions return as their system calls do: -1 with 'errno' for a failure. The ones of this
 * class are thread-safe.
 */

#ifndef CAPIMG__FILE_OPERATIONS_H
#define CAPIMG__FILE_OPERATIONS_H

#include <cstdint>
#include <span>
#include <string>
#include <sys/types.h>
#include <sys/uio.h>

namespace Capimg
{

class File_operations
{
  public:
	virtual ~File_operations() = default;

	/* also of directories, to sync them */
	virtual int open(std::string const &path, int flags, mode_t mode);
	virtual int close(int fd);

	/* the name's last six characters are set */
	virtual int make_temporary_file(std::string &name);
	virtual int make_temporary_directory(std::string &name);
	virtual int make_directory(std::string const &path);

	/* at the file position, which they advance; may do a part of it */
	virtual ssize_t write(int fd, std::span<iovec const>);
	virtual ssize_t copy_range(int from, std::uint64_t offset, int to, std::uint64_t size);

	virtual ssize_t write_at(int fd, std::uint64_t offset, std::span<std::byte const>);
	virtual int resize(int fd, std::uint64_t size);

	/* make the file larger, with space on the medium for the new part */
	virtual int enlarge(int fd, std::uint64_t old_size, std::uint64_t new_size);
	virtual int change_mode(int fd, mode_t mode);

	/*
	 * A file's content, or the names in a directory, are on the medium afterwards
	 *
	 * 'sync_content' leaves out what is not needed to read the content, such as times.
	 */
	virtual int sync(int fd);
	virtual int sync_content(int fd);

	/* give a name to a file that has none; EEXIST if the name is in use */
	virtual int link(int fd, std::string const &path);

	/* replaces what had the name; 'exchange' gives each of the two the other's name */
	virtual int rename(std::string const &from, std::string const &to);
	virtual int exchange(std::string const &a, std::string const &b);

	virtual int remove(std::string const &path);
	virtual int remove_directory(std::string const &path);
};

/* the operating system's, or those that stand in for them */
File_operations &file_operations();

/* for tests: 'replacement' stands in as long as this object lives; one at a time */
class Replaced_file_operations
{
  public:
	explicit Replaced_file_operations(File_operations &replacement);
	~Replaced_file_operations();

	Replaced_file_operations(Replaced_file_operations const &) = delete;
	Replaced_file_operations &operator=(Replaced_file_operations const &) = delete;
};

/* ---- what is made of them; errors are 'Image_error' ---- */

/* all of 'bytes'; 'name' is for the error */
void write_all_at(int fd, std::uint64_t offset, std::span<std::byte const> bytes,
				  std::string const &name);

/*
 * The names in a directory are on the medium afterwards
 *
 * A file system that cannot sync directories is no error: it promises nothing. 'name' is for the
 * error.
 */
void sync_directory(std::string const &directory, std::string const &name);

/* directory that a file is in; "." if the path does not say */
std::string directory_of(std::string const &path);

/* the mode that 'open' with 'wanted' would give a new file */
mode_t masked_mode(mode_t wanted);

}

#endif /* CAPIMG__FILE_OPERATIONS_H */
