/*
 * What a component's memory says about its capabilities, for 'Import_plan'
 *
 * The map is found by its structure or at the address given (core/cap_find.h). Then:
 *
 *   entry of a capability    live, names the object of its badge
 *   … not in the tree,       stale, names the same object; linux keeps only local ones in the
 *     where it should be     tree, the foreign ones are live nevertheless
 *   … with the invalid id    empty, keeps its id; likewise what it holds besides
 *
 *   one object for each badge; on linux for each (key, socket, foreign), since a key alone
 *   names nothing there. It is the way to the parent at the parent's selector (foc),
 *   an RPC object of the component itself if it is in one of its Object_pools, else a
 *   capability of which only the badge is known.
 *
 *   one badge tree for each Object_pool; one raw badge for the parent capability at the begin of
 *   the loader's writeable segment (foc), that is where the map's memory begins, if the badge
 *   there is the parent's. A pool of which an object has no badge is none.
 */

#ifndef CAPIMG__IMPORT_CAPABILITIES_H
#define CAPIMG__IMPORT_CAPABILITIES_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/cap_layout.h"
#include "core/memory.h"
#include "elf_core.h"
#include "image.capnp.h"
#include "import.h"

namespace Capimg
{

struct Capability_findings
{
	/* an index of 'objects', or this */
	static constexpr std::size_t NONE = ~std::size_t(0);

	struct Object
	{
		std::uint64_t badge = 0;
		bool parent = false, native = false;
	};

	struct Entry
	{
		std::uint64_t kcap = 0;
		std::uint32_t index = 0;
		std::uint64_t id = 0;
		std::uint32_t ref_count = 0;
		std::int32_t socket = 0;
		bool foreign = false, in_tree = false;
		Schema::EntryState state {};
		Schema::EntryKind kind {};
		std::size_t object = NONE;
	};

	struct Node
	{
		std::uint64_t address = 0;
		std::size_t object = NONE;
	};

	struct Pool
	{
		std::uint64_t tree = 0;
		std::vector<Node> nodes {}; /* ascending addresses */
	};

	std::optional<Cap_map> map {};
	std::string release {}; /* of the map's layout, for people */
	Schema::Kernel kernel {};
	std::vector<Object> objects {}; /* ascending by badge, then socket, local before foreign */
	std::vector<Entry> entries {};  /* ascending indices */
	std::vector<Pool> pools {};     /* ascending addresses */
	std::uint64_t parent_word = 0;  /* address, 0: not there */
	std::size_t parent_object = NONE;
};

/* errors: see 'Import_plan' */
Capability_findings find_capabilities(Elf_core const &, Memory const &, Import_options const &,
									  Import_plan::Report &);

/* fills objects from 'first_object' on, whose ids are there, and all tables of capabilities */
void build_capabilities(Capability_findings const &, std::uint32_t pd, std::uint32_t first_object,
						Schema::Manifest::Builder);

}

#endif /* CAPIMG__IMPORT_CAPABILITIES_H */
