/*
 * The system that a component is restored on
 *
 * Objects are named by their image-local ids from the moment they are created; the target keeps
 * what stands behind them. Creation returns the object's badge on this system, 0 if it has none.
 * Errors are values: DENIED, NO_QUOTA, NOT_FOUND, IO, NO_SPACE. A call that fails leaves nothing
 * behind. What was created is taken down by 'destroy', in reverse order.
 */

#ifndef CAPIMG__ENGINE__TARGET_H
#define CAPIMG__ENGINE__TARGET_H

#include "capimg/environment.h"

namespace Capimg::Engine
{

/* objects that come with another one: they are identified, and go with it */
enum class Companion : uint8_t {
	ADDRESS_SPACE, /* of a PD session */
	STACK_AREA,
	LINKER_AREA,
	NATIVE_PD,
	NATIVE_CPU, /* of a CPU session */
	GATE,       /* of a thread: answers calls to it */
	SEMAPHORE,  /* of a signal source */
	CONTENT,    /* dataspace of a ROM session */
	MANAGED,    /* dataspace of a region map */
	PARENT,     /* the way to the component's parent; of nothing */
};

using Created = Result<uint64_t>;

class Target : public Environment
{
  protected:
	~Target() = default;

  public:
	/*
	 * Objects. 'label' and session arguments are in the reader.
	 */
	virtual Created pd(Metadata::Object::Reader const &) = 0;

	/* any other session, opened with the quota of its arguments plus its upgrades */
	virtual Created session(Metadata::Object::Reader const &) = 0;

	/* id: of the companion; 'of': of the object it comes with */
	virtual Created companion(Companion, uint32_t id, uint32_t of) = 0;

	/* RAM dataspace, all zero */
	virtual Created ram(Metadata::Object::Reader const &) = 0;

	/* region map of an RM session; 'rm' is the session's id */
	virtual Created region_map(Metadata::Object::Reader const &, uint32_t rm) = 0;

	/* thread in the slot that the reader names, not started; called in the order of slots */
	virtual Created thread(Metadata::Object::Reader const &) = 0;

	/* RPC object of the component's own, bound to the entrypoint's thread */
	virtual Created native_capability(Metadata::Object::Reader const &) = 0;

	/* a badge that no object has: what a dangling capability says */
	virtual Created dangling(Metadata::Object::Reader const &) = 0;

	/* the source, its semaphore bound to the handler thread: binding clears pending counts */
	virtual Created signal_source(Metadata::Object::Reader const &) = 0;
	virtual Created signal_context(Metadata::Object::Reader const &) = 0;

	/* an object of another component */
	virtual Created external(Metadata::Object::Reader const &) = 0;

	/* announce a service that the component provides, under its root capability */
	virtual Created service(Metadata::Object::Reader const &) = 0;

	virtual void destroy(uint32_t id) = 0;

	/*
	 * State
	 */

	/* handler of a session, region map or CPU session, in the reader; after all contexts exist */
	virtual Status connect(Metadata::Object::Reader const &) = 0;

	virtual Status attach(uint32_t map, Metadata::Region::Reader const &) = 0;
	virtual void detach(uint32_t map, uint64_t address) = 0;

	/* content of a RAM dataspace, writeable; valid until the next call. At most 'size' bytes, not 0
	 */
	virtual Result<Bytes> window(uint32_t dataspace, uint64_t offset, size_t size) = 0;

	/* map the object's kernel capability into the PD's capability space at 'kcap' */
	virtual Status install(uint32_t pd, uint64_t kcap, uint32_t object) = 0;

	/* registers, FPU, UTCB, as the reader has them, badges already patched; before any thread runs
	 */
	virtual Status thread_state(Metadata::Object::Reader const &) = 0;

	/* pending count of the thread's own wakeups */
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

	virtual Status release(uint32_t thread) = 0;

	/* until the server's thread has received the call */
	virtual Status await_call(uint32_t server) = 0;

	virtual Status submit(uint32_t context, uint32_t count) = 0;

	/* program the session's timeout, less what had elapsed */
	virtual Status arm(Metadata::Object::Reader const &timer) = 0;
};

}

#endif /* CAPIMG__ENGINE__TARGET_H */
