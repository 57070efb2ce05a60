#include <capimg_host/checkpointer.h>

namespace Capimg::Host
{

using namespace Engine;

Checkpointer::Checkpointer(Env &env, Allocator &alloc, Hosted_child &child, Thread_control &threads,
						   Timer::Connection &timer, uint8_t const (&epoch)[16],
						   uint32_t block_size)
	: _env(env),
	  _timer(timer),
	  origin(env, alloc, child, threads, timer, epoch),
	  _block_size(block_size),
	  _work(env, Checkpoint::work_size(block_size)),
	  _manifest(env),
	  _directory(env),
	  _checkpoint(origin, _work.bytes(), block_size)
{}

/* 'room': times as much as is usual */
Status Checkpointer::_pause_and_take(Parents const &parents, Capimg::size_t room)
{
	/* a map that is being changed is not found: the component runs for a moment */
	static constexpr unsigned SEARCHES = 10;
	auto sizes = _checkpoint.measure(parents);
	for (unsigned i = 0; i < SEARCHES && sizes.failed(); i++) {
		if (sizes.error().code != Code::NOT_FOUND) break;
		_timer.usleep(1000);
		sizes = _checkpoint.measure(parents);
	}
	if (sizes.failed()) return sizes.error();

	/* it grows meanwhile */
	static constexpr Capimg::size_t ROOM = 16 * 1024;
	_manifest.reserve(sizes->manifest + room * (sizes->manifest / 8 + ROOM));
	_directory.reserve(sizes->directory + room * ROOM);

	/* a thread that moved at the last moment costs another pause, and nothing else */
	static constexpr unsigned TRIES = 50;
	Status taken = _checkpoint.take(parents, _manifest.bytes());
	for (unsigned i = 0;
		 i < TRIES && taken.code == Code::BUSY && taken.field == Thread_control::THREAD_MOVED; i++)
		taken = _checkpoint.take(parents, _manifest.bytes());
	return taken;
}

Status Checkpointer::_take(Parents const &parents, Sink &sink, Outcome &outcome)
{
	/* during start-up a component may grow faster than the room that was left for it */
	static constexpr unsigned GROWTHS = 4;
	Status taken = _pause_and_take(parents, 1);
	for (unsigned i = 1; i < GROWTHS && taken.code == Code::NO_SPACE; i++)
		taken = _pause_and_take(parents, 1 + 2 * i);
	if (taken) return taken;
	outcome.attempts = _checkpoint.effort().attempts;
	outcome.memory = origin.snapshot().used() + _work.size() + _manifest.size() + _directory.size();

	Head head {};
	head.machine = this_machine();
	head.profile.block_size = _block_size;
	head.set_writer("capimg_checkpoint 1.0.0");
	Plain_sha256 hash {};
	Writer writer(head, { {}, _directory.bytes(), _checkpoint.writer_work() }, sink, hash);
	Status const written = _checkpoint.write(writer);
	outcome.bytes = writer.size();
	outcome.blocks = _checkpoint.effort().blocks;
	outcome.read_blocks = _checkpoint.effort().read_blocks;
	return written;
}

Outcome Checkpointer::take(Parents const &parents, Sink &sink)
{
	Outcome outcome {};
	uint64_t const begin = _timer.elapsed_us();
	outcome.sequence = origin.sequence;
	outcome.delta = parents.count() != 0;
	origin.paused_time = 0;

	origin.begin();
	(void)origin.prepare();
	outcome.status = _take(parents, sink, outcome);
	origin.end();

	outcome.paused_us = origin.paused_time;
	outcome.total_us = _timer.elapsed_us() - begin;
	return outcome;
}

}
