#include "thread_pool.h"

#include <algorithm>

namespace Capimg
{

Thread_pool::Thread_pool(unsigned threads)
{
	for (unsigned i = 0; i < threads; i++) _threads.emplace_back([this, i] { _work(i); });
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

unsigned Thread_pool::choose(unsigned wanted)
{
	return wanted ? wanted : std::max(1u, std::thread::hardware_concurrency());
}

}
