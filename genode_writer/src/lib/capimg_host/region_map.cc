#include <base/entrypoint.h>

#include <capimg_host/region_map.h>

namespace Capimg::Host
{

Hosted_region_map::Hosted_region_map(Entrypoint &ep, Allocator &alloc, Env::Local_rm &rm,
									 Hosted_objects &objects, Capability<Region_map> real,
									 uint64_t size)
	: Hosted_object(Which::REGION_MAP, ep.manage(*this)),
	  _ep(ep),
	  _alloc(alloc),
	  _rm(rm),
	  _objects(objects),
	  real(real),
	  map_size(size)
{}

Hosted_region_map::~Hosted_region_map()
{
	_ep.dissolve(*this);
	while (Region *const region = _regions.first()) {
		_regions.remove(region);
		destroy(_alloc, region);
	}
}

Hosted_region_map::Region const *Hosted_region_map::at(addr_t addr) const
{
	Region const *const region = from(addr);
	return region && region->start <= addr ? region : nullptr;
}

Hosted_region_map::Region const *Hosted_region_map::from(addr_t addr) const
{
	Region const *best = nullptr;
	for (Region *node = _regions.first(); node;) {
		if (node->last() < addr) {
			node = node->child(true);
			continue;
		}
		best = node;
		if (node->start <= addr) break;
		node = node->child(false);
	}
	return best;
}

Hosted_region_map::Region *Hosted_region_map::_overlapping(addr_t start, addr_t last) const
{
	Region const *const region = from(start);
	return region && region->start <= last ? const_cast<Region *>(region) : nullptr;
}

void Hosted_region_map::_forget(Region &region)
{
	_regions.remove(&region);
	_count--;
	region.dataspace.regions--;
	destroy(_alloc, &region);
}

void Hosted_region_map::forget(Hosted_dataspace const &dataspace)
{
	for (;;) {
		Region const *found = nullptr;
		for_each_region([&](Region const &region) {
			if (&region.dataspace == &dataspace) found = &region;
		});
		if (!found) return;
		_forget(*const_cast<Region *>(found));
	}
}

Region_map::Attach_result Hosted_region_map::attach(Dataspace_capability ds, Attr const &attr)
{
	if (discard) return Range { attr.at, attr.size };

	/* a session's dataspace that nobody has announced */
	Hosted_dataspace *dataspace = nullptr;
	{
		Mutex::Guard guard(_objects.mutex);
		dataspace = _objects.find_as<Hosted_dataspace>(ds);
	}
	if (!dataspace && ds.valid()) {
		dataspace = new (_alloc) Hosted_dataspace(_rm, ds, Hosted_dataspace::Kind::UNKNOWN);
		_objects.add(*dataspace);
	}

	return real.call<Rpc_attach>(ds, attr).convert<Attach_result>(
		[&](Range const range) -> Attach_result {
			Mutex::Guard guard(_objects.mutex);

			/* dataspaces that sessions took back were detached without our knowledge */
			addr_t const last = range.start + (range.num_bytes - 1);
			while (Region *const old = _overlapping(range.start, last)) _forget(*old);

			dataspace->regions++;
			Region &region = *new (_alloc) Region(range.start, range.num_bytes, attr.offset,
												  *dataspace, attr.writeable, attr.executable);
			_regions.insert(&region);
			_count++;
			return range;
		},
		[&](Attach_error e) -> Attach_result { return e; });
}

void Hosted_region_map::detach(addr_t addr)
{
	real.call<Rpc_detach>(addr);

	Hosted_dataspace *unknown = nullptr;
	{
		Mutex::Guard guard(_objects.mutex);
		if (Region *const region = _overlapping(addr, addr)) {
			Hosted_dataspace &ds = region->dataspace;
			_forget(*region);
			if (!ds.regions && ds.kind == Hosted_dataspace::Kind::UNKNOWN) unknown = &ds;
		}
	}
	if (unknown) _objects.retire(*unknown);
}

void Hosted_region_map::fault_handler(Signal_context_capability cap)
{
	real.call<Rpc_fault_handler>(cap);
	Mutex::Guard guard(_objects.mutex);
	handler = cap;
}

Dataspace_capability Hosted_region_map::dataspace()
{
	if (_managed) return _managed->ds;

	Dataspace_capability const cap = real.call<Rpc_dataspace>();
	if (!cap.valid()) return cap;

	Hosted_dataspace &ds =
		*new (_alloc) Hosted_dataspace(_rm, cap, Hosted_dataspace::Kind::MANAGED);
	ds.content = this;
	_objects.add(ds);
	Mutex::Guard guard(_objects.mutex);
	_managed = &ds;
	return cap;
}

void Hosted_region_map::describe(Writer const &w, Hosted_objects const &objects, uint64_t) const
{
	auto const map = w.init_region_map();
	map.size(map_size);
	map.dataspace(_managed ? _managed->id() : 0);
	map.fault_handler(objects.id(handler));

	auto const list = map.init_regions(_count);
	uint32_t i = 0;
	for_each_region([&](Region const &r) {
		auto const region = list[i++];
		region.address(r.start);
		region.size(r.size);
		region.offset(r.offset);
		region.dataspace(r.dataspace.id());
		region.readable(true);
		region.writeable(r.writeable);
		region.executable(r.executable);
	});
}

void release_dataspace(Hosted_objects &objects, Hosted_dataspace &ds)
{
	{
		Mutex::Guard guard(objects.mutex);
		objects.for_each([&](Hosted_object &object) {
			if (object.which == Which::REGION_MAP)
				static_cast<Hosted_region_map &>(object).forget(ds);
		});
		ds.forget();
	}
	objects.retire(ds);
}

}
