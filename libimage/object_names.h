/*
 * What people call an object
 *
 * Its kind, and the best name that there is: a label, where it is attached, its place in a pool,
 * its selector. Texts are as they stand in the image: whoever prints them makes them printable.
 */

#ifndef CAPIMG__OBJECT_NAMES_H
#define CAPIMG__OBJECT_NAMES_H

#include <string>
#include <vector>

#include "diff_side.h"
#include "json_value.h"

namespace Capimg
{

class Object_names
{
	static constexpr std::uint64_t NOWHERE = ~std::uint64_t(0);

	Diff_side const &_side;
	std::vector<std::uint64_t> mutable _addresses {}; /* of each object's first region */

	std::uint64_t _address(std::uint32_t position) const;

  public:
	explicit Object_names(Diff_side const &side) : _side(side) {}

	/* "dataspace at 0x10000", "RPC object at Object_pool 0x156500 node 0x20a28" */
	std::string name(std::uint32_t position) const;

	/* {id, kind, name, badge, kcap} */
	Json json(std::uint32_t position) const;
};

}

#endif /* CAPIMG__OBJECT_NAMES_H */
