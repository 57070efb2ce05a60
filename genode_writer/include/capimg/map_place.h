/*
 * Where the component's memory has its capability map
 *
 * Found once by its structure (cap_find.h), and remembered: it does not move.
 */

#ifndef CAPIMG__ENGINE__MAP_PLACE_H
#define CAPIMG__ENGINE__MAP_PLACE_H

#include "capimg/origin.h"
#include "libimage/core/cap_read.h"

namespace Capimg::Engine
{

class Map_place : Noncopyable
{
	Cap_candidate _candidate {};
	bool _found = false, _none = false, _exhausted = false;

  public:
	/* bytes of a text that names all releases with one layout */
	static constexpr size_t RELEASE_SIZE = 128;

	/*
	 * Look for the map unless its place is known
	 *
	 * NOT_FOUND if there is none and kernel or hints are known for having one, also while it is
	 * being changed: found or at an address that is known, and for an empty list. With a kernel
	 * that has none, and with an unknown one, that is no error. AMBIGUOUS, and errors of
	 * 'find_cap_maps' and 'check_cap_map'. 'work' as 'find_cap_maps' has it; less than 32 KiB of
	 * stack.
	 */
	Status locate(Origin &, Memory const &, Bytes work);

	/* a map was found */
	bool found() const { return _found; }

	/* there is none, as opposed to not known */
	bool none() const { return _none; }

	/* the search did not give up on anything */
	bool complete() const { return !_exhausted; }

	Cap_map const &map() const { return _candidate.map; }

	/* layout descriptor, as 'capimg import' declares it; nothing without a map that is known */
	void describe(Metadata::Capability_space::Writer const &) const;
};

}

#endif /* CAPIMG__ENGINE__MAP_PLACE_H */
