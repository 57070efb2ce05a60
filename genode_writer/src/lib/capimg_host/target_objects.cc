/*
 * Objects created anew
 */

#include <capimg_host/rm.h>
#include <capimg_host/rom.h>
#include <capimg_host/target.h>
#include <capimg_host/timer.h>

namespace Capimg::Host
{

using namespace Engine;

static Capimg::Error failed(char const *what, Alloc_error e)
{
	return { e == Alloc_error::DENIED ? Code::DENIED : Code::NO_QUOTA, 0, what };
}

Target::Target(Env &env, Allocator &alloc, Hosted_child &child, Timer::Connection &timer)
	: _env(env),
	  _alloc(alloc),
	  _child(child),
	  _objects(child.objects),
	  _timer(timer),
	  _native(reinterpret_cap_cast<Pd_session::Native_pd>(child.pd().native().capability)),
	  _threads(reinterpret_cap_cast<Pd_session::Native_pd>(child.pd().native().capability))
{}

Target::~Target()
{
	_kill_dummies();
	while (Prepared *const prepared = _prepared.first()) {
		_prepared.remove(prepared);
		Genode::destroy(_alloc, prepared);
	}
	if (_code_addr) _child.pd().address_space_map().real.call<Region_map::Rpc_detach>(_code_addr);
}

Created Target::_adopt(uint32_t id, Hosted_object *object)
{
	if (!object) return Capimg::Error { Code::NOT_FOUND, 0, "object", id };
	Mutex::Guard guard(_objects.mutex);
	if (!_objects.adopt(*object, id)) return Capimg::Error { Code::BAD_STATE, 0, "id", id };
	return object->badge();
}

/*
 * What comes with other objects
 */

Created Target::companion(Companion kind, uint32_t id, uint32_t of)
{
	switch (kind) {
	case Companion::ADDRESS_SPACE: return _adopt(id, &_child.pd().address_space_map());
	case Companion::STACK_AREA: return _adopt(id, &_child.pd().stack_area_map());
	case Companion::LINKER_AREA: return _adopt(id, &_child.pd().linker_area_map());
	case Companion::NATIVE_PD: return _adopt(id, &_child.pd().native());
	case Companion::NATIVE_CPU: return _adopt(id, _child.cpu().native());
	case Companion::PARENT: return _adopt(id, _child.parent_capability());

	case Companion::GATE:
		if (Hosted_thread *const thread = _get<Hosted_thread>(of)) return _adopt(id, thread->gate);
		break;
	case Companion::SEMAPHORE:
		if (auto *const source = _get<Hosted_signal_source>(of))
			return _adopt(id, source->semaphore);
		break;
	case Companion::CONTENT:
		if (Hosted_rom *const rom = _get<Hosted_rom>(of)) {
			(void)rom->dataspace();
			return _adopt(id, rom->content());
		}
		break;
	case Companion::MANAGED:
		if (Hosted_region_map *const map = _get<Hosted_region_map>(of)) {
			(void)map->dataspace();
			return _adopt(id, const_cast<Hosted_dataspace *>(map->managed()));
		}
		break;
	case Companion::BUFFER:
		if (Hosted_cpu *const cpu = _get<Hosted_cpu>(of)) {
			(void)cpu->trace_control();
			return _adopt(id, cpu->buffer());
		}
		break;
	}
	return Capimg::Error { Code::NOT_FOUND, 0, companion_name(kind), id };
}

/*
 * The component's own
 */

Created Target::ram(Object_reader const &reader)
{
	using Attribute = Metadata::Cache_attribute;

	auto const dataspace = reader.dataspace();
	Cache const cache = dataspace.cache() == Attribute::UNCACHED         ? UNCACHED
						: dataspace.cache() == Attribute::WRITE_COMBINED ? WRITE_COMBINED
																		 : CACHED;
	return _child.pd()
		.alloc_ram(Genode::size_t(dataspace.size()), cache)
		.convert<Created>(
			[&](Ram_dataspace_capability cap) -> Created {
				Hosted_dataspace *ds = nullptr;
				{
					Mutex::Guard guard(_objects.mutex);
					ds = _objects.find_as<Hosted_dataspace>(cap);
				}
				if (ds) _child.pd().restored_ram(*ds, dataspace.allocation_order());
				return _adopt(reader.id(), ds);
			},
			[&](Alloc_error e) -> Created { return failed("RAM", e); });
}

Created Target::region_map(Object_reader const &reader, uint32_t rm)
{
	Hosted_rm *const session = _get<Hosted_rm>(rm);
	if (!session) return Capimg::Error { Code::NOT_FOUND, 0, "RM session", rm };
	return session->create(Genode::size_t(reader.region_map().size()))
		.convert<Created>(
			[&](Capability<Region_map> cap) -> Created {
				Hosted_object *map = nullptr;
				{
					Mutex::Guard guard(_objects.mutex);
					map = _objects.find_badge(badge_of(cap));
				}
				return _adopt(reader.id(), map);
			},
			[&](Alloc_error e) -> Created { return failed("region map", e); });
}

/* core gives the lowest slot that is free; the first thread is there already */
Created Target::thread(Object_reader const &reader)
{
	auto const state = reader.thread();
	if (!state.slot()) {
		Hosted_thread *main = nullptr;
		{
			Mutex::Guard guard(_objects.mutex);
			_objects.for_each([&](Hosted_object &object) {
				if (object.which != Which::THREAD) return;
				Hosted_thread &thread = static_cast<Hosted_thread &>(object);
				if (!thread.slot) main = &thread;
			});
		}
		return _adopt(reader.id(), main);
	}

	for (;;) {
		Thread_capability cap {};
		Alloc_error error = Alloc_error::DENIED;
		_child.cpu()
			.create_thread(_child.pd().cap(), string<Cpu_session::Name>(state.name()), {}, 0)
			.with_result([&](Thread_capability c) { cap = c; }, [&](Alloc_error e) { error = e; });
		Hosted_thread *const thread = _child.cpu().thread(cap);
		if (!thread) return failed("thread", error);

		if (thread->slot == state.slot()) {
			bool const same = thread->utcb_address == state.utcb_address();
			if (same) return _adopt(reader.id(), thread);
		}
		if (thread->slot >= state.slot() || _dummy_count == Hosted_pd::MAX_THREADS) {
			_child.cpu().kill_thread(cap);
			return Capimg::Error { Code::DENIED, 0, "thread slot", state.slot() };
		}
		_dummies[_dummy_count++] = cap;
	}
}

void Target::_kill_dummies()
{
	while (_dummy_count) _child.cpu().kill_thread(_dummies[--_dummy_count]);
}

Native_capability Target::_gate_capability(uint32_t id)
{
	if (_gate_of == id && _gate.valid()) return _gate;
	Hosted_thread *const thread = _get<Hosted_thread>(id);
	if (!thread) return {};
	Foc_thread_state const state = _child.cpu().foc_state(*thread);
	_gate = _native.request(state.kcap, state.id);
	_gate_of = id;
	return _gate;
}

Created Target::native_capability(Object_reader const &reader)
{
	_kill_dummies();
	auto const native = reader.native_capability();
	Native_capability const gate = _gate_capability(native.entrypoint());
	if (!gate.valid()) return Capimg::Error { Code::DENIED, 0, "gate", native.entrypoint() };

	return _child.pd().alloc_rpc_cap(gate).convert<Created>(
		[&](Native_capability cap) -> Created {
			Hosted_rpc_cap *object = nullptr;
			{
				Mutex::Guard guard(_objects.mutex);
				object = dynamic_cast<Hosted_rpc_cap *>(
					_objects.find_badge(uint64_t((unsigned long)cap.local_name())));
			}
			if (object) object->order = native.allocation_order();
			_child.pd().restored_cap(native.allocation_order());
			return _adopt(reader.id(), object);
		},
		[&](Alloc_error e) -> Created { return failed("RPC object", e); });
}

/* the badge of a capability that is kept here as long as the component is there */
Created Target::dangling(Object_reader const &reader)
{
	uint32_t main = 0;
	{
		Mutex::Guard guard(_objects.mutex);
		_objects.for_each([&](Hosted_object &object) {
			if (object.which == Which::THREAD && !main) main = object.id();
		});
	}
	Native_capability const gate = _gate_capability(main);
	if (!gate.valid()) return Capimg::Error { Code::DENIED, 0, "gate", main };
	return _child.pd().alloc_rpc_cap(gate).convert<Created>(
		[&](Native_capability cap) -> Created {
			Hosted_rpc_cap *object = nullptr;
			{
				Mutex::Guard guard(_objects.mutex);
				object = dynamic_cast<Hosted_rpc_cap *>(
					_objects.find_badge(uint64_t((unsigned long)cap.local_name())));
				if (object) object->dangling = object->reserved = true;
			}
			return _adopt(reader.id(), object);
		},
		[&](Alloc_error e) -> Created { return failed("dangling capability", e); });
}

Status Target::_bind(Hosted_capability const &semaphore, Hosted_thread const &thread)
{
	Pd_session::Native_pd::Result const result = _native.bind(semaphore.capability, thread.real);
	if (result == Pd_session::Native_pd::Result::OK) return ok;
	return { Code::DENIED, 0, "semaphore", thread.id() };
}

Created Target::signal_source(Object_reader const &reader)
{
	return _child.pd().signal_source().convert<Created>(
		[&](Capability<Signal_source> cap) -> Created {
			Hosted_signal_source *source = nullptr;
			{
				Mutex::Guard guard(_objects.mutex);
				source = _objects.find_as<Hosted_signal_source>(cap);
			}
			Hosted_thread *const handler = _get<Hosted_thread>(reader.signal_source().handler());
			if (source && source->semaphore && handler) {
				handler->asked_native = true;
				if (Status const status = _bind(*source->semaphore, *handler)) return status;
			}
			return _adopt(reader.id(), source);
		},
		[&](Alloc_error e) -> Created { return failed("signal source", e); });
}

Created Target::signal_context(Object_reader const &reader)
{
	auto const context = reader.signal_context();
	Hosted_signal_source *const source = _get<Hosted_signal_source>(context.source());
	if (!source) return Capimg::Error { Code::NOT_FOUND, 0, "signal source", context.source() };
	return _child.pd()
		.alloc_context(source->source, { addr_t(context.imprint()) })
		.convert<Created>(
			[&](Signal_context_capability cap) -> Created {
				Hosted_object *object = nullptr;
				{
					Mutex::Guard guard(_objects.mutex);
					object = _objects.find_badge(badge_of(cap));
				}
				return _adopt(reader.id(), object);
			},
			[&](Alloc_error e) -> Created { return failed("signal context", e); });
}

Created Target::external(Object_reader const &reader)
{
	return Capimg::Error { Code::NOT_FOUND, 0, "external", reader.id() };
}

/* the component itself hands out its root, to whoever asks by the ROM of session requests */
Created Target::service(Object_reader const &reader)
{
	return _adopt(reader.id(), _child.parent()->restore_service(reader.service()));
}

void Target::destroy(uint32_t id)
{
	if (Hosted_thread *const thread = _get<Hosted_thread>(id)) {
		if (thread->slot) _child.cpu().kill_thread(thread->cap());
	} else if (Hosted_rpc_cap *const rpc = _get<Hosted_rpc_cap>(id)) {
		_child.pd().free_rpc_cap(rpc->cap);
		_objects.retire(*rpc);
	} else if (Hosted_context *const context = _get<Hosted_context>(id)) {
		_child.pd().free_context(context->context);
	} else if (auto *const source = _get<Hosted_signal_source>(id)) {
		_child.pd().free_signal_source(source->source);
	} else if (Hosted_dataspace *const ds = _get<Hosted_dataspace>(id)) {
		Dataspace_capability const cap = ds->ds;
		_child.pd().free_ram(static_cap_cast<Ram_dataspace>(cap));
	} else if (Hosted_session *const session = _get<Hosted_session>(id)) {
		if (!session->bootstrapped) (void)_child.parent()->close({ session->info.client_id });
	}
}

}
