/*
 * What becomes of each object of a manifest at a restore: who makes it, and when
 */

#ifndef CAPIMG__RESTORE_ROLES_H
#define CAPIMG__RESTORE_ROLES_H

#include "capimg/companion.h"
#include "capimg/restore_phase.h"
#include "libimage/core/arena.h"

namespace Capimg::Engine
{

struct Restore_role
{
	/* what the component needs the object for */
	enum Use : uint8_t {
		NEEDED = 1, /* a live entry, a node, a raw badge, a call, or a handler names it */
		STALE = 2,  /* a stale entry */
	};

	Phase phase {}; /* in which it is made, if 'made' */
	bool made : 1 = false;
	bool companion : 1 = false;
	bool dangling : 1 = false;  /* it gets a badge that no object has */
	bool contested : 1 = false; /* claimed twice, or by a field that cannot mean such an object */
	uint8_t uses = 0;
	Companion kind {}; /* if 'companion' */

	/* number of the object that makes it: owner of a companion, RM session; NONE for others */
	uint32_t of = NONE;

	static constexpr uint32_t NONE = ~0u;
};

class Restore_roles : Noncopyable
{
	using Objects = Wire::Struct_list_reader<Metadata::Object::Reader>;

	Metadata::Manifest::Reader const _manifest;
	Objects const _objects;
	Restore_role *_roles = nullptr;
	uint32_t *_first = nullptr; /* first companion of each object, and the next one of that */
	uint32_t *_next = nullptr;
	uint32_t _pd = Restore_role::NONE;

	uint32_t _number(uint32_t id) const;
	void _claim(uint32_t id, uint32_t owner, Companion);
	void _claim_all();
	void _use(uint32_t id, Restore_role::Use);
	void _use_all();
	void _decide(uint32_t);

  public:
	static size_t work_size(Metadata::Manifest::Reader const &);

	explicit Restore_roles(Metadata::Manifest::Reader const &manifest)
		: _manifest(manifest), _objects(manifest.objects())
	{}

	/* NO_SPACE */
	Status open(Arena &);

	uint32_t count() const { return _objects.size(); }
	Restore_role const &operator[](uint32_t number) const { return _roles[number]; }

	/*
	 * Number of the PD session with the lowest id, NONE if there is none
	 *
	 * One without 'session' is not one: imports make it up, so that capability spaces have a PD.
	 */
	uint32_t pd() const { return _pd; }

	/* first companion of an object, and the one behind another; NONE at the end */
	uint32_t first_companion(uint32_t owner) const { return _first[owner]; }
	uint32_t next_companion(uint32_t companion) const { return _next[companion]; }

	/*
	 * Numbers of all made objects that are no companions, in the order of their creation
	 *
	 * Both arrays have 'count' elements; the result stands in 'order', the return value says how
	 * many there are.
	 */
	uint32_t order(uint32_t *order, uint32_t *scratch) const;
};

/* the handler that an object gives away, an id; 0 if there is none */
uint32_t handler_of(Metadata::Object::Reader const &);

}

#endif /* CAPIMG__RESTORE_ROLES_H */
