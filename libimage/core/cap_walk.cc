#include "cap_walk.h"

namespace Capimg
{

Cap_fields cap_fields(Cap_form const &form, Const_bytes entry)
{
	Cap_fields f {};
	f.id = Memory_view::load(entry, form.id_offset, form.id_width);
	f.ref_count = Memory_view::load(entry, form.ref_offset, form.ref_width);
	if (form.socket_offset != CAP_NO_OFFSET) f.socket = int32_t(entry.u32(form.socket_offset));
	if (form.foreign_offset != CAP_NO_OFFSET) f.foreign = entry.u8(form.foreign_offset) != 0;
	return f;
}

Result<uint64_t> Cap_walk::_next_slot()
{
	if (_map.structure == Cap_structure::TREE) {
		Result<Avl_walk::Step> const step = _avl.next();
		if (step.failed()) return step.error();
		return step->addr - _map.node_offset;
	}

	/* the list head and every entry hold a pointer to the next entry */
	uint64_t const from = _started ? _link + _map.node_offset : _map.root;
	uint64_t next = 0;
	if (!_view.value(from, _map.word_bytes, next)) return Error { Code::ABSENT, from, "next" };
	if (!next) return Error { Code::NOT_FOUND, from, "node" };

	/* a list has no more elements than the array, unless it bites its tail */
	if (_seen == _map.count) return Error { Code::CYCLE, from, "next", next };

	_started = true;
	_link = next;
	return next;
}

Result<Cap_walk::Step> Cap_walk::next()
{
	if (!_map.root) return Error { Code::NOT_FOUND, 0, "node" };

	Result<uint64_t> const slot = _next_slot();
	if (slot.failed()) return slot.error();

	Result<uint64_t> const index = cap_index(_map, *slot);
	if (index.failed()) return Error { Code::DANGLING, *slot, "node", *slot, _map.array };

	Const_bytes const entry = _view.at(*slot, _map.stride);
	if (entry.empty()) return Error { Code::ABSENT, *slot, "entry" };

	Cap_fields const f = cap_fields(_map, entry);
	if (!cap_used(_map, f.id, f.ref_count))
		return Error { Code::DANGLING, *slot + _map.id_offset, "id", f.id };
	if (f.id == _map.invalid_id || f.id > _map.max_badge)
		return Error { Code::INVALID, *slot + _map.id_offset, "id", f.id, _map.max_badge };
	if (f.foreign) return Error { Code::INCONSISTENT, *slot + _map.foreign_offset, "foreign", 1 };
	if (_map.structure == Cap_structure::TREE && _seen && f.id <= _last_id)
		return Error { Code::INCONSISTENT, *slot + _map.id_offset, "id", f.id, _last_id };

	_seen++;
	_last_id = f.id;
	return Step { *index, *slot, f };
}

}
