/*
 * The address space as a scan wants it: without what is known to be zero
 *
 * Zero blocks are most of a large address space, and cost a scan as much as others. What is
 * searched for (pointers, nodes of trees) has no word that is all zero at its ends, so that
 * leaving them out changes nothing. Only 'extent_from' leaves them out; reading gives all
 * known bytes. One object belongs to one thread, as the address space does.
 */

#ifndef CAPIMG__SCAN_MEMORY_H
#define CAPIMG__SCAN_MEMORY_H

#include "address_space.h"

namespace Capimg
{

/*
 * Throws 'Image_error' with LIMIT if the regions show more than 'Reading_limits::shown' allows
 *
 * Regions may show one dataspace as often as they like: a small hostile image could make a scan
 * endless.
 */
void check_shown_memory(Image const &, Address_space const &);

/* bytes that may be gone through one by one: those that files have, and 'Reading_limits::shown' */
std::uint64_t most_shown(Image const &);

/* throws 'Image_error' with LIMIT if 'size' is more than that; 'field' says what has the size */
void check_shown_size(Image const &, std::uint64_t size, std::string const &field);

class Scan_memory final : public Memory
{
	Address_space const &_space;

  public:
	/* errors of 'check_shown_memory' */
	Scan_memory(Image const &, Address_space const &);

	Status read(Capimg::uint64_t address, Bytes dst) const override
	{
		return _space.read(address, dst);
	}

	Const_bytes peek(Capimg::uint64_t address, Capimg::size_t size) const override
	{
		return _space.peek(address, size);
	}

	/* starts at a multiple of 8, also where that takes a few zeros along */
	Result<Extent> extent_from(Capimg::uint64_t address) const override;
};

}

#endif /* CAPIMG__SCAN_MEMORY_H */
