/*
 * Options that name a range of captured memory: a dataspace, or virtual addresses
 */

#ifndef CAPIMG__TOOLS__MEMORY_RANGE_H
#define CAPIMG__TOOLS__MEMORY_RANGE_H

#include <functional>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "libimage/address_space.h"
#include "parent_options.h"

namespace Capimg
{

struct Memory_range
{
	std::string image {};
	Parent_options parents {};
	std::optional<std::uint32_t> dataspace {};
	std::string vaddr {}, offset {}, size {};

	void add(CLI::App &);

	/* one piece after the other; 'known' is false for bytes that were not captured */
	using Visit = std::function<void(
		std::uint64_t position, std::uint64_t size, bool known,
		std::function<void(std::uint64_t position, std::span<std::byte>)> const &read)>;

	/*
	 * Visit the range; positions are addresses, or offsets in the dataspace
	 *
	 * Returns the number of bytes that are not known. Throws 'Image_error'.
	 */
	std::uint64_t visit(Visit const &) const;
};

}

#endif /* CAPIMG__TOOLS__MEMORY_RANGE_H */
