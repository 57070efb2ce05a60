/*
 * A fixed number of threads that work off tasks in the order given
 */

#ifndef CAPIMG__THREAD_POOL_H
#define CAPIMG__THREAD_POOL_H

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

namespace Capimg
{

class Thread_pool
{
	std::mutex _mutex {};
	std::condition_variable _wake {};
	std::deque<std::packaged_task<void(unsigned)>> _tasks {};
	bool _stop = false;
	std::vector<std::thread> _threads {};

	void _work(unsigned thread);

  public:
	/* 'threads' may be 0: tasks then run in 'submit' */
	explicit Thread_pool(unsigned threads);
	~Thread_pool();

	Thread_pool(Thread_pool const &) = delete;
	Thread_pool &operator=(Thread_pool const &) = delete;

	/*
	 * Run 'task' with the number of the thread it runs on, from 0
	 *
	 * What it throws, the future rethrows. Tasks must not outlive what they refer to.
	 */
	std::future<void> submit(std::function<void(unsigned)> task);

	/* different numbers that a task may see, at least 1 */
	unsigned slots() const { return _threads.empty() ? 1 : unsigned(_threads.size()); }

	/* what the user asked for, or as many as the machine has for 0 */
	static unsigned choose(unsigned wanted);
};

}

#endif /* CAPIMG__THREAD_POOL_H */
