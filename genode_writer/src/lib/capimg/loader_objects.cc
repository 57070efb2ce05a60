/* Phases in which objects are made, connected and destroyed */

#include "capimg/loader.h"
#include "libimage/core/manifest_check.h"

namespace Capimg::Engine
{

using namespace Metadata;

using Which = Object::Which;

namespace
{

struct Row
{
	Which which;
	Created (*make)(Target &, Object::Reader const &, uint32_t of);
};

}

static constexpr auto make_session = [](Target &target, Object::Reader const &object, uint32_t) {
	return target.session(object);
};

static constexpr Row ROWS[] {
	{ Which::EXTERNAL,
	  [](Target &target, Object::Reader const &o, uint32_t) { return target.external(o); } },
	{ Which::PD_SESSION,
	  [](Target &target, Object::Reader const &o, uint32_t) { return target.pd(o); } },
	{ Which::CPU_SESSION, make_session },
	{ Which::RM_SESSION, make_session },
	{ Which::ROM_SESSION, make_session },
	{ Which::LOG_SESSION, make_session },
	{ Which::TIMER_SESSION, make_session },
	{ Which::SESSION, make_session },
	{ Which::SERVICE,
	  [](Target &target, Object::Reader const &o, uint32_t) { return target.service(o); } },
	{ Which::THREAD,
	  [](Target &target, Object::Reader const &o, uint32_t) { return target.thread(o); } },
	{ Which::DATASPACE,
	  [](Target &target, Object::Reader const &o, uint32_t) { return target.ram(o); } },
	{ Which::REGION_MAP, [](Target &target, Object::Reader const &o,
							uint32_t of) { return target.region_map(o, of); } },
	{ Which::SIGNAL_SOURCE,
	  [](Target &target, Object::Reader const &o, uint32_t) { return target.signal_source(o); } },
	{ Which::SIGNAL_CONTEXT,
	  [](Target &target, Object::Reader const &o, uint32_t) { return target.signal_context(o); } },
	{ Which::NATIVE_CAPABILITY, [](Target &target, Object::Reader const &o,
								   uint32_t) { return target.native_capability(o); } },
};

static Created make(Target &target, Object::Reader const &object, uint32_t of)
{
	for (Row const &row : ROWS)
		if (row.which == object.which()) return row.make(target, object, of);
	return Error { Code::UNSUPPORTED, object.wire().offset(), "Object" };
}

Status Loader::_make(uint32_t i)
{
	Restore_role const &role = _plan.roles()[i];
	Object::Reader const object = _object(i);
	uint32_t const of = role.of == Restore_role::NONE ? 0 : _id(role.of);

	Created const badge = role.companion  ? _target.companion(role.kind, object.id(), of)
						  : role.dangling ? _target.dangling(object)
										  : make(_target, object, of);
	if (badge.failed()) return badge.error();

	Status const status = _take_badge(i, *badge);
	if (status) _destroy(i);
	return status;
}

/* an object that had no badge goes on without one, whatever it has here */
Status Loader::_take_badge(uint32_t i, uint64_t badge)
{
	uint64_t const old = _badges->old_badge(i);
	if (!old || _plan.roles()[i].phase == Phase::SERVICES) return ok;

	if (_badges->rewritable(i))
		_badges->set(i, badge);
	else if (badge != old)
		return { Code::UNSUPPORTED, _object(i).wire().offset(), "Object.badge", badge, old };
	return ok;
}

/* companions go with the object they came with */
void Loader::_destroy(uint32_t i)
{
	if (!_plan.roles()[i].companion) _target.destroy(_id(i));
}

Status Loader::_connect(uint32_t i) { return _target.connect(_object(i)); }

Status Loader::_check_badges(uint32_t)
{
	/* what nobody makes keeps nobody from having its badge */
	for (uint32_t i = 0; i < _badges->count(); i++)
		if (!_plan.roles()[i].made || _plan.roles()[i].phase == Phase::SERVICES) _badges->drop(i);

	Badge_refusal const refusal = _badges->check();
	bool const twice =
		refusal.code == Badge_refusal_code::NEW_TWICE || refusal.code == Badge_refusal_code::TAKEN;
	if (refusal)
		return { twice ? Code::DUPLICATE : Code::INVALID, 0, "Object.badge", refusal.new_badge,
				 refusal.old_badge };

	/* trees that nobody has looked for would lose their order */
	if (!_manifest.memory_searched() && !_badges->order_kept())
		return { Code::UNSUPPORTED, 0, "Manifest.memorySearched" };
	return ok;
}

Status Loader::_attach(uint32_t i)
{
	Object::Reader const map = _object(i);
	auto const regions = map.region_map().regions();

	for (uint32_t k = 0; k < regions.size(); k++) {
		Status const status = _target.attach(map.id(), regions[k]);
		if (!status) continue;
		_detach(i, k);
		return status;
	}
	return ok;
}

void Loader::_detach(uint32_t i, uint32_t count)
{
	Object::Reader const map = _object(i);
	auto const regions = map.region_map().regions();
	while (count) _target.detach(map.id(), regions[--count].address());
}

void Loader::_detach(uint32_t i) { _detach(i, _object(i).region_map().regions().size()); }

Status Loader::_install(uint32_t number)
{
	auto const space = _manifest.capability_spaces()[number];
	auto const entries = space.entries();

	for (uint32_t k = 0; k < entries.size(); k++) {
		Capability_entry::Reader const entry = entries[k];
		if (entry.state() != Entry_state::LIVE || !entry.kcap()) continue;

		uint32_t const object = find_object(_objects, entry.object());
		if (_plan.roles()[object].dangling) continue;
		if (Status const s = _target.install(space.pd(), entry.kcap(), entry.object())) return s;
	}
	return ok;
}

}
