#include <capimg_host/region_map.h>
#include <capimg_host/rom.h>

namespace Capimg::Host
{

Hosted_rom::Hosted_rom(Entrypoint &ep, Allocator &alloc, Env::Local_rm &rm, Hosted_objects &objects,
					   Session_capability real, Session_info const &info)
	: Hosted_session(Which::ROM_SESSION, ep.manage(*this), real, info),
	  _ep(ep),
	  _alloc(alloc),
	  _rm(rm),
	  _objects(objects)
{
	Hosted_session::info.interposed = true;
}

Hosted_rom::~Hosted_rom() { _ep.dissolve(*this); }

Hosted_dataspace::Module Hosted_rom::module() const
{
	Session_label const label = label_from_args(info.arguments.string());
	return Hosted_dataspace::Module(label.last_element());
}

/*
 * What was attached from a module before its session was known, as the binary of the dynamic
 * linker is by who prepares the component, is of an unknown kind until then
 */
Rom_dataspace_capability Hosted_rom::_know(Rom_dataspace_capability cap)
{
	if (_dataspace && _dataspace->badge() == badge_of(cap)) return cap;

	/* a dynamic ROM has replaced it */
	if (_dataspace) release_dataspace(_objects, *_dataspace);
	_dataspace = nullptr;
	if (!cap.valid()) return cap;

	Hosted_dataspace *known = nullptr;
	{
		Mutex::Guard guard(_objects.mutex);
		known = _objects.find_as<Hosted_dataspace>(cap);
	}
	bool const fresh = !known;
	if (fresh) known = new (_alloc) Hosted_dataspace(_rm, cap, Hosted_dataspace::Kind::ROM);
	if (fresh) _objects.add(*known);

	Mutex::Guard guard(_objects.mutex);
	known->kind = Hosted_dataspace::Kind::ROM;
	known->module = module();
	known->owner = this;
	_dataspace = known;
	return cap;
}

Rom_dataspace_capability Hosted_rom::dataspace() { return _know(_real().call<Rpc_dataspace>()); }

bool Hosted_rom::update() { return _real().call<Rpc_update>(); }

void Hosted_rom::sigh(Signal_context_capability cap)
{
	_real().call<Rpc_sigh>(cap);
	Mutex::Guard guard(_objects.mutex);
	handler = cap;
}

void Hosted_rom::describe(Writer const &w, Hosted_objects const &objects, uint64_t) const
{
	auto const r = w.init_rom_session();
	r.dataspace(_dataspace ? _dataspace->id() : 0);
	r.handler(objects.id(handler));
	info.describe(r.init_session());
	r.module(text(module()));
}

}
