/*
 * Calls in service: which threads of the component serve calls of which others
 *
 * The client of such a call sends it again, and the server receives it into nowhere, so that the
 * kernel knows the caller again. Whoever else waits to call a server must not get in between. So
 * servers are released in an order in which
 *  - a server is behind its client, if that serves a call itself: outermost first
 *  - a server that waits to call another one is behind that one
 * Each server is in at most one call, so there is such an order unless calls form a circle.
 */

#ifndef CAPIMG__RESTORE_CALLS_H
#define CAPIMG__RESTORE_CALLS_H

#include "capimg/refusal.h"
#include "capimg/restore_roles.h"

namespace Capimg::Engine
{

class Restore_calls : Noncopyable
{
	using Objects = Wire::Struct_list_reader<Metadata::Object::Reader>;

	static constexpr uint32_t NONE = Restore_role::NONE;

	/* for each thread, by its place in the order of slots */
	struct Spot
	{
		uint32_t object = 0;
		uint32_t client = NONE;               /* place of the thread whose call it serves */
		uint32_t server = NONE;               /* place of the thread that its own call goes to */
		uint32_t waiting = NONE, next = NONE; /* list of threads that wait to call it */
		uint32_t before = 0;                  /* how many have to be released before it */
		bool in_call = false;                 /* it is a client of a call in service */
		bool contradicts = false;             /* whom it serves does not say so */
	};

	Metadata::Manifest::Reader const _manifest;
	Objects const _objects;
	Restore_roles const &_roles;
	Spot *_spots = nullptr;
	uint32_t _count = 0;
	uint32_t *_place = nullptr; /* of each object that is a thread */
	uint32_t *_order = nullptr; /* places */
	uint32_t _ordered = 0, _servers = 0;

	uint32_t _server_of(uint32_t id) const;
	void _find_servers();
	void _find_clients();
	void _sort();
	void _done(uint32_t place, uint32_t &end);

  public:
	static size_t work_size(Metadata::Manifest::Reader const &);

	/* 'roles' are open when 'open' is called */
	Restore_calls(Metadata::Manifest::Reader const &manifest, Restore_roles const &roles)
		: _manifest(manifest), _objects(manifest.objects()), _roles(roles)
	{}

	/* 'threads' are the numbers of those that are made, by ascending slots */
	Status open(Arena &, uint32_t const *threads, uint32_t count);

	/* CALL_CYCLE for each server of a circle, UNBOUND for each that serves nobody */
	void check(Refusal_sink &) const;

	/* servers in the order of their release, as numbers of objects */
	uint32_t count() const { return _ordered; }
	uint32_t server(uint32_t n) const { return _spots[_order[n]].object; }

	/* a thread, by the number of its object, serves such a call: whose; NONE if it does not */
	uint32_t client(uint32_t thread) const;

	/* the thread is server or client of a call in service, and released with it */
	bool involved(uint32_t thread) const;
};

}

#endif /* CAPIMG__RESTORE_CALLS_H */
