/*
 * Capabilities of a component: what the manifest says, what its memory says, and whether
 * they agree
 *
 * Made once from an image; the result is plain data. Damaged blocks throw 'Image_error'.
 */

#ifndef CAPIMG__CAPABILITY_VIEW_H
#define CAPIMG__CAPABILITY_VIEW_H

#include <optional>
#include <string>
#include <vector>

#include "address_space.h"
#include "core/badge_compare.h"
#include "core/cap_read.h"
#include "image.h"

namespace Capimg
{

class Capability_view
{
  public:
	/* an entry of the manifest; addresses and badges as it says */
	struct Entry
	{
		std::optional<std::uint64_t> kcap {}; /* none where the kernel has no selectors */
		std::uint32_t index = 0;
		std::optional<std::uint64_t> slot {}; /* address, none without a layout */
		std::uint64_t badge = 0;              /* of the object, or the raw id of an empty entry */
		std::uint32_t ref_count = 0;
		bool in_tree = false, foreign = false;
		Schema::EntryState state {};
		Schema::EntryKind kind {};
		std::int32_t socket = 0;
		std::uint32_t object = 0; /* id, 0 for an empty entry */

		bool stale() const { return state == Schema::EntryState::STALE; }
	};

	struct Member
	{
		std::uint64_t address = 0; /* of the node */
		std::uint32_t object = 0;  /* id */
	};

	struct Pool
	{
		std::uint64_t tree = 0;
		std::vector<Member> members {}; /* as the manifest says, ascending addresses */
		std::vector<std::string> differences {};
	};

	/* manifest and memory say different things, or memory contradicts itself */
	struct Difference
	{
		std::optional<std::uint64_t> address {};
		std::string text {};
	};

  private:
	bool _has_layout = false;
	bool _has_sockets = false;
	std::string _release {};
	Cap_map _map {};
	std::vector<Entry> _entries {};
	std::vector<Pool> _pools {};
	std::vector<Difference> _differences {}, _raw_differences {};
	Cap_locks _locks {};

	struct Differences;

	void _read_manifest(Image const &, unsigned space);
	void _read_pools(Image const &);
	bool _add(Badge_difference const &);

  public:
	/* space   number of the capability space; nothing is read if there is no such one */
	Capability_view(Image const &, Address_space const &, unsigned space = 0);

	/* the map in memory is known: a tree or list */
	bool has_layout() const { return _has_layout; }
	bool has_sockets() const { return _has_sockets; } /* linux */
	std::string const &release() const { return _release; }
	Cap_map const &map() const { return _map; }

	std::vector<Entry> const &entries() const { return _entries; } /* ascending index */
	std::vector<Pool> const &pools() const { return _pools; }

	std::vector<Difference> const &differences() const { return _differences; }
	std::vector<Difference> const &raw_differences() const { return _raw_differences; }
	Cap_locks const &locks() const { return _locks; }

	/* memory was looked at, and it says what the manifest says, in pools and raw badges as well */
	bool agree() const;
};

}

#endif /* CAPIMG__CAPABILITY_VIEW_H */
