/*
 * Options that name a range of captured memory: a dataspace, or virtual addresses
 */

#ifndef CAPIMG__TOOLS__MEMORY_RANGE_H
#define CAPIMG__TOOLS__MEMORY_RANGE_H

#include <functional>
#include <optional>
#include <string>

#include "arguments.h"
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

	void add(Arguments);

	struct Part
	{
		std::uint64_t start = 0, size = 0;
	};

	/* what '--offset' and '--size' say of the dataspace; throws 'Image_error' */
	Part dataspace_part(Dataspace_reader const &) const;

	/*
	 * What '--vaddr' and '--size' say; without a size, to the end of the region
	 *
	 * Throws 'Image_error' if no region is at the begin, or the end is beyond all addresses.
	 */
	Part address_part(Address_space const &) const;

	/* one piece after the other, of which 'run' says whether it was captured, or is all zero */
	using Visit = std::function<void(
		std::uint64_t position, Dataspace_reader::Run const &run,
		std::function<void(std::uint64_t position, std::span<std::byte>)> const &read)>;

	/* the visitor goes through all bytes: more than 'check_shown_size' allows are refused */
	enum class Cost { RUNS, BYTES };

	/*
	 * Visit the range; positions are addresses, or offsets in the dataspace
	 *
	 * Returns the number of bytes that are not known. Throws 'Image_error'.
	 */
	std::uint64_t visit(Reading_limits const &, Cost, Visit const &) const;
};

}

#endif /* CAPIMG__TOOLS__MEMORY_RANGE_H */
