#include <capimg_host/rm.h>

namespace Capimg::Host
{

Hosted_rm::Hosted_rm(Entrypoint &ep, Allocator &alloc, Env::Local_rm &rm, Hosted_objects &objects,
					 Session_capability real, Session_info const &info)
	: Hosted_session(Which::RM_SESSION, ep.manage(*this), real, info),
	  _ep(ep),
	  _alloc(alloc),
	  _rm(rm),
	  _objects(objects)
{
	Hosted_session::info.interposed = true;
}

Hosted_rm::~Hosted_rm()
{
	_ep.dissolve(*this);
	while (Map *const map = _maps.first()) {
		_maps.remove(map);
		Genode::destroy(_alloc, map);
	}
}

Rm_session::Create_result Hosted_rm::create(Genode::size_t size)
{
	return _real().call<Rpc_create>(size).convert<Create_result>(
		[&](Capability<Region_map> cap) -> Create_result {
			Hosted_region_map &map =
				*new (_alloc) Hosted_region_map(_ep, _alloc, _rm, _objects, cap, size);
			_objects.add(map);
			Mutex::Guard guard(_objects.mutex);
			_maps.insert(new (_alloc) Map(map));
			return map.cap();
		},
		[&](Alloc_error e) -> Create_result { return e; });
}

void Hosted_rm::destroy(Capability<Region_map> cap)
{
	Map *found = nullptr;
	{
		Mutex::Guard guard(_objects.mutex);
		for (Map *map = _maps.first(); map && !found; map = map->next())
			if (map->map.cap() == cap) found = map;
		if (found) _maps.remove(found);
	}
	if (!found) return;

	Hosted_region_map &map = found->map;
	Genode::destroy(_alloc, found);
	_real().call<Rpc_destroy>(map.real);
	if (Hosted_dataspace *const managed = const_cast<Hosted_dataspace *>(map.managed()))
		release_dataspace(_objects, *managed);
	_objects.retire(map);
}

void Hosted_rm::describe(Writer const &w, Hosted_objects const &, uint64_t) const
{
	auto const r = w.init_rm_session();
	info.describe(r.init_session());

	uint32_t count = 0;
	for (Map const *map = _maps.first(); map; map = map->next()) count++;

	auto const ids = r.init_region_maps(count);
	uint32_t i = 0;
	for (Map const *map = _maps.first(); map; map = map->next()) ids.set(i++, map->map.id());
}

}
