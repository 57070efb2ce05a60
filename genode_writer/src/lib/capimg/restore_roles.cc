#include "capimg/restore_roles.h"

#include "libimage/core/manifest_check.h"
#include "libimage/core/sort.h"

namespace Capimg::Engine
{

using namespace Metadata;

using Which = Object::Which;

size_t Restore_roles::work_size(Manifest::Reader const &manifest)
{
	size_t const count = manifest.objects().size();
	return Arena::size_of<Restore_role>(count) + 2 * Arena::size_of<uint32_t>(count);
}

uint32_t Restore_roles::_number(uint32_t id) const
{
	uint32_t const i = id ? find_object(_objects, id) : count();
	return i < count() ? i : Restore_role::NONE;
}

/* 'owner' says that the object of this id comes with it */
void Restore_roles::_claim(uint32_t id, uint32_t owner, Companion companion)
{
	uint32_t const i = _number(id);
	if (i == Restore_role::NONE) return;

	Restore_role &role = _roles[i];
	if (role.companion || role.of != Restore_role::NONE || !can_be(companion, _objects[i].which()))
		role.contested = true;
	else {
		role.companion = true;
		role.kind = companion;
		role.of = owner;
	}
}

static bool is_session(Which which)
{
	return which >= Which::PD_SESSION && which <= Which::SESSION;
}

void Restore_roles::_claim_all()
{
	Companion_table const table = companion_table();
	bool parent = false;

	for (uint32_t i = 0; i < count(); i++) {
		Object::Reader const object = _objects[i];
		Which const which = object.which();

		/* only the first PD is the component's; one that an import made up has no session */
		bool const has_session = object.pd_session().has_session();
		if (which == Which::PD_SESSION && has_session && _pd == Restore_role::NONE) _pd = i;
		if (which == Which::PD_SESSION && _pd != i) continue;

		for (unsigned k = 0; k < table.count; k++)
			if (table.rows[k].owner == which)
				_claim(table.rows[k].id(object), i, table.rows[k].companion);

		auto const maps = object.rm_session().region_maps();
		for (uint32_t k = 0; k < maps.size(); k++) {
			uint32_t const map = _number(maps[k]);
			if (map == Restore_role::NONE) continue;
			if (_roles[map].of != Restore_role::NONE)
				_roles[map].contested = true;
			else
				_roles[map].of = i;
		}

		if (which == Which::PARENT_CAPABILITY) {
			_roles[i].companion = !parent;
			_roles[i].contested = parent;
			_roles[i].kind = Companion::PARENT;
			parent = true;
		}
	}

	/* RAM that a session has given out: only now it is clear that nothing else says whose it is */
	for (uint32_t i = 0; i < count(); i++) {
		uint32_t const owner = _number(_objects[i].dataspace().owner());
		if (owner == Restore_role::NONE || owner == _pd || _roles[i].of != Restore_role::NONE)
			continue;
		if (is_session(_objects[owner].which())) _claim(_objects[i].id(), owner, Companion::BUFFER);
	}
}

void Restore_roles::_use(uint32_t id, Restore_role::Use use)
{
	uint32_t const i = _number(id);
	if (i != Restore_role::NONE) _roles[i].uses |= use;
}

void Restore_roles::_use_all()
{
	using enum Restore_role::Use;

	for (uint32_t i = 0; i < count(); i++) {
		Object::Reader const object = _objects[i];
		_use(handler_of(object), NEEDED);
		_use(object.service().root(), NEEDED);
		_use(object.thread().call_target(), NEEDED);
	}

	auto const spaces = _manifest.capability_spaces();
	for (uint32_t s = 0; s < spaces.size(); s++) {
		auto const entries = spaces[s].entries();
		for (uint32_t i = 0; i < entries.size(); i++)
			_use(entries[i].object(), entries[i].state() == Entry_state::STALE ? STALE : NEEDED);
	}

	auto const trees = _manifest.badge_trees();
	for (uint32_t t = 0; t < trees.size(); t++) {
		auto const nodes = trees[t].nodes();
		for (uint32_t i = 0; i < nodes.size(); i++) _use(nodes[i].object(), NEEDED);
	}

	auto const raw = _manifest.raw_badges();
	for (uint32_t i = 0; i < raw.size(); i++) _use(raw[i].object(), NEEDED);
}

static bool is_ram(Dataspace::Reader const &dataspace)
{
	switch (dataspace.kind()) {
	case Dataspace_kind::UNKNOWN:
	case Dataspace_kind::SEGMENT:
	case Dataspace_kind::RAM: return true;
	case Dataspace_kind::ROM:
	case Dataspace_kind::MANAGED:
	case Dataspace_kind::IO_MEMORY:
	case Dataspace_kind::DMA: break;
	}
	return false;
}

/* of an object that is no companion, but for the parent */
void Restore_roles::_decide(uint32_t i)
{
	Object::Reader const object = _objects[i];
	Which const which = object.which();
	Restore_role &role = _roles[i];

	bool const only_stale = role.uses == Restore_role::STALE;
	bool const unknown = !phase_of(which, role.phase);

	role.made = !unknown;
	if (unknown || which == Which::EXTERNAL) {
		role.made = role.uses && (only_stale || !unknown);
		role.dangling = only_stale;
	}

	/* what is not made here is refused, by 'check' */
	if (which == Which::PD_SESSION) role.made = i == _pd;
	if (which == Which::DATASPACE) role.made = is_ram(object.dataspace());
	if (which == Which::REGION_MAP) role.made = role.of != Restore_role::NONE;
	if (which == Which::PARENT_CAPABILITY) role.made = role.companion;

	role.dangling = role.dangling || object.native_capability().dangling();
	if (role.dangling) role.phase = Phase::RPC_OBJECTS;
}

Status Restore_roles::open(Arena &arena)
{
	_roles = arena.take<Restore_role>(count());
	_first = arena.take<uint32_t>(count());
	_next = arena.take<uint32_t>(count());
	if (!_roles || !_first || !_next) return arena.no_space();

	for (uint32_t i = 0; i < count(); i++) {
		_roles[i] = {};
		_first[i] = _next[i] = Restore_role::NONE;
	}
	_pd = Restore_role::NONE;
	_claim_all();
	_use_all();

	auto const has_owner = [&](uint32_t i) {
		return _roles[i].companion && _roles[i].of != Restore_role::NONE;
	};
	for (uint32_t i = 0; i < count(); i++)
		if (!has_owner(i)) _decide(i);

	/*
	 * A companion is made if its owner is, and in that one's phase. Region maps of a PD have
	 * companions of their own, and these none: two rounds do.
	 */
	for (unsigned round = 0; round < 2; round++)
		for (uint32_t i = 0; i < count(); i++) {
			if (!has_owner(i)) continue;
			_roles[i].made = _roles[_roles[i].of].made;
			_roles[i].phase = _roles[_roles[i].of].phase;
		}

	for (uint32_t i = count(); i-- > 0;) {
		if (!has_owner(i)) continue;
		_next[i] = _first[_roles[i].of];
		_first[_roles[i].of] = i;
	}
	return ok;
}

uint32_t Restore_roles::order(uint32_t *order, uint32_t *scratch) const
{
	uint32_t made = 0;
	for (uint32_t i = 0; i < count(); i++)
		if (_roles[i].made && (!_roles[i].companion || _roles[i].kind == Companion::PARENT))
			order[made++] = i;

	/* two stable sorts: by badge or slot, then by phase and what comes last within it */
	sort_by(order, scratch, made, [&](uint32_t i) {
		Object::Reader const object = _objects[i];
		return object.which() == Which::THREAD ? uint64_t(object.thread().slot()) : object.badge();
	});
	sort_by(order, scratch, made, [&](uint32_t i) {
		Which const which = _objects[i].which();
		bool const last = _roles[i].dangling || which == Which::SIGNAL_CONTEXT ||
						  which == Which::PARENT_CAPABILITY;
		return uint64_t(_roles[i].phase) * 2 + last;
	});
	return made;
}

}
