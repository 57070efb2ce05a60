#include <capimg_host/pd.h>
#include <capimg_host/signal_queue.h>

namespace Capimg::Host
{

Hosted_region_map &Hosted_pd::_new_map(Capability<Region_map> real)
{
	Hosted_region_map &map = *new (_alloc) Hosted_region_map(_ep, _alloc, _rm, _objects, real, 0);
	map.bootstrapped = true;
	_objects.add(map);
	return map;
}

Hosted_capability &Hosted_pd::_new_capability(Untyped_capability const &cap)
{
	Hosted_capability &object = *new (_alloc) Hosted_capability(cap);
	object.bootstrapped = true;
	_objects.add(object);
	return object;
}

Hosted_pd::Hosted_pd(Entrypoint &ep, Allocator &alloc, Env::Local_rm &rm, Hosted_objects &objects,
					 Parent_policy &parent_policy, Capability<Pd_session> real,
					 Session_info const &info, Kernel kernel)
	: Hosted_session(Which::PD_SESSION, ep.manage(*this), real, info),
	  _ep(ep),
	  _alloc(alloc),
	  _rm(rm),
	  _objects(objects),
	  _address_space(_new_map(real.call<Rpc_address_space>())),
	  _stack_area(_new_map(real.call<Rpc_stack_area>())),
	  _linker_area(_new_map(real.call<Rpc_linker_area>())),
	  _native(_new_capability(real.call<Rpc_native_pd>())),
	  _parent_policy(parent_policy),
	  _kernel(kernel)
{
	Hosted_session::info.interposed = true;
	bootstrapped = true;
}

Hosted_pd::~Hosted_pd() { _ep.dissolve(*this); }

unsigned Hosted_pd::take_slot()
{
	for (unsigned i = 0; i < MAX_THREADS; i++) {
		if (_slots[i]) continue;
		_slots[i] = true;
		return i;
	}
	return MAX_THREADS;
}

void Hosted_pd::write_parent_word()
{
	if (!_first_ram || !parent.valid()) return;
	if (uint8_t *const local = _first_ram->local())
		*reinterpret_cast<Untyped_capability::Raw *>(local) = parent.raw();
}

addr_t Hosted_pd::parent_word() const
{
	addr_t result = _parent_word;
	if (_first_ram)
		_address_space.for_each_region([&](Hosted_region_map::Region const &region) {
			if (&region.dataspace == _first_ram && !region.offset) result = region.start;
		});
	return result;
}

void Hosted_pd::drop_loaded()
{
	_address_space.discard = false;
	if (!_first_ram) return;
	Dataspace_capability const loaded = _first_ram->ds;
	free_ram(static_cap_cast<Ram_dataspace>(loaded));
}

void Hosted_pd::drain(Hosted_signal_source &source)
{
	auto const queue = reinterpret_cap_cast<Signal_queue>(source.source);
	for (;;) {
		Signal_queue::Signal const signal = queue.call<Signal_queue::Rpc_wait_for_signal>();
		if (!signal.imprint) return;
		Mutex::Guard guard(_objects.mutex);
		_objects.for_each([&](Hosted_object &object) {
			if (object.which != Which::SIGNAL_CONTEXT) return;
			Hosted_context &context = static_cast<Hosted_context &>(object);
			bool const same = !context.source.valid() || context.source == source.source;
			if (same && context.imprint == addr_t(signal.imprint))
				context.pending += uint32_t(signal.count);
		});
	}
}

/*
 * Accounts: core is to see its own sessions
 */

Pd_session::Transfer_result Hosted_pd::transfer_quota(Capability<Pd_account> to, Cap_quota amount)
{
	return real_pd().call<Rpc_transfer_cap_quota>(_real_account(to), amount);
}

Pd_session::Transfer_result Hosted_pd::transfer_quota(Capability<Pd_account> to, Ram_quota amount)
{
	return real_pd().call<Rpc_transfer_ram_quota>(_real_account(to), amount);
}

Pd_session::Ref_account_result Hosted_pd::ref_account(Capability<Pd_account> account)
{
	return real_pd().call<Rpc_ref_account>(_real_account(account));
}

void Hosted_pd::assign_parent(Capability<Parent> cap)
{
	parent = _parent_policy.interpose_parent(cap);
	real_pd().call<Rpc_assign_parent>(parent);
}

/*
 * RAM
 */

Pd_session::Alloc_ram_result Hosted_pd::alloc_ram(Genode::size_t size, Cache cache)
{
	using Attribute = Metadata::Cache_attribute;

	return real_pd()
		.call<Rpc_alloc_ram>(size, cache)
		.convert<Alloc_ram_result>(
			[&](Ram_dataspace_capability cap) -> Alloc_ram_result {
				Hosted_dataspace &ds =
					*new (_alloc) Hosted_dataspace(_rm, cap, Hosted_dataspace::Kind::RAM);
				ds.order = _ram_order;
				ds.owner = this;
				ds.cache = cache == CACHED           ? Attribute::CACHED
						   : cache == WRITE_COMBINED ? Attribute::WRITE_COMBINED
													 : Attribute::UNCACHED;
				_objects.add(ds);
				if (!_ram_order++) _first_ram = &ds;
				return cap;
			},
			[&](Alloc_error e) -> Alloc_ram_result { return e; });
}

void Hosted_pd::free_ram(Ram_dataspace_capability cap)
{
	Hosted_dataspace *ds = nullptr;
	{
		Mutex::Guard guard(_objects.mutex);
		ds = _objects.find_as<Hosted_dataspace>(cap);
	}
	if (ds && ds == _first_ram) _first_ram = nullptr;
	if (ds) release_dataspace(_objects, *ds);
	real_pd().call<Rpc_free_ram>(cap);
}

/*
 * Signals and RPC objects
 */

/* the component's handler will ask for it, and keep it */
void Hosted_pd::_look_up_semaphore(Hosted_signal_source &source)
{
	Native_capability const cap = reinterpret_cap_cast<Signal_queue>(source.source)
									  .call<Signal_queue::Rpc_request_semaphore>();
	Hosted_capability &semaphore =
		*new (_alloc) Hosted_capability(reinterpret_cap_cast<Interface>(cap));
	_objects.add(semaphore);
	Mutex::Guard guard(_objects.mutex);
	source.semaphore = &semaphore;
}

Pd_session::Signal_source_result Hosted_pd::signal_source()
{
	return real_pd().call<Rpc_signal_source>().convert<Signal_source_result>(
		[&](Capability<Signal_source> cap) -> Signal_source_result {
			Hosted_signal_source &source = *new (_alloc) Hosted_signal_source(cap, *this);
			_objects.add(source);
			if (_kernel == Kernel::FOC) _look_up_semaphore(source);
			return cap;
		},
		[&](Alloc_error e) -> Signal_source_result { return e; });
}

void Hosted_pd::free_signal_source(Capability<Signal_source> cap)
{
	Hosted_signal_source *source = nullptr;
	{
		Mutex::Guard guard(_objects.mutex);
		source = _objects.find_as<Hosted_signal_source>(cap);
	}
	real_pd().call<Rpc_free_signal_source>(cap);
	if (!source) return;
	if (source->semaphore) _objects.retire(*source->semaphore);
	_objects.retire(*source);
}

Pd_session::Alloc_context_result Hosted_pd::alloc_context(Capability<Signal_source> source,
														  Imprint imprint)
{
	return real_pd()
		.call<Rpc_alloc_context>(source, imprint)
		.convert<Alloc_context_result>(
			[&](Signal_context_capability cap) -> Alloc_context_result {
				_objects.add(*new (_alloc) Hosted_context(cap, source, imprint.value));
				return cap;
			},
			[&](Alloc_error e) -> Alloc_context_result { return e; });
}

void Hosted_pd::free_context(Signal_context_capability cap)
{
	Hosted_context *context = nullptr;
	{
		Mutex::Guard guard(_objects.mutex);
		context = _objects.find_as<Hosted_context>(cap);
	}
	real_pd().call<Rpc_free_context>(cap);
	if (context) _objects.retire(*context);
}

Pd_session::Alloc_rpc_cap_result Hosted_pd::alloc_rpc_cap(Native_capability ep)
{
	uint64_t const gate = uint64_t((unsigned long)ep.local_name());
	return real_pd().call<Rpc_alloc_rpc_cap>(ep).convert<Alloc_rpc_cap_result>(
		[&](Native_capability cap) -> Alloc_rpc_cap_result {
			_objects.add(*new (_alloc) Hosted_rpc_cap(cap, gate, _cap_order++));
			return cap;
		},
		[&](Alloc_error e) -> Alloc_rpc_cap_result { return e; });
}

void Hosted_pd::free_rpc_cap(Native_capability cap)
{
	Hosted_rpc_cap *object = nullptr;
	{
		Mutex::Guard guard(_objects.mutex);
		object = dynamic_cast<Hosted_rpc_cap *>(
			_objects.find_badge(uint64_t((unsigned long)cap.local_name())));
	}
	real_pd().call<Rpc_free_rpc_cap>(cap);
	if (object) object->dangling = true;
}

void Hosted_pd::forget(Hosted_rpc_cap &object)
{
	if (object.reserved) real_pd().call<Rpc_free_rpc_cap>(object.cap);
	_objects.retire(object);
}

void Hosted_pd::describe(Writer const &w, Hosted_objects const &, uint64_t) const
{
	auto const pd = w.init_pd_session();
	pd.address_space(_address_space.id());
	pd.stack_area(_stack_area.id());
	pd.linker_area(_linker_area.id());
	pd.native_pd(_native.id());
	pd.ram_quota(ram_quota().value);
	pd.ram_used(used_ram().value);
	pd.cap_quota(cap_quota().value);
	pd.cap_used(used_caps().value);
	info.describe(pd.init_session());
}

}
