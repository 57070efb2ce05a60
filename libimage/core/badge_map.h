/*
 * Badge maps: which object gets which new badge
 *
 * A map is applied as one simultaneous substitution, so that swaps and cycles work. In the end
 * it is a new badge for each object of a manifest, which is what rewriting needs: on the target
 * of a restore the new badges become known object by object, without any pairs.
 */

#ifndef CAPIMG__CORE__BADGE_MAP_H
#define CAPIMG__CORE__BADGE_MAP_H

#include "arena.h"
#include "badge_rules.h"

namespace Capimg
{

struct Badge_pair
{
	uint64_t old_badge = 0, new_badge = 0;

	bool operator==(Badge_pair const &) const = default;
};

/*
 * The objects of a manifest and the badges they will have
 *
 * Not to be shared between threads. All failures leave every object with the badge it has.
 */
class Badge_assignment : Noncopyable
{
	using Objects = Wire::Struct_list_reader<Metadata::Object::Reader>;

	Metadata::Manifest::Reader const _manifest;
	Objects const _objects;
	Badge_rules const _rules;
	Arena _arena;

	/* one for each object, by its number in the manifest */
	uint64_t *_badges = nullptr;
	uint32_t *_by_old = nullptr; /* numbers, by ascending old badge */
	uint32_t *_by_new = nullptr;
	uint32_t *_scratch = nullptr;
	uint8_t *_foreign = nullptr;
	uint8_t *_mapped = nullptr;
	uint32_t _missing = 0;

	void _mark_foreign();
	void _reset();
	Badge_refusal _find(Badge_pair const &, uint32_t &object) const;
	Badge_refusal _map(Badge_pair const &, bool ignore_missing);
	Badge_refusal _map_all(Badge_pair const *, uint32_t count, bool ignore_missing);
	Badge_refusal _check_unique();

  public:
	static size_t work_size(Metadata::Manifest::Reader const &);

	/* 'manifest' has passed 'check_manifest'; 'work' holds 'work_size' bytes, and outlives this */
	Badge_assignment(Metadata::Manifest::Reader const &manifest, Bytes work)
		: _manifest(manifest),
		  _objects(manifest.objects()),
		  _rules(Badge_rules::of(manifest)),
		  _arena(work)
	{}

	/* NO_SPACE */
	Status open();

	Badge_rules const &rules() const { return _rules; }
	uint32_t count() const { return _objects.size(); }

	/* badge of object number 'i' of the manifest, before and after */
	uint64_t old_badge(uint32_t i) const { return _objects[i].badge(); }
	uint64_t new_badge(uint32_t i) const { return _badges[i]; }

	/* the object has a badge that a map may change */
	bool rewritable(uint32_t i) const
	{
		return !_foreign[i] && old_badge(i) && !(_rules.main_gate && old_badge(i) == 1);
	}

	/*
	 * Apply a map
	 *
	 * ignore_missing  pairs whose old badge no object has are left out, and counted in 'missing'
	 */
	Badge_refusal apply(Badge_pair const *pairs, uint32_t count, bool ignore_missing);

	uint32_t missing() const { return _missing; }

	/*
	 * Give all rewritable objects ascending badges from 'first' on, in the order of their old ones
	 *
	 * 'step' is that of the rules, 1 if there is none.
	 */
	Badge_refusal assign_fresh(uint64_t first);

	/*
	 * Set the badge of one object, as it becomes known on the target of a restore
	 *
	 * 'check' after the last one: badges are valid, and no two objects of one name space share
	 * one unless they did before.
	 */
	void set(uint32_t i, uint64_t badge);
	Badge_refusal check();

	/* the object is not there any more: it has no badge, and keeps none from others */
	void drop(uint32_t i);

	/* objects whose badge changes */
	uint32_t changed() const;

	/*
	 * The order of all badges stays
	 *
	 * Then every tree that is ordered by badges stays valid, also one that nobody knows of.
	 */
	bool order_kept() const;
};

}

#endif /* CAPIMG__CORE__BADGE_MAP_H */
