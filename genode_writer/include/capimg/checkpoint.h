/*
 * Taking a checkpoint of a running component
 *
 * 'take' pauses the component at a consistent point, reads its state, has its memory copied or
 * marked, and lets it run again; 'write' turns that into an image afterwards. Whatever fails, the
 * component runs on.
 *
 * Consistent is a point at which every thread is settled, none is amid a transfer of badges
 * (origin.h), and the locks of the capability map, its allocator and all Object_pools are free.
 * Elsewhere the thread, or the component, runs on for a moment; after MAX_ATTEMPTS 'take' gives up
 * with BUSY, the name of what was in the way, and its address or thread.
 */

#ifndef CAPIMG__ENGINE__CHECKPOINT_H
#define CAPIMG__ENGINE__CHECKPOINT_H

#include "capimg/origin.h"
#include "capimg/writer.h"
#include "libimage/core/cap_read.h"
#include "libimage/core/object_pool.h"

namespace Capimg::Engine
{

class Checkpoint : Noncopyable
{
  public:
	/* one attempt lets one thread run for a moment: pools are left after a few of these */
	static constexpr unsigned MAX_ATTEMPTS = 1000;

	/* the same memory serves 'take' and 'write' */
	static constexpr size_t WORK_SIZE = Writer::WORK_SIZE;

	struct Sizes
	{
		size_t manifest = 0; /* the message, and 16 bytes for each object to find it by badge */
		size_t directory = 0;
	};

	/* counts that tell what a checkpoint cost, for reports */
	struct Effort
	{
		unsigned attempts = 0;    /* pauses, and moments that threads ran on */
		uint64_t blocks = 0;      /* of the image */
		uint64_t read_blocks = 0; /* whose content was looked at */
	};

  private:
	Origin &_origin;
	Bytes const _work;
	Effort _effort {};

  public:
	/* 'work' holds WORK_SIZE bytes */
	Checkpoint(Origin &origin, Bytes work) : _origin(origin), _work(work) {}

	/*
	 * Bytes that a checkpoint needs now; the component may have grown when it is taken
	 *
	 * To be called while it runs or is paused. With some room added, NO_SPACE is rare; it
	 * costs nothing but another try.
	 */
	Result<Sizes> measure();

	/*
	 * Pause, read, resume
	 *
	 * previous  image that a delta is to be made against, the one that was kept last; or null
	 */
	Status take(Image const *previous, Bytes manifest);

	/*
	 * Write what 'take' has read; ends the checkpoint also on an error
	 *
	 * writer_name and profile go into the head. BAD_STATE without a 'take' that succeeded.
	 */
	Status write(Writer &);

	Effort const &effort() const { return _effort; }
};

}

#endif /* CAPIMG__ENGINE__CHECKPOINT_H */
