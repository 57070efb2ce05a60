#include "cap_refs.h"

#include "cap_walk.h"

namespace Capimg
{

static Bytes part(Bytes work, uint64_t offset, uint64_t size)
{
	Result<Bytes> const piece = work.slice(offset, size, "work");
	return piece.failed() ? Bytes() : *piece;
}

static uint64_t bits_size(Cap_map const &map) { return (map.count + 7) / 8; }

Cap_ref_scan::Cap_ref_scan(Memory const &memory, Cap_map const &map, Bytes work)
	: _view(memory),
	  _scan(memory,
			part(work, bits_size(map), work.size() - min(bits_size(map), uint64_t(work.size())))),
	  _map(map),
	  _used(part(work, 0, bits_size(map)))
{}

Status Cap_ref_scan::_mark_used()
{
	_ready = true;
	if (Status const s = check_cap_map(_map)) return s;
	if (_used.size() < bits_size(_map))
		return { Code::NO_SPACE, 0, "work", _used.size(), work_size(_map) };

	_used.zero();
	for (uint64_t i = 0; i < _map.count; i++) {
		Const_bytes const bytes = _view.at(_map.slot(i), _map.stride);
		if (bytes.empty()) continue;

		Cap_fields const f = cap_fields(_map, bytes);
		if (!cap_used(_map, f.id, f.ref_count)) continue;

		size_t const at = size_t(i / 8);
		_used.u8(at, uint8_t(Const_bytes(_used).u8(at) | 1u << (i % 8)));
	}
	return ok;
}

/*
 * The array with its links, the pointer to the array that foc's allocator has behind it, and
 * the root
 */
bool Cap_ref_scan::_internal(uint64_t addr) const
{
	uint64_t const behind = align_up(_map.size(), _map.word_bytes) + _map.word_bytes;
	return (addr >= _map.array && addr - _map.array < behind) || (_map.root && addr == _map.root);
}

template <typename WORD>
size_t Cap_ref_scan::_look(Const_bytes window, size_t positions)
{
	WORD const array = WORD(_map.array);
	WORD const size = WORD(_map.size());
	uint8_t const *const base = window.base();

	for (size_t i = 0; i < positions; i++) {
		WORD const offset = WORD(load_word<WORD>(base + i * sizeof(WORD)) - array);
		if (offset >= size || uint32_t(offset) % _map.stride) continue;

		uint32_t const index = uint32_t(offset) / _map.stride;
		if (!(Const_bytes(_used).u8(size_t(index / 8)) >> (index % 8) & 1)) continue;

		if (_count == sizeof(_hits) / sizeof(_hits[0])) return i;
		uint64_t const addr = _pos + i * sizeof(WORD);
		_hits[_count++] = { addr, index, _internal(addr) };
	}
	return positions;
}

void Cap_ref_scan::_refill()
{
	_count = _next = 0;

	unsigned const word = _map.word_bytes;
	Const_bytes window;
	if (!_scan.next(_pos, word, word, window)) {
		_end = true;
		return;
	}

	size_t const positions = window.size() / word;
	uint64_t const step = word * uint64_t(word == 8 ? _look<uint64_t>(window, positions)
													: _look<uint32_t>(window, positions));
	_end = step > ~uint64_t(0) - _pos;
	_pos += step;
}

Result<Cap_ref> Cap_ref_scan::next()
{
	if (!_ready)
		if (Status const s = _mark_used()) {
			_end = true;
			return s;
		}

	while (_next == _count) {
		if (_end && _scan.status()) return _scan.status();
		if (_end) return Error { Code::NOT_FOUND, 0, "cap" };
		_refill();
	}
	return _hits[_next++];
}

}
