/*
 * At which address a component sees a place of a dataspace
 *
 * Where several regions show one place, the lowest address. Plain data, made once; n log n of the
 * regions.
 */

#ifndef CAPIMG__SHOWN_AT_H
#define CAPIMG__SHOWN_AT_H

#include <cstdint>
#include <optional>
#include <vector>

#include "address_space.h"

namespace Capimg
{

class Shown_at
{
	/* a part of a dataspace; ascending by dataspace, then offset; disjoint */
	struct Part
	{
		std::uint32_t dataspace;
		std::uint64_t offset, end;
		std::optional<std::uint64_t> address;
	};
	std::vector<Part> _parts {};

	void _add(std::vector<Address_space::Piece> const &, std::size_t first, std::size_t end);

  public:
	explicit Shown_at(Address_space const &);

	struct Range
	{
		std::uint64_t size = 0; /* bytes that are seen, or not seen, in one piece from here on */
		std::optional<std::uint64_t> address {};
	};

	/* 'size' is at most what is asked for */
	Range range(std::uint32_t dataspace, std::uint64_t offset, std::uint64_t size) const;
};

}

#endif /* CAPIMG__SHOWN_AT_H */
