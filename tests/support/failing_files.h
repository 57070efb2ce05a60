/*
 * File operations of which some fail
 */

#ifndef CAPIMG__TESTS__SUPPORT__FAILING_FILES_H
#define CAPIMG__TESTS__SUPPORT__FAILING_FILES_H

#include "libimage/file_operations.h"

namespace Capimg::Test
{

/* asks before each operation; those that are refused return -1 */
class Guarded_files : public File_operations
{
	/* false, with 'errno', if the operation is to fail */
	virtual bool _may() = 0;

	template <typename FN>
	auto _guarded(FN const &fn) -> decltype(fn())
	{
		return _may() ? fn() : -1;
	}

  public:
	int open(std::string const &path, int flags, mode_t mode) override;
	int close(int fd) override; /* is closed in any case */
	int make_temporary_file(std::string &name) override;
	int make_temporary_directory(std::string &name) override;
	int make_directory(std::string const &path) override;
	ssize_t write(int fd, std::span<iovec const>) override;
	ssize_t copy_range(int from, std::uint64_t offset, int to, std::uint64_t size) override;
	ssize_t write_at(int fd, std::uint64_t offset, std::span<std::byte const>) override;
	int resize(int fd, std::uint64_t size) override;
	int enlarge(int fd, std::uint64_t old_size, std::uint64_t new_size) override;
	int change_mode(int fd, mode_t mode) override;
	int sync(int fd) override;
	int sync_content(int fd) override;
	int link(int fd, std::string const &path) override;
	int rename(std::string const &from, std::string const &to) override;
	int exchange(std::string const &a, std::string const &b) override;
	int remove(std::string const &path) override;
	int remove_directory(std::string const &path) override;
};

class Failing_files final : public Guarded_files
{
	unsigned const _first; /* operation that fails, from 1 on; 0: none */
	int const _error;
	bool const _for_good; /* and all behind it */
	unsigned _count = 0;

	bool _may() override;

  public:
	Failing_files(unsigned first, int error, bool for_good)
		: _first(first), _error(error), _for_good(for_good)
	{}

	/* half of what is to be written is, where writing fails */
	ssize_t write(int fd, std::span<iovec const>) override;

	unsigned count() const { return _count; }
};

}

#endif /* CAPIMG__TESTS__SUPPORT__FAILING_FILES_H */
