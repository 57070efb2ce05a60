/*
 * Checkpoints of one hosted component, one after the other
 */

#ifndef CAPIMG__HOST__CHECKPOINTER_H
#define CAPIMG__HOST__CHECKPOINTER_H

#include <capimg/checkpoint.h>
#include <capimg_host/open_image.h>
#include <capimg_host/origin.h>

namespace Capimg::Host
{

/* what a checkpoint was, for reports */
struct Outcome
{
	Status status {};
	uint64_t sequence = 0, bytes = 0, blocks = 0, read_blocks = 0;
	uint64_t paused_us = 0, total_us = 0;
	unsigned attempts = 0;
	uint64_t memory = 0; /* bytes of RAM that the runtime held for it */
	bool delta = false;
};

class Checkpointer : Genode::Noncopyable
{
	Env &_env;
	Timer::Connection &_timer;

  public:
	Origin origin;

  private:
	uint32_t const _block_size;
	Ram_buffer _work, _manifest, _directory;
	Engine::Checkpoint _checkpoint;

	Status _pause_and_take(Engine::Parents const &, Capimg::size_t room);
	Status _take(Engine::Parents const &, Engine::Sink &, Outcome &);

  public:
	Checkpointer(Env &, Allocator &, Hosted_child &, Thread_control &, Timer::Connection &,
				 uint8_t const (&epoch)[16], uint32_t block_size);

	/*
	 * parents  images for a delta, or none
	 * sink     gets the whole image; flushing is the caller's
	 */
	Outcome take(Engine::Parents const &, Engine::Sink &);
};

}

#endif /* CAPIMG__HOST__CHECKPOINTER_H */
