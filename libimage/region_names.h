/*
 * What stands at an address, in words, as far as the manifest tells
 *
 * "stack area", "linker area, ROM ld.lib.so", "RAM, capability map", … . An image of an ELF
 * core knows segments and rights only. Text of the image (labels) is in it as it is there. One
 * object may be used from several threads.
 */

#ifndef CAPIMG__REGION_NAMES_H
#define CAPIMG__REGION_NAMES_H

#include <string>

#include "address_space.h"

namespace Capimg
{

class Region_names
{
	struct Area
	{
		std::uint64_t address, last;
		char const *name;
	};

	Image const &_image;
	/* regions of the address space that show one of the PD's maps: ascending, disjoint */
	std::vector<Area> _areas {};

	std::vector<std::uint64_t> _maps {}; /* addresses of capability maps, ascending */

  public:
	/* of a PD session, 0 for the first one, as 'Address_space' */
	explicit Region_names(Image const &, std::uint32_t pd = 0);

	std::string name(Address_space::Piece const &) const;
};

/* "rw-" */
std::string rights_text(Address_space::Piece const &);

}

#endif /* CAPIMG__REGION_NAMES_H */
