/*
 * Threads on Fiasco.OC
 *
 * Core and kernel of this repository tell where a thread is, whose call it serves, and all of its
 * state, also of one that waits in the kernel (capimg_foc/threads.h).
 */

#ifndef CAPIMG__HOST__FOC_THREADS_H
#define CAPIMG__HOST__FOC_THREADS_H

#include <capimg_foc/threads.h>
#include <capimg_host/thread_control.h>

namespace Capimg::Host
{

/* between the two representations of a thread's state */
void from_foc(Foc::Thread_image const &, Thread_image &);
bool to_foc(Metadata::Thread::Reader const &, Foc::Thread_image &);

class Foc_threads : public Thread_control
{
	Hosted_objects &_objects;
	Hosted_pd &_pd;
	Foc::Threads const _threads { reinterpret_cap_cast<Pd_session::Native_pd>(
		_pd.native().capability) };

	/*
	 * A call to another component ends soon, as a rule. Whoever waits for longer is captured
	 * within it, and the loader's policy decides.
	 */
	static constexpr unsigned PATIENCE = 400;
	unsigned _looks = 0;

	/* one at a time: it is too large for a stack */
	Foc::Thread_image _image {};

	template <typename FN>
	void _for_each_started(FN const &fn);

	bool _own(uint64_t badge) const;
	bool _look(Hosted_thread &, addr_t &self, addr_t &serves);
	uint64_t _destination(Hosted_thread const &);

  public:
	Foc_threads(Hosted_objects &objects, Hosted_pd &pd) : _objects(objects), _pd(pd) {}

	Status pause() override;
	void resume() override;
	void look() override;
	Status run_on(Hosted_thread &) override;
	Status run_on() override;
	Status read_states() override;
};

}

#endif /* CAPIMG__HOST__FOC_THREADS_H */
