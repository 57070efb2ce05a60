/*
 * The system that a component is restored on
 *
 * Objects are named by their image-local ids from the moment they are created; the target keeps
 * what stands behind them. Creation returns the object's badge on this system, 0 if it has none; of
 * an object that had no badge in the image, and of services, it is not looked at.
 *
 * Errors are values: DENIED, NO_QUOTA, NOT_FOUND, IO, NO_SPACE, BUSY. Any of them ends the restore
 * and is what 'Loader::restore' returns. A call that fails leaves nothing behind. Those that
 * succeeded are undone in reverse order: creation by 'destroy', 'attach' by 'detach', 'start' and
 * 'release' by 'stop'. All else goes with the objects it was done to, companions with the object
 * they came with, and the parent with the PD.
 *
 * The loader calls in the order of phases (restore_phase.h). Readers refer to the image's message,
 * which outlives the target's objects: up to the step 'patch' they have the badges of the captured
 * system, behind it those of this one, and when it was undone the former ones again.
 */

#ifndef CAPIMG__ENGINE__TARGET_H
#define CAPIMG__ENGINE__TARGET_H

#include "capimg/companion.h"
#include "capimg/environment.h"

namespace Capimg::Engine
{

using Created = Result<uint64_t>;

class Target : public Environment
{
  protected:
	~Target() = default;

  public:
	/*
	 * Objects. 'label' and session arguments are in the reader.
	 */

	/* there is one at most; opened with the quota of its arguments plus its upgrades */
	virtual Created pd(Metadata::Object::Reader const &) = 0;

	/* any other session, with quota likewise */
	virtual Created session(Metadata::Object::Reader const &) = 0;

	/*
	 * id: of the companion; 'of': of the object it comes with, which may be a companion itself, and
	 * which was created or identified just before, perhaps followed by other companions of it and
	 * of these. 0 for PARENT, which comes last in its phase: it has no owner, and goes with the PD.
	 */
	virtual Created companion(Companion, uint32_t id, uint32_t of) = 0;

	/* RAM dataspace, all zero */
	virtual Created ram(Metadata::Object::Reader const &) = 0;

	/* region map of an RM session; 'rm' is the session's id */
	virtual Created region_map(Metadata::Object::Reader const &, uint32_t rm) = 0;

	/* thread in the slot that the reader names, not started; called in the order of slots */
	virtual Created thread(Metadata::Object::Reader const &) = 0;

	/* RPC object of the component's own, bound to the entrypoint's thread */
	virtual Created native_capability(Metadata::Object::Reader const &) = 0;

	/*
	 * a badge that no object has, and none gets before 'destroy': what a dangling capability says.
	 * The reader may be of any kind
	 */
	virtual Created dangling(Metadata::Object::Reader const &) = 0;

	/* the source, its semaphore bound to the handler thread: binding clears pending counts */
	virtual Created signal_source(Metadata::Object::Reader const &) = 0;
	virtual Created signal_context(Metadata::Object::Reader const &) = 0;

	/* an object of another component, one of which 'has_external' was true */
	virtual Created external(Metadata::Object::Reader const &) = 0;

	/*
	 * announce a service that the component provides, under its root capability; its threads are
	 * at the barrier then
	 */
	virtual Created service(Metadata::Object::Reader const &) = 0;

	/* any of the above but a companion */
	virtual void destroy(uint32_t id) = 0;

	/*
	 * State
	 */

	/*
	 * A signal handler is given to who signals it; after all contexts exist
	 *
	 * The reader is that of a ROM, Timer or CPU session, thread or region map with a handler of its
	 * own; or that of a signal context whose holder is any other session, or the parent, which
	 * 'role' tells then.
	 */
	virtual Status connect(Metadata::Object::Reader const &) = 0;

	virtual Status attach(uint32_t map, Metadata::Region::Reader const &) = 0;
	virtual void detach(uint32_t map, uint64_t address) = 0;

	/*
	 * Content of a RAM dataspace, or of a companion with content in the image (BUFFER), writeable;
	 * valid until the next call of any function of 'Target'
	 *
	 * 'size' bytes, or fewer, but not less than up to the next multiple of 64 KiB of the offset: a
	 * block never lies in two windows. 'size' is not 0, and nothing beyond the dataspace's size is
	 * asked for. An image may give a ROM's dataspace content as well: DENIED.
	 */
	virtual Result<Bytes> window(uint32_t dataspace, uint64_t offset, size_t size) = 0;

	/*
	 * Map the object's kernel capability into the PD's capability space at 'kcap'
	 *
	 * Called for every live entry of the component's capability map with a selector, also where
	 * core has filled the selector already (parent, gates of threads): the target knows these and
	 * leaves them alone. Never for stale, empty and dangling ones. Several selectors may name one
	 * object. Goes with the PD.
	 */
	virtual Status install(uint32_t pd, uint64_t kcap, uint32_t object) = 0;

	/*
	 * Registers, FPU, UTCB, as the reader has them, badges already patched
	 *
	 * For threads that had been started, and before any thread runs.
	 */
	virtual Status thread_state(Metadata::Object::Reader const &) = 0;

	/* pending count of the thread's own wakeups, right behind its 'thread_state'; not 0 */
	virtual Status wakeups(uint32_t thread, uint32_t count) = 0;

	/*
	 * Start the thread up to the barrier, behind which its captured state takes over
	 *
	 * receive_first  the thread serves a call of a thread of the same component: behind the
	 *                barrier it receives that call into scratch memory before it goes on, so that
	 *                the kernel knows the caller again
	 */
	virtual Status start(uint32_t thread, bool receive_first) = 0;

	/* stop a started thread; undoes 'start' and 'release' */
	virtual void stop(uint32_t thread) = 0;

	/* the barrier opens; once for each thread that was started */
	virtual Status release(uint32_t thread) = 0;

	/* until the server's thread has received the call; BUSY if that does not come about */
	virtual Status await_call(uint32_t server) = 0;

	/* signals that were pending, not 0; all threads run by then */
	virtual Status submit(uint32_t context, uint32_t count) = 0;

	/*
	 * program the session's timeout, less what had elapsed; the component runs, and may have
	 * programmed another one meanwhile, which stays
	 */
	virtual Status arm(Metadata::Object::Reader const &timer) = 0;
};

}

#endif /* CAPIMG__ENGINE__TARGET_H */
