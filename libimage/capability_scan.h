/*
 * Capability map, Object_pools and raw badges searched for in an image's memory, whatever its
 * manifest declares, and how the two compare
 *
 * The search knows the word size of the machine and, for the release, the manifest's version of
 * Genode; nothing else. Pools are searched with the map that was found if it is the declared one
 * or none is declared, else with the declared one: what the manifest says of objects refers
 * to it.
 *
 * Made once; the result is plain data.
 */

#ifndef CAPIMG__CAPABILITY_SCAN_H
#define CAPIMG__CAPABILITY_SCAN_H

#include <optional>
#include <string>
#include <vector>

#include "address_space.h"
#include "pool_search.h"

namespace Capimg
{

class Capability_scan
{
  public:
	enum class Map_result {
		NONE,       /* nothing was found, nothing is declared */
		SAME,       /* the declared one */
		PLACE_ONLY, /* the declared one, which is too small to be found without its address */
		LOST,       /* declared, and not found */
		OTHER,      /* found, not as declared */
		UNDECLARED, /* found, nothing is declared */
		AMBIGUOUS,  /* several places could be the map */
	};

	struct Pool
	{
		std::uint64_t tree = 0;
		bool declared = false, found = false;
		std::vector<Pool_object> nodes {}; /* as found, ascending addresses */
	};

	/* the manifest says otherwise than memory */
	struct Difference
	{
		std::optional<std::uint64_t> address {};
		std::string text {};
	};

	/* differences that are kept: nobody reads more of them */
	static constexpr std::size_t MAX_DIFFERENCES = 1000;

  private:
	Map_result _result = Map_result::NONE;
	bool _exhausted = false;
	std::optional<Cap_map> _found {}, _declared {};
	std::string _layouts {};
	std::vector<Pool> _pools {};
	std::optional<std::uint64_t> _parent_found {}, _parent_declared {};
	std::vector<Difference> _differences {};

	struct Scan;

  public:
	/*
	 * space  number of the capability space
	 *
	 * Throws 'Image_error': INVALID or LIMIT for a declared map that makes no sense; LIMIT as in
	 * scan_memory.h and pool_search.h; damaged blocks, a missing parent.
	 */
	Capability_scan(Image const &, Address_space const &, unsigned space = 0);

	Map_result map_result() const { return _result; }

	/* the search gave up on candidates that cost too much work */
	bool exhausted() const { return _exhausted; }

	std::optional<Cap_map> const &found() const { return _found; } /* with AMBIGUOUS: the first */
	std::optional<Cap_map> const &declared() const { return _declared; }
	std::string const &layouts() const { return _layouts; } /* of what was found, for people */

	/* found, declared or both, by ascending address; empty pools are never found */
	std::vector<Pool> const &pools() const { return _pools; }

	/* address of the word with the badge of the parent capability */
	std::optional<std::uint64_t> parent_found() const { return _parent_found; }
	std::optional<std::uint64_t> parent_declared() const { return _parent_declared; }

	std::vector<Difference> const &differences() const { return _differences; }
	bool agree() const { return _differences.empty(); }
};

/* "same", "placeOnly", …: as the JSON of 'capimg caps --scan' has it */
char const *map_result_name(Capability_scan::Map_result);

}

#endif /* CAPIMG__CAPABILITY_SCAN_H */
