#include <capimg_host/signals.h>

namespace Capimg::Host
{

/* the thread that asked for its own kernel capability, which is needed to wait for signals only */
Hosted_thread const *Hosted_signal_source::handler(Hosted_objects const &objects) const
{
	Hosted_thread const *result = nullptr;
	objects.for_each([&](Hosted_object &object) {
		if (object.which != Which::THREAD) return;
		Hosted_thread const &thread = static_cast<Hosted_thread const &>(object);
		if (thread.asked_native && &thread.pd == &pd) result = &thread;
	});
	return result;
}

void Hosted_signal_source::describe(Writer const &w, Hosted_objects const &objects, uint64_t) const
{
	Hosted_thread const *const thread = handler(objects);
	auto const s = w.init_signal_source();
	s.pd(pd.id());
	s.handler(thread ? thread->id() : 0);
	s.semaphore(semaphore ? semaphore->id() : 0);
}

/* a PD has one source but on hw, and the component need not name it */
uint32_t Hosted_context::_source_id(Hosted_objects const &objects) const
{
	uint32_t result = objects.id(source);
	if (!result)
		objects.for_each([&](Hosted_object &object) {
			if (object.which == Which::SIGNAL_SOURCE && !result) result = object.id();
		});
	return result;
}

void Hosted_context::describe(Writer const &w, Hosted_objects const &objects, uint64_t) const
{
	auto const c = w.init_signal_context();
	c.source(_source_id(objects));
	c.imprint(imprint);
	c.pending(pending);
	if (role.valid()) c.role(text(role));
}

Hosted_thread const *Hosted_rpc_cap::thread_of(Hosted_objects const &objects, uint64_t gate)
{
	Hosted_thread const *result = nullptr;
	if (!gate) return result;
	objects.for_each([&](Hosted_object &object) {
		if (object.which != Which::THREAD) return;
		Hosted_thread const &thread = static_cast<Hosted_thread const &>(object);
		if (thread.gate && thread.gate->badge() == gate) result = &thread;
	});
	return result;
}

void Hosted_rpc_cap::describe(Writer const &w, Hosted_objects const &objects, uint64_t) const
{
	Hosted_thread const *const thread = thread_of(objects, entrypoint);
	auto const n = w.init_native_capability();
	n.entrypoint(thread ? thread->id() : 0);
	n.allocation_order(order);
	n.dangling(dangling);
}

}
