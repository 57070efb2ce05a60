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
 *
 * Pools are searched in what was captured, while the component runs already: if the lock of one is
 * held, the capture is void, and another attempt is made. Those that are known from before, also
 * from 'measure', are looked at during the pause.
 *
 * Needs less than 40 KiB of stack where the capability map is searched for, which happens once,
 * and 16 KiB else. Not to be shared between threads.
 */

#ifndef CAPIMG__ENGINE__CHECKPOINT_H
#define CAPIMG__ENGINE__CHECKPOINT_H

#include "capimg/consistent_point.h"
#include "capimg/writer.h"

namespace Capimg::Engine
{

class Checkpoint : Noncopyable
{
  public:
	/* one attempt lets one thread run for a moment: pools are left after a few of these */
	static constexpr unsigned MAX_ATTEMPTS = 1000;

	/* all working memory, that of the writer included: see 'writer_work' */
	static constexpr size_t work_size(uint32_t block_size)
	{
		return max<size_t>(WORK_SIZE, Writer::work_size(block_size) + block_size);
	}

	/* for blocks of up to 32 KiB */
	static constexpr size_t WORK_SIZE = 128 * 1024;

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
	uint32_t const _block_size;
	Map_place _place {};
	Known_pools _pools {};
	Consistent_point _point;
	Effort _effort {};

	/* the image that was kept last, if there is one */
	State_digest _kept {};
	bool _has_kept = false;

	/* what 'take' has read, until 'write' */
	bool _taken = false;
	Machine _machine {};
	Parents _parents {};
	Const_bytes _message {};

	Status _check(Parents const &) const;
	Status _attempt(Parents const &, Bytes memory, bool &captured, bool &again);
	Status _write(Writer &);
	bool _inherited(uint32_t id, uint64_t size, uint64_t &first) const;
	Result<Extent> _changed(uint32_t id, uint64_t size, uint64_t offset);
	Status _dataspace(Writer &, uint32_t id, uint64_t size);
	Status _content(Writer &, uint32_t id, uint64_t size, Extent const &);
	Status _whole(Writer &, Captured_run const &, uint64_t size);
	Status _mixed(Writer &, uint32_t id, uint64_t from, uint32_t size);
	Result<Captured_run> _run(uint32_t id, uint64_t offset, uint64_t end);

  public:
	/* 'work' holds 'work_size' bytes; 'block_size' is that of the images */
	Checkpoint(Origin &origin, Bytes work, uint32_t block_size = Limit::MIN_BLOCK_SIZE)
		: _origin(origin),
		  _work(work),
		  _block_size(block_size),
		  _point(origin, _place, _pools, work, MAX_ATTEMPTS)
	{}

	/*
	 * Bytes that a checkpoint needs now; the component may have grown when it is taken
	 *
	 * To be called while it runs or is paused. NOT_FOUND as long as the map's place is not known
	 * and a thread is changing the map: the component is to run for a moment, then it is called
	 * again, a few times at least, before a component without a map is believed in. With some room
	 * added, NO_SPACE is rare; it costs nothing but another try. Exact if the component does not
	 * change, up to about 8000 objects and capabilities, and more than is needed above. Not between
	 * 'take' and 'write'.
	 */
	Result<Sizes> measure(Parents const &previous = {});

	/*
	 * Pause, read, resume
	 *
	 * previous  image that a delta is to be made against, the one that was kept last, and those
	 *           that it inherits from; or none. They outlive 'write'
	 * manifest  where the message is built, outlives 'write'
	 *
	 * BAD_STATE if one is taken already. WRONG_PARENT if 'previous' is not the image that this
	 * object has written last, if it has written any: what changed counts from there. NO_SPACE,
	 * errors of the origin, and those of the search for the capability map.
	 */
	Status take(Parents const &previous, Bytes manifest);

	/* the part of the working memory that is the writer's while 'write' runs */
	Bytes writer_work() const
	{
		return Bytes(_work.base(), _work.size() - min<size_t>(_work.size(), _block_size));
	}

	/*
	 * Write what 'take' has read; ends the checkpoint also on an error
	 *
	 * The writer is fresh; its head has the origin's machine and this block size, BAD_ARGUMENT
	 * otherwise. BAD_STATE without a 'take' that succeeded.
	 */
	Status write(Writer &);

	/* end a checkpoint without writing it; nothing without a 'take' that succeeded */
	void drop();

	Effort const &effort() const { return _effort; }
};

}

#endif /* CAPIMG__ENGINE__CHECKPOINT_H */
