/*
 * The component that is captured, and the system it runs on
 *
 * What a checkpoint asks of the runtime that hosts the component. The runtime knows the objects
 * since it interposed their creation; the capability map it need not know, the engine finds it
 * in the component's memory. All functions report errors as values: VANISHED for an object that
 * is gone meanwhile, DENIED where the kernel refuses, IO. What fails, fails the checkpoint, which
 * is ended then: 'resume' after any 'pause', 'done' after each capture that succeeded.
 */

#ifndef CAPIMG__ENGINE__ORIGIN_H
#define CAPIMG__ENGINE__ORIGIN_H

#include "libimage/core/cap_find.h"
#include "libimage/core/generated/image.h"
#include "libimage/core/head.h"
#include "libimage/core/memory.h"

namespace Capimg::Engine
{

/* what a manifest says of the component as a whole; texts are copied before the next call */
struct Description
{
	Wire::Text label {}, genode_version {}, binary_name {};
	Const_bytes binary_digest {}, epoch {}, group {};
	Machine machine {};
	Metadata::Kernel kernel = Metadata::Kernel::UNKNOWN;
	uint64_t sequence = 0, time_base = 0, timestamp_frequency = 0;
	uint32_t fpu_size = 0;
};

/* what the engine must know of an object before it is described */
struct Object_head
{
	uint32_t id = 0;    /* not 0; stays the object's own from one checkpoint to the next */
	uint64_t badge = 0; /* 0: it has none */
	Metadata::Object::Which kind = Metadata::Object::Which::CAPABILITY;
	uint64_t stored_size = 0; /* bytes, of a dataspace whose content belongs into the image */
	bool gone = false;        /* for the system; only what the component still says may name it */
};

struct Thread_spot
{
	uint32_t id = 0;      /* of the thread's object */
	bool settled = false; /* the pause has taken effect: its state can be read and stays */
	Metadata::Ipc_phase phase = Metadata::Ipc_phase::UNKNOWN;
	uint64_t ip = 0;
};

/*
 * Code in which a thread must not be captured, in user mode
 *
 * Between the kernel's delivery of a message and the look-up of its badge in the pool, or the
 * insertion of received capabilities into the map, badges are in registers and on the stack.
 */
struct Code_span
{
	uint64_t start = 0, size = 0;
	Wire::Text name {}; /* may end up in an error: valid as long as the origin */

	bool holds(uint64_t ip) const { return ip - start < size; }
};

/*
 * A badge as a number outside of map and pools: schema's RawBadge, by badge and not by object
 *
 * A place that holds 0, or the map's invalid badge, names no object and is left out of the image.
 */
struct Raw_badge_spot
{
	Metadata::Raw_badge_place place = Metadata::Raw_badge_place::UNKNOWN;
	uint64_t address = 0;
	uint8_t width = 0;
	uint64_t badge = 0;
	uint32_t thread = 0, word = 0;
};

/* what is known of an entry of the capability map besides what memory says */
struct Cap_note
{
	Metadata::Entry_kind kind = Metadata::Entry_kind::UNKNOWN;
	Metadata::Entry_origin origin = Metadata::Entry_origin::UNKNOWN;
};

/* a run of bytes of a captured dataspace; 'size' is never 0, and may reach beyond what is wanted */
struct Captured_run
{
	enum Kind : uint8_t { BYTES, ZERO, ABSENT };

	Kind kind = BYTES;
	uint64_t size = 0; /* from the offset on */
	/* of BYTES, 'size' of them, valid until the next call of any function */
	Const_bytes bytes {};
	Metadata::Absent_reason reason = Metadata::Absent_reason::NONE; /* of ABSENT */
};

class Origin : Noncopyable
{
  protected:
	~Origin() = default;

  public:
	/*
	 * Stop all started threads; some may not be settled yet
	 *
	 * Also keeps the system from adding to the state: pending signals are taken out of core's
	 * queue, for instance. If it fails, 'resume' is called all the same.
	 */
	virtual Status pause() = 0;

	/*
	 * everything goes on as if it had not been paused, drained signals included; once for each
	 * 'pause', whatever came between
	 */
	virtual void resume() = 0;

	/*
	 * While paused: one settled thread, or all of them, which are settled, run for a moment and are
	 * stopped again. They may not be settled at once; threads and objects may come and go.
	 */
	virtual Status run_on(uint32_t thread) = 0;
	virtual Status run_on() = 0;

	/* give pending exceptions of the pause time to arrive */
	virtual void wait() = 0;

	/*
	 * State, while paused. Numbers count from 0.
	 *
	 * 'Checkpoint::measure' asks for all but threads and notes while the component runs, too: then
	 * nothing need fit together but numbers and counts, and what came out is thrown away.
	 */
	virtual Description description() = 0;
	virtual uint32_t cpu_features() = 0;
	virtual Wire::Text cpu_feature(uint32_t n) = 0;

	/* started threads */
	virtual uint32_t threads() = 0;
	virtual Thread_spot thread(uint32_t n) = 0;

	/*
	 * spans of unsafe code, which are known by the loader's symbols and become the image's safe
	 * spots; also after 'resume'
	 */
	virtual uint32_t unsafe_code() = 0;
	virtual Code_span unsafe_code(uint32_t n) = 0;

	/* by ascending ids */
	virtual uint32_t objects() = 0;
	virtual Object_head object(uint32_t n) = 0;

	/*
	 * Write object 'n' but for id and badge
	 *
	 * first_block  of a dataspace with a stored size: to be written as 'firstBlock' along with
	 *              'stored'. Pointers in the order of the schema (wire_write.h)
	 *
	 * More than once for an object, and to a writer that only counts.
	 */
	virtual Status describe(uint32_t n, Metadata::Object::Writer const &, uint64_t first_block) = 0;

	/*
	 * While paused: nothing in the component names the object, which is gone. It is none from now
	 * on, and not in the image.
	 */
	virtual void forget(uint32_t) {}

	virtual uint32_t raw_badges() = 0;
	virtual Raw_badge_spot raw_badge(uint32_t n) = 0;
	virtual Cap_note note(uint64_t kcap) = 0;

	/* the PD whose memory and capabilities these are */
	virtual uint32_t pd() = 0;

	/* what narrows the search for the capability map: kernel, release, or the place */
	virtual Cap_hints hints() = 0;

	/* the component's memory as it is now */
	virtual Memory const &memory() = 0;

	/*
	 * Copy stored dataspaces, or mark them so that a write copies first; while paused
	 *
	 * Each capture that succeeded is followed by one 'done', one that fails by none.
	 *
	 * delta  an image is made against the one before: what has not changed since the capture that
	 *        was kept last need not be copied again. 'captured' knows all of it nevertheless
	 */
	virtual Status capture(bool delta) = 0;

	/*
	 * What was captured, until 'done', also after 'resume'.
	 */
	virtual Memory const &captured() = 0;
	virtual Result<Captured_run> captured(uint32_t dataspace, uint64_t offset) = 0;

	/*
	 * First range at or behind 'offset' of the dataspace that may have changed since the capture
	 * that was kept last; NOT_FOUND if there is none. All of it for a new dataspace, and if no
	 * capture was kept. Asked for deltas only, of dataspaces that the parent has in the same size.
	 */
	virtual Result<Extent> changed(uint32_t dataspace, uint64_t offset) = 0;

	/*
	 * The checkpoint has ended
	 *
	 * keep  the image is complete: the next 'changed' counts from this capture. Otherwise from
	 *       the one before, as if this one had never been.
	 */
	virtual void done(bool keep) = 0;
};

}

#endif /* CAPIMG__ENGINE__ORIGIN_H */
