/* Phases in which the component comes to life */

#include "capimg/loader.h"

namespace Capimg::Engine
{

using namespace Metadata;

Status Loader::_thread_state(uint32_t i)
{
	Object::Reader const object = _object(i);
	if (Status const s = _target.thread_state(object)) return s;

	uint32_t const wakeups = object.thread().pending_wakeups();
	return wakeups ? _target.wakeups(object.id(), wakeups) : ok;
}

Status Loader::_start(uint32_t i)
{
	return _target.start(_id(i), _plan.calls().client(i) != Restore_role::NONE);
}

void Loader::_stop(uint32_t i) { _target.stop(_id(i)); }

/*
 * The client sends its call again, and the server receives it into nowhere
 *
 * A client that serves a call itself came before, with its own client.
 */
Status Loader::_release_call(uint32_t server)
{
	uint32_t const client = _plan.calls().client(server);
	bool const released = _plan.calls().client(client) != Restore_role::NONE;

	if (Status const s = _target.release(_id(server))) return s;
	if (!released)
		if (Status const s = _target.release(_id(client))) return s;
	return _target.await_call(_id(server));
}

Status Loader::_release(uint32_t i) { return _target.release(_id(i)); }

Status Loader::_submit(uint32_t i)
{
	Object::Reader const object = _object(i);
	return _target.submit(object.id(), object.signal_context().pending());
}

Status Loader::_arm(uint32_t i) { return _target.arm(_object(i)); }

}
