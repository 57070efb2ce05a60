/*
 * Threads on Fiasco.OC
 *
 * Core of this repository tells where a thread is, whose call it serves, and all of its state, also
 * of one that waits in the kernel (foc_native_pd.h). What a waiting thread waits for follows from
 * the registers with which it entered the kernel.
 */

#ifndef CAPIMG__HOST__FOC_THREADS_H
#define CAPIMG__HOST__FOC_THREADS_H

#include <capimg_host/foc_ipc.h>
#include <capimg_host/thread_control.h>
#include <foc_native_pd/client.h>

namespace Capimg::Host
{

class Foc_threads : public Thread_control
{
	using Native_pd = Foc_native_pd_client;

	Hosted_objects &_objects;
	Hosted_pd &_pd;
	Native_pd _native { reinterpret_cap_cast<Pd_session::Native_pd>(_pd.native().capability) };

	/*
	 * A call to another component ends soon, as a rule. Whoever waits for longer is captured
	 * within it, and the loader's policy decides.
	 */
	static constexpr unsigned PATIENCE = 400;
	unsigned _looks = 0;

	template <typename FN>
	void _for_each_started(FN const &fn);

	uint64_t _message_word(Hosted_thread const &, unsigned);
	bool _own(uint64_t badge) const;
	bool _look(Hosted_thread &, addr_t &self, addr_t &serves);
	void _read(Hosted_thread const &, Native_pd::Part, unsigned first, unsigned count,
			   uint64_t *dst);

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
