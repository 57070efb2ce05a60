/*
 * Pausing a component where its state is consistent
 *
 * Every thread is settled, none is in unsafe code (origin.h), and the locks of the capability map,
 * its allocator and the pools that are known are free. Elsewhere the thread, or the component, runs
 * on for a moment.
 */

#ifndef CAPIMG__ENGINE__CONSISTENT_POINT_H
#define CAPIMG__ENGINE__CONSISTENT_POINT_H

#include "capimg/known_pools.h"
#include "capimg/map_place.h"

namespace Capimg::Engine
{

class Consistent_point : Noncopyable
{
  public:
	/*
	 * A thread may wait in unsafe code for a lock that another one holds: of so many moments,
	 * one is for all threads
	 */
	static constexpr unsigned ALL_RUN_EVERY = 8;

	/* a map whose tree is being changed is not found; a search is long for a pause */
	static constexpr unsigned MAX_SEARCHES = 8;

  private:
	Origin &_origin;
	Map_place &_place;
	Known_pools const &_pools;
	Bytes const _work;
	unsigned const _max_attempts;
	unsigned _searches = 0;

	/* what is in the way, and what helps */
	struct Obstacle
	{
		enum Cure { NONE, GIVE_UP, WAIT, RUN_THREAD, RUN_ALL } cure = NONE;
		Status status {};
		uint32_t thread = 0;
	};

	Obstacle _threads();
	Obstacle _map();
	Obstacle _look();

  public:
	/* 'work': as 'Map_place::locate' has it, and a bit for each entry of the map */
	Consistent_point(Origin &origin, Map_place &place, Known_pools const &pools, Bytes work,
					 unsigned max_attempts)
		: _origin(origin), _place(place), _pools(pools), _work(work), _max_attempts(max_attempts)
	{}

	/*
	 * Pause; the component is left paused whatever is returned
	 *
	 * attempts  is counted up; at 'max_attempts' it is BUSY, with the name of what was in the
	 *           way as field (texts of the origin), and its address and the thread as offset and
	 *           value
	 *
	 * Errors of the origin and of 'Map_place::locate'.
	 */
	Status reach(unsigned &attempts);
};

}

#endif /* CAPIMG__ENGINE__CONSISTENT_POINT_H */
