/*
 * A fixed number of threads that work off tasks in the order given
 */

#ifndef CAPIMG__THREAD_POOL_H
#define CAPIMG__THREAD_POOL_H

#include <condition_variable>
#include <cstdint>
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
	/*
	 * 'threads' may be 0: tasks then run in 'submit'
	 *
	 * Where the system does not give as many, there are fewer.
	 */
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

	/*
	 * What the user asked for, or as many as the machine has for 0
	 *
	 * No more than there are tasks, and than the process's limit of memory has room for: each
	 * thread has a stack and buffers.
	 */
	static unsigned choose(unsigned wanted, std::uint64_t tasks = ~std::uint64_t(0));
};

}

#endif /* CAPIMG__THREAD_POOL_H */
