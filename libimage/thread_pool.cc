#include "thread_pool.h"

#include <algorithm>
#include <sys/resource.h>
#include <system_error>

namespace Capimg
{

Thread_pool::Thread_pool(unsigned threads)
{
	try {
		for (unsigned i = 0; i < threads; i++) _threads.emplace_back([this, i] { _work(i); });
	} catch (std::system_error const &) {
		/* whatever is there will do, in the worst case the caller's thread */
	}
}

Thread_pool::~Thread_pool()
{
	{
		std::lock_guard const guard(_mutex);
		_stop = true;
	}
	_wake.notify_all();
	for (std::thread &thread : _threads) thread.join();
}

void Thread_pool::_work(unsigned thread)
{
	for (;;) {
		std::packaged_task<void(unsigned)> task;
		{
			std::unique_lock lock(_mutex);
			_wake.wait(lock, [this] { return _stop || !_tasks.empty(); });
			if (_tasks.empty()) return;
			task = std::move(_tasks.front());
			_tasks.pop_front();
		}
		task(thread);
	}
}

std::future<void> Thread_pool::submit(std::function<void(unsigned)> function)
{
	std::packaged_task<void(unsigned)> task(std::move(function));
	std::future<void> future = task.get_future();

	if (_threads.empty()) {
		task(0);
		return future;
	}

	{
		std::lock_guard const guard(_mutex);
		_tasks.push_back(std::move(task));
	}
	_wake.notify_one();
	return future;
}

/* a stack, by default, and four batches of the writer with what compressing one takes */
static constexpr std::uint64_t MEMORY_OF_THREAD = 16 * 1024 * 1024;

unsigned Thread_pool::choose(unsigned wanted, std::uint64_t tasks)
{
	std::uint64_t most = std::max<std::uint64_t>(tasks, 1);
	rlimit limit {};
	if (::getrlimit(RLIMIT_DATA, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
		most = std::min<std::uint64_t>(most, limit.rlim_cur / MEMORY_OF_THREAD);

	unsigned const threads = wanted ? wanted : std::thread::hardware_concurrency();
	return unsigned(std::clamp<std::uint64_t>(threads, 1, std::max<std::uint64_t>(most, 1)));
}

}
