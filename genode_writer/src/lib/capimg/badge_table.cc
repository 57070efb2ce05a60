#include "capimg/badge_table.h"

#include "libimage/core/sort.h"

namespace Capimg::Engine
{

bool Badge_table::Row::operator<(Row const &o) const
{
	if (badge != o.badge) return badge < o.badge;
	return detail != o.detail ? detail < o.detail : id < o.id;
}

Badge_table::Badge_table(Bytes memory)
	: _memory(memory),
	  _end(reinterpret_cast<Row *>(memory.base() + memory.size())),
	  _capacity(uint32_t(min<size_t>(memory.size() / ROW_SIZE, ~0u)))
{
	static_assert(sizeof(Row) == ROW_SIZE && alignof(Row) == 1);
}

/* and only the first of rows that are the same stays */
void Badge_table::_sort()
{
	Row *const rows = _end - _count;
	if (_capacity - _count >= _count) {
		/* as many free rows lie before these; the order in memory is the reverse one */
		Row *const scratch = rows - _count;
		sort_by(rows, scratch, _count, [](Row const &row) { return ~uint64_t(row.id); });
		sort_by(rows, scratch, _count, [](Row const &row) { return ~uint64_t(row.detail); });
		sort_by(rows, scratch, _count, [](Row const &row) { return ~row.badge; });
	} else
		sort_in_place(
			_count, [&](uint32_t a, uint32_t b) { return _row(a) < _row(b); },
			[&](uint32_t a, uint32_t b) {
				Row const row = _row(a);
				_row(a) = _row(b);
				_row(b) = row;
			});

	uint32_t kept = 0;
	for (uint32_t i = 0; i < _count; i++) {
		Row const row = _row(i);
		if (!kept || !row.same(_row(kept - 1))) _row(kept++) = row;
	}
	_count = _sorted = kept;
}

/* first sorted row that is not below 'row', and whether there is one */
bool Badge_table::_find(Row const &row, uint32_t &at) const
{
	uint32_t low = 0, high = _sorted;
	while (low < high) {
		uint32_t const middle = low + (high - low) / 2;
		if (_row(middle) < row)
			low = middle + 1;
		else
			high = middle;
	}
	at = low;
	return low < _sorted;
}

bool Badge_table::_has(uint64_t badge, uint32_t detail) const
{
	uint32_t at = 0;
	return _find({ badge, detail, 0 }, at) && _row(at).same({ badge, detail, 0 });
}

Status Badge_table::_append(Row const &row)
{
	if (_count == _capacity) _sort();
	if (_has(row.badge, row.detail)) return ok;
	if (_count == _capacity)
		return { Code::NO_SPACE, 0, "badges", _memory.size(), (uint64_t(_count) + 1) * ROW_SIZE };
	_row(_count++) = row;
	return ok;
}

/* an object that is gone has been seen; it is the only row of its badge then */
bool Badge_table::_name(uint64_t badge)
{
	uint32_t at = 0;
	if (!_find({ badge, UNNAMED, 0 }, at) || !_row(at).same({ badge, UNNAMED, 0 })) return false;
	_row(at).detail = 0;
	return true;
}

Status Badge_table::known(uint64_t badge, uint32_t id) { return _append({ badge, 0, id }); }
Status Badge_table::gone(uint64_t badge, uint32_t id) { return _append({ badge, UNNAMED, id }); }

Status Badge_table::seen(uint64_t badge, uint32_t detail)
{
	if (!_all_known) {
		_sort();
		_all_known = true;
	}
	if (_has(badge, 0) || _name(badge)) return ok;
	return _append({ badge, detail, 0 });
}

uint32_t Badge_table::unknown()
{
	_sort();
	uint32_t count = 0;
	for_each_unknown([&](uint32_t, uint64_t) { count++; });
	return count;
}

void Badge_table::give_ids(uint32_t first)
{
	for (uint32_t i = 0; i < _count; i++) {
		if (Row &row = _row(i); row.unknown()) row.id = first++;
	}
}

uint32_t Badge_table::find(uint64_t badge, uint32_t detail) const
{
	uint32_t at = 0;
	if (_find({ badge, 0, 0 }, at) && _row(at).same({ badge, 0, 0 })) return _row(at).id;
	if (_find({ badge, detail, 0 }, at) && _row(at).same({ badge, detail, 0 })) return _row(at).id;
	return 0;
}

uint32_t Badge_table::find(uint64_t badge) const
{
	uint32_t at = 0;
	if (!_find({ badge, 0, 0 }, at)) return 0;
	return _row(at).badge == badge && _row(at).detail != UNNAMED ? _row(at).id : 0;
}

}
