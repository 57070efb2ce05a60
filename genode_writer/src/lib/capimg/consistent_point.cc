#include "capimg/consistent_point.h"

namespace Capimg::Engine
{

Consistent_point::Obstacle Consistent_point::_threads()
{
	/* whether a thread is at a good place is known of settled threads only */
	uint32_t const count = _origin.threads();
	for (uint32_t i = 0; i < count; i++)
		if (Thread_spot const spot = _origin.thread(i); !spot.settled)
			return { Obstacle::WAIT, { Code::BUSY, spot.ip, "thread", spot.id }, spot.id };

	uint32_t const spans = _origin.unsafe_code();
	for (uint32_t i = 0; i < count; i++) {
		Thread_spot const spot = _origin.thread(i);

		/* in the kernel it waits for a message: nothing is under way in its registers */
		if (spot.phase == Metadata::Ipc_phase::SENDING ||
			spot.phase == Metadata::Ipc_phase::RECEIVING)
			continue;

		for (uint32_t k = 0; k < spans; k++) {
			Code_span const span = _origin.unsafe_code(k);
			if (!span.holds(spot.ip)) continue;
			char const *const name = span.name.empty() ? "unsafe code" : span.name.string();
			return { Obstacle::RUN_THREAD, { Code::BUSY, spot.ip, name, spot.id }, spot.id };
		}
	}
	return {};
}

Consistent_point::Obstacle Consistent_point::_map()
{
	Memory const &memory = _origin.memory();
	if (Status const status = _place.locate(_origin, memory, _work)) {
		bool const again = status.code == Code::NOT_FOUND && ++_searches < MAX_SEARCHES;
		return { again ? Obstacle::RUN_ALL : Obstacle::GIVE_UP, status };
	}
	if (!_place.found()) return {};

	Cap_map const &map = _place.map();
	Cap_reader reader(memory, map, _work);
	(void)reader.open();
	Cap_locks const locks = reader.locks();
	if (locks.allocator == Lock_state::HELD)
		return { Obstacle::RUN_ALL, { Code::BUSY, cap_allocator_lock(map), "cap_alloc lock" } };
	if (locks.tree == Lock_state::HELD)
		return { Obstacle::RUN_ALL, { Code::BUSY, cap_tree_lock(map), "cap_map lock" } };

	Memory_view view(memory);
	if (uint64_t const lock = _pools.held(view, map))
		return { Obstacle::RUN_ALL, { Code::BUSY, lock, "pool lock" } };
	return {};
}

Consistent_point::Obstacle Consistent_point::_look()
{
	if (Obstacle const obstacle = _threads(); obstacle.cure) return obstacle;
	return _map();
}

Status Consistent_point::reach(unsigned &attempts)
{
	_searches = 0;
	if (Status const status = _origin.pause()) return status;

	for (;;) {
		attempts++;
		Obstacle obstacle = _look();
		if (!obstacle.cure) return ok;
		if (obstacle.cure == Obstacle::GIVE_UP || attempts >= _max_attempts) return obstacle.status;

		if (obstacle.cure == Obstacle::RUN_THREAD && attempts % ALL_RUN_EVERY == 0)
			obstacle.cure = Obstacle::RUN_ALL;

		Status status = ok;
		switch (obstacle.cure) {
		case Obstacle::WAIT: _origin.wait(); break;
		case Obstacle::RUN_THREAD: status = _origin.run_on(obstacle.thread); break;
		default: status = _origin.run_on(); break;
		}
		if (status) return status;
	}
}

}
