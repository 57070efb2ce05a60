/*
 * Who in the component's memory holds which capability
 *
 * A 'Native_capability' in memory is a pointer to an entry of the capability map, so that every
 * aligned word that points to a slot in use is taken for one. Words of the map itself (links of
 * its tree or list, the pointer to its array) are counted, not listed. Memory that was freed
 * and stack frames that are gone may hold pointers that nobody will use any more: they look
 * the same. A capability that only a register held has no word.
 *
 * Made once, in one pass over captured memory; the result is plain data.
 */

#ifndef CAPIMG__CAPABILITY_REFS_H
#define CAPIMG__CAPABILITY_REFS_H

#include <cstdint>
#include <span>
#include <vector>

#include "address_space.h"
#include "core/cap_layout.h"
#include "image.h"

namespace Capimg
{

class Capability_refs
{
  public:
	struct Ref
	{
		std::uint64_t address = 0; /* of the word */
		std::uint32_t index = 0;   /* of the entry it points to */

		bool operator==(Ref const &) const = default;
	};

	/*
	 * 64 MiB of references: four for each of the most capabilities that there may be. In a
	 * hostile image each word is one.
	 */
	static constexpr std::size_t MAX_REFS = 4 * Limit::MAX_CAPABILITIES;

  private:
	std::vector<Ref> _refs {};
	std::uint64_t _internal = 0;

  public:
	/*
	 * Throws 'Image_error': INVALID or LIMIT if the map's numbers make no sense; LIMIT if there
	 * are more references than 'limit', or regions show more than a scan looks at
	 * (scan_memory.h); damaged blocks, a missing parent
	 */
	Capability_refs(Image const &, Address_space const &, Cap_map const &,
					std::size_t limit = MAX_REFS);

	/* ascending by index, then address; none is there twice */
	std::vector<Ref> const &all() const { return _refs; }

	/* those to one entry, by ascending address */
	std::span<Ref const> of(std::uint32_t index) const;

	/* words of the map itself that point to slots in use */
	std::uint64_t internal() const { return _internal; }
};

}

#endif /* CAPIMG__CAPABILITY_REFS_H */
