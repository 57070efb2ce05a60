/*
 * Rewriting badges: in the manifest, and inside captured memory
 *
 * As if the component had always had the new badges: the entries of its capability map, the map's
 * tree and every declared tree that is ordered by badges, and every raw badge. All other bytes
 * stay. Nothing is changed before everything was found as the manifest declares it. The same with
 * the former badges gives the former bytes back (tree_reseat.h).
 *
 * 'capimg rewrite' and the loader on the target run this code.
 */

#ifndef CAPIMG__CORE__BADGE_REWRITE_H
#define CAPIMG__CORE__BADGE_REWRITE_H

#include "badge_compare.h"
#include "badge_map.h"

namespace Capimg
{

/* what became of one tree; takes reports as trees are done */
struct Reseated_tree
{
	uint64_t root = 0;
	bool map = false; /* the capability map's own tree */
	uint32_t nodes = 0;
	uint32_t moved = 0; /* nodes that took another place; 0: the tree was left alone */
};

class Reseat_sink : Noncopyable
{
  protected:
	~Reseat_sink() = default;

  public:
	virtual void tree(Reseated_tree const &) {}
};

/* not to be shared between threads */
class Badge_rewrite : Noncopyable
{
	Metadata::Manifest::Reader const _manifest;
	Wire::Struct_list_reader<Metadata::Object::Reader> const _objects;
	Badge_assignment const &_badges;
	Bytes const _work;
	uint64_t _written = 0;

	uint64_t _new_badge(uint32_t object_id) const;
	Status _check_fit(uint32_t space) const;
	Status _write_id(Writable_memory &, Cap_map const &,
					 Metadata::Capability_entry::Reader const &);
	Status _reseat_map(Writable_memory &, Cap_map const &, uint32_t limit, Reseat_sink &);
	Status _reseat_tree(Writable_memory &, Cap_map const &, Metadata::Badge_tree::Reader const &,
						Reseat_sink &);
	Status _write_raw(Writable_memory &, Metadata::Raw_badge::Reader const &);

  public:
	/* bytes of working memory, for any space */
	static size_t work_size(Metadata::Manifest::Reader const &);

	/* 'manifest' has passed 'check_manifest' and is the one that 'badges' is of */
	Badge_rewrite(Metadata::Manifest::Reader const &manifest, Badge_assignment const &badges,
				  Bytes work)
		: _manifest(manifest), _objects(manifest.objects()), _badges(badges), _work(work)
	{}

	/*
	 * Rewrite the memory of one capability space
	 *
	 * First it is compared with the manifest. If 'differences' gets any, nothing is written and
	 * the result is INCONSISTENT "memory". Other errors before the first write: LIMIT if a new
	 * badge does not fit its place, UNSUPPORTED if trees whose order changes are declared, but no
	 * map to read their keys through, NO_SPACE, those of 'check_cap_map'. DUPLICATE "key" if two
	 * nodes of a tree would have one badge: the memory is of no further use then.
	 */
	Status memory(uint32_t space, Writable_memory &, Badge_difference_sink &differences,
				  Reseat_sink &);

	/* entries and raw badges written so far */
	uint64_t written() const { return _written; }

	/*
	 * Rewrite the badges of objects, and those in UTCBs and registers, in a copy of the message
	 *
	 * 'message' is framed and of the same size and content as the manifest's.
	 */
	Status message(Bytes message) const;
};

}

#endif /* CAPIMG__CORE__BADGE_REWRITE_H */
