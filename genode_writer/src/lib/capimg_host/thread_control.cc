#include <capimg_host/thread_control.h>

namespace Capimg::Host
{

Status Plain_thread_control::pause()
{
	Mutex::Guard guard(_objects.mutex);
	_for_each_started([&](Hosted_thread &thread) {
		thread.image = {};
		thread.settled = false;
		thread.real.call<Cpu_thread::Rpc_pause>();
	});
	return ok;
}

void Plain_thread_control::resume()
{
	Mutex::Guard guard(_objects.mutex);
	_for_each_started([&](Hosted_thread &thread) { thread.real.call<Cpu_thread::Rpc_resume>(); });
}

void Plain_thread_control::look()
{
	Mutex::Guard guard(_objects.mutex);
	_for_each_started([&](Hosted_thread &thread) {
		Thread_state const state = thread.real.call<Cpu_thread::Rpc_get_state>();
		thread.settled = true;
		thread.image.registers = state.state == Thread_state::State::VALID;
		thread.image.cpu = state.cpu;
	});
}

Status Plain_thread_control::run_on(Hosted_thread &thread)
{
	thread.real.call<Cpu_thread::Rpc_resume>();
	thread.real.call<Cpu_thread::Rpc_pause>();
	return ok;
}

Status Plain_thread_control::run_on()
{
	resume();
	return pause();
}

Status Plain_thread_control::read_states() { return ok; }

}
