/*
 * 'capimg caps --refs': where in memory each capability is held
 */

#ifndef CAPIMG__TOOLS__CAPS_REFS_H
#define CAPIMG__TOOLS__CAPS_REFS_H

#include <map>

#include "json_stream.h"
#include "libimage/capability_refs.h"
#include "libimage/capability_view.h"
#include "libimage/region_names.h"
#include "terminal.h"

namespace Capimg
{

class Caps_refs
{
	struct Place
	{
		std::uint64_t tree = 0, node = 0;
	};

	Image const &_image;
	Address_space const &_space;
	Capability_view const &_view;
	Capability_refs const _refs;
	Region_names const _names;
	std::map<std::uint64_t, Place> _places {}; /* capabilities of pools' nodes, by address */

	void _print_entry(Capability_view::Entry const &, Terminal const &) const;

  public:
	/* the view has a layout; space: number of the capability space */
	Caps_refs(Image const &, Address_space const &, Capability_view const &, unsigned space = 0);

	/* a block for each capability */
	void print(Terminal const &) const;

	/* "refs" of a capability, and the regions they are in, as members of the innermost object */
	void write_refs(Json_writer &, std::uint32_t index) const;
	void write_regions(Json_writer &) const;
};

}

#endif /* CAPIMG__TOOLS__CAPS_REFS_H */
