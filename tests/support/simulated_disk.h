/*
 * What a disk may hold after the power was cut
 *
 * Stands in for the operating system: passes operations on, and keeps a model of the disk of a
 * directory. In the model only what was synced is certain. Of everything else any part may have
 * reached the disk, in any order: each sector of a write, each size, each change of names for
 * itself. The power fails before an operation that the test chooses; from then on all fail.
 */

#ifndef CAPIMG__TESTS__SUPPORT__SIMULATED_DISK_H
#define CAPIMG__TESTS__SUPPORT__SIMULATED_DISK_H

#include <map>
#include <optional>
#include <random>
#include <vector>

#include "failing_files.h"

namespace Capimg::Test
{

class Simulated_disk final : public Guarded_files
{
	static constexpr std::uint64_t SECTOR = 512;

	using Id = unsigned;
	using Names = std::map<std::string, Id>;
	using Bytes_vector = std::vector<std::byte>;

	/* bytes at an offset, or another size */
	struct Write
	{
		std::uint64_t offset = 0;
		Bytes_vector bytes {};
		std::optional<std::uint64_t> size {};
	};

	struct Inode
	{
		bool directory = false;
		Bytes_vector content {}; /* on the disk */
		std::vector<Write> pending {};
		Names names {}, live {}; /* of a directory: on the disk, and as they are */
	};

	/* of one operation: all of it or nothing reaches the disk */
	struct Naming
	{
		struct Name
		{
			Id directory;
			std::string name;
			std::optional<Id> inode;
		};
		std::vector<Name> names {};
	};

	std::string const _root;
	unsigned const _cut; /* operations before the cut */
	unsigned _count = 0;
	std::vector<Inode> _inodes {};
	std::vector<Naming> _pending {};
	std::map<int, Id> _open {};

	bool _may() override;

	Id _load(std::string const &path);
	Id _fresh(bool directory);
	std::pair<Id, std::string> _place(std::string const &path) const;
	std::optional<Id> _find(std::string const &path) const;
	void _rename(Naming);
	void _record(int fd, std::uint64_t offset, std::uint64_t size);
	void _create(int fd, std::string const &path);
	void _synced(int fd);
	static void _apply(Bytes_vector &, Write const &);
	Bytes_vector _content(Inode const &, std::mt19937 &, double chance) const;
	void _write_out(Id, std::vector<Names> const &, std::string const &path, std::mt19937 &,
					double chance) const;

  public:
	/* the directory as it is now is on the disk */
	Simulated_disk(std::string root, unsigned cut);

	bool cut() const { return _count > _cut; }
	unsigned count() const { return _count; }

	/*
	 * One of the directories that may be found after the cut, written to 'path', which is new
	 *
	 * 'n' 0: nothing reached the disk that was not synced; 1: all did; others: at random
	 */
	void outcome(unsigned n, std::string const &path) const;

	int open(std::string const &path, int flags, mode_t mode) override;
	int close(int fd) override;
	int make_temporary_file(std::string &name) override;
	int make_temporary_directory(std::string &name) override;
	int make_directory(std::string const &path) override;
	ssize_t write(int fd, std::span<iovec const>) override;
	ssize_t copy_range(int from, std::uint64_t offset, int to, std::uint64_t size) override;
	ssize_t write_at(int fd, std::uint64_t offset, std::span<std::byte const>) override;
	int resize(int fd, std::uint64_t size) override;
	int enlarge(int fd, std::uint64_t old_size, std::uint64_t new_size) override;
	int sync(int fd) override;
	int sync_content(int fd) override;
	int link(int fd, std::string const &path) override;
	int rename(std::string const &from, std::string const &to) override;
	int exchange(std::string const &a, std::string const &b) override;
	int remove(std::string const &path) override;
	int remove_directory(std::string const &path) override;
};

}

#endif /* CAPIMG__TESTS__SUPPORT__SIMULATED_DISK_H */
