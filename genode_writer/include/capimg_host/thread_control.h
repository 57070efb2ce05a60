/*
 * Stopping the component's threads and reading their state: what depends on the kernel
 *
 * Called by the thread that takes checkpoints only.
 */

#ifndef CAPIMG__HOST__THREAD_CONTROL_H
#define CAPIMG__HOST__THREAD_CONTROL_H

#include <capimg_host/cpu.h>
#include <capimg_host/pd.h>

namespace Capimg::Host
{

struct Thread_control : Interface
{
	/* field of the error BUSY if a thread has moved between 'look' and 'read_states' */
	static constexpr char const *THREAD_MOVED = "thread state";

	/* all started threads are told to stop */
	virtual Status pause() = 0;

	/* they run on where they were stopped */
	virtual void resume() = 0;

	/* while paused: 'settled', and of settled threads phase and instruction pointer are known */
	virtual void look() = 0;

	/* one thread, or all, run for a moment */
	virtual Status run_on(Hosted_thread &) = 0;
	virtual Status run_on() = 0;

	/* of all started threads, which are settled: 'image' becomes complete */
	virtual Status read_states() = 0;
};

/*
 * With Genode's own interface: hw, where it tells all of a thread, and linux, where threads do
 * not stop
 */
class Plain_thread_control : public Thread_control
{
	Hosted_objects &_objects;

	template <typename FN>
	void _for_each_started(FN const &fn)
	{
		_objects.for_each([&](Hosted_object &object) {
			if (object.which != Which::THREAD) return;
			Hosted_thread &thread = static_cast<Hosted_thread &>(object);
			if (thread.started) fn(thread);
		});
	}

  public:
	explicit Plain_thread_control(Hosted_objects &objects) : _objects(objects) {}

	Status pause() override;
	void resume() override;
	void look() override;
	Status run_on(Hosted_thread &) override;
	Status run_on() override;
	Status read_states() override;
};

}

#endif /* CAPIMG__HOST__THREAD_CONTROL_H */
