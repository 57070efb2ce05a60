/*
 * Other bytes for ranges of a file
 *
 * Collected piece by piece, taken out as whole pages: what the medium writes at once is then
 * written at once, and a torn page can be written again without knowing what else was on it.
 */

#ifndef CAPIMG__FILE_CHANGE_H
#define CAPIMG__FILE_CHANGE_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace Capimg
{

struct File_change
{
	std::uint64_t offset = 0;
	std::vector<std::byte> bytes {};
};

class Changed_pages
{
	static constexpr std::size_t PAGE = 4096;

	std::span<std::byte const> _file; /* as it is */
	std::map<std::uint64_t, std::vector<std::byte>> _pages {};

	std::vector<std::byte> &_page(std::uint64_t number);

  public:
	explicit Changed_pages(std::span<std::byte const> file) : _file(file) {}

	/* may reach beyond the end of the file */
	void set(std::uint64_t offset, std::span<std::byte const>);

	/* bytes as they will be; zero behind the end of all */
	void read(std::uint64_t offset, std::span<std::byte>) const;

	/* was anything set in pages of this range? */
	bool changed(std::uint64_t offset, std::uint64_t size) const;

	/*
	 * Runs of pages that differ from the file's, ascending, for a file of 'size' bytes
	 *
	 * What is beyond the file's end differs. Nothing below 'first' is given.
	 */
	std::vector<File_change> changes(std::uint64_t first, std::uint64_t size) const;
};

}

#endif /* CAPIMG__FILE_CHANGE_H */
