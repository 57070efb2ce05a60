#include "capimg/component_manifest.h"

namespace Capimg::Engine
{

using namespace Metadata;

static Entry_state state_of(Cap_map const &map, Cap_entry const &entry)
{
	if (entry.badge == map.invalid_id || entry.badge == 0) return Entry_state::EMPTY;
	return entry.stale ? Entry_state::STALE : Entry_state::LIVE;
}

/* entries in use, but for those whose memory was not captured */
template <typename FN>
Status Component_manifest::_for_each_entry(FN const &fn)
{
	if (!_place.found()) return ok;

	size_t const need = Cap_reader::work_size(_place.map());
	if (need > _work.size()) return { Code::NO_SPACE, 0, "work", _work.size(), need };

	/* what entries of a damaged tree say is taken all the same */
	Cap_reader reader(_memory, _place.map(), Bytes(_work.base(), need));
	(void)reader.open();

	for (uint64_t index = 0;;) {
		Result<Cap_entry> const entry = reader.next_used(index);
		if (entry.failed()) {
			if (entry.error().code != Code::ABSENT)
				return entry.error().code == Code::NOT_FOUND ? ok : entry.error();
			index = entry.error().value + 1;
			_map_whole = false;
			continue;
		}
		if (Status const status = fn(*entry)) return status;
		index = entry->index + 1;
	}
}

Status Component_manifest::collect(Badge_table &table)
{
	_table = &table;

	uint32_t const count = _origin.objects();
	for (uint32_t i = 0; i < count; i++) {
		Object_head const head = _origin.object(i);
		if (!head.badge) continue;
		/* without a map nobody knows what the component names */
		Status const status = head.gone && _place.found() ? table.gone(head.badge, head.id)
														  : table.known(head.badge, head.id);
		if (status) return status;
	}

	Status const entries = _for_each_entry([&](Cap_entry const &entry) -> Status {
		if (state_of(_place.map(), entry) == Entry_state::EMPTY) return ok;
		return table.seen(entry.badge, Badge_table::detail(entry.socket, entry.foreign));
	});
	if (entries) return entries;

	/* badges that are held by the map as well are in the table by now */
	(void)table.unknown();
	for (uint32_t i = 0; i < _origin.raw_badges(); i++) {
		Raw_badge_spot const spot = _origin.raw_badge(i);
		if (!_badge(spot) || table.find(spot.badge)) continue;
		if (Status const status = table.seen(spot.badge, Badge_table::detail(0, false)))
			return status;
	}
	_unknown = table.unknown();
	_rows = uint32_t(table.size() / Badge_table::ROW_SIZE);
	return ok;
}

void Component_manifest::forget_unnamed()
{
	if (_map_whole) _table->for_each_unnamed([&](uint32_t id) { _origin.forget(id); });
}

Status Component_manifest::bound()
{
	_unknown = _origin.raw_badges();
	Status const entries = _for_each_entry([&](Cap_entry const &) -> Status {
		_unknown++;
		return ok;
	});
	_rows = _origin.objects() + _unknown;
	return entries;
}

Status Component_manifest::_space()
{
	auto const space = _root.init_capability_spaces(1)[0];
	space.pd(_origin.pd());
	_place.describe(space);
	return _place.found() ? _entries(space) : ok;
}

Status Component_manifest::_entries(Capability_space::Writer const &space)
{
	Cap_map const &map = _place.map();

	uint32_t count = 0;
	Status const counted = _for_each_entry([&](Cap_entry const &) -> Status {
		count++;
		return ok;
	});
	if (counted) return counted;

	auto const list = space.init_entries(count);
	if (_counting()) return ok;

	uint32_t i = 0;
	return _for_each_entry([&](Cap_entry const &entry) -> Status {
		Capability_entry::Writer const e = list[i++];
		Cap_note const note = _origin.note(entry.kcap);
		Entry_state const state = state_of(map, entry);
		e.kcap(entry.kcap);
		e.index(uint32_t(entry.index));
		e.ref_count(uint32_t(entry.ref_count));
		e.state(state);
		e.in_tree(entry.in_tree);
		e.kind(note.kind);
		e.origin(note.origin);
		e.foreign(entry.foreign);
		e.socket(entry.socket);

		if (state == Entry_state::EMPTY) {
			e.raw_id(entry.badge);
			return ok;
		}
		uint32_t const object =
			_table->find(entry.badge, Badge_table::detail(entry.socket, entry.foreign));
		if (!object)
			return { Code::INCONSISTENT, entry.slot, "CapabilityEntry.object", entry.badge };
		e.object(object);
		return ok;
	});
}

}
