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
 * Regions may show one dataspace as often as they like: a small hostile image could make a scan
 * endless. So many times all stored memory, and so many bytes, no component shows.
 */
inline constexpr std::uint64_t MAX_SHOWN_FACTOR = 16, MAX_SHOWN_MORE = 1ull << 30;

/* throws 'Image_error' with LIMIT if the regions show more than the above */
void check_shown_memory(Image const &, Address_space const &);

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
