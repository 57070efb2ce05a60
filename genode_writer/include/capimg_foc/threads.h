/*
 * Threads of a PD on Fiasco.OC: their state read, and given to new ones
 *
 * Needs core with the native PD interface of this repository, and a kernel with its patches.
 * Nothing runs in the PD for it but, where a thread has to receive a call again, four bytes of
 * code.
 *
 * Not to be called from the entrypoint of the runtime that hosts the PD: core may have to page.
 */

#ifndef CAPIMG__FOC__THREADS_H
#define CAPIMG__FOC__THREADS_H

#include <capimg_foc/thread_image.h>
#include <cpu_session/cpu_session.h>
#include <cpu_thread/client.h>
#include <pd_session/pd_session.h>

namespace Capimg::Foc
{

class Threads
{
  public:
	/* UNSETTLED: it has not stopped yet, or is in a page fault: let it run, or wait, and try again
	 */
	enum class Result { OK, UNSETTLED, GONE, FAILED };

  private:
	Genode::Capability<Genode::Pd_session::Native_pd> const _native_pd;

	bool _read(Genode::Thread_capability, Thread_image &) const;
	bool _write(Genode::Thread_capability, Genode::addr_t const *utcb, Thread_image const *) const;
	Result _await_stop(Genode::Thread_capability, Genode::addr_t ip) const;

  public:
	explicit Threads(Genode::Capability<Genode::Pd_session::Native_pd> native_pd)
		: _native_pd(native_pd)
	{}

	/*
	 * Whether a thread that was paused has stopped, where, and the registers it stands with
	 *
	 * Fills in all but UTCB and FPU. Cheap: one call of core, or two.
	 */
	Result look(Genode::Thread_capability, Thread_image &) const;

	/* all of it; about 14 calls of core */
	Result save(Genode::Thread_capability, Thread_image &) const;

	/*
	 * Give a new thread, which was created and not started, the state of the image
	 *
	 * It is started and stopped at its first instruction; none of its own is executed. It goes on
	 * by 'release'.
	 */
	Result prepare(Genode::Thread_capability, Thread_image const &) const;

	/* code of 'receive_first': to be attached executable while threads are restored */
	static void const *receive_code();
	static Genode::size_t receive_code_size();

	/*
	 * As 'prepare', for a thread that has received a call and not answered it
	 *
	 * code         where 'receive_code' is attached in the PD
	 * scratch_cap  selector of the first of four unused ones in the PD, for what is received
	 *
	 * Behind 'release' it receives the first call that comes, which is dropped, so that the kernel
	 * knows whom to answer to; 'await_call' then gives it the state of the image and lets it go on.
	 */
	Result prepare_receive(Genode::Thread_capability, Thread_image const &, Genode::addr_t code,
						   Genode::addr_t scratch_cap) const;

	/* UNSETTLED: the call has not come yet */
	Result await_call(Genode::Thread_capability, Thread_image const &, Genode::addr_t code) const;

	void release(Genode::Thread_capability) const;
};

}

#endif /* CAPIMG__FOC__THREADS_H */
