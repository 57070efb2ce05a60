#include "tree_scan.h"

namespace Capimg
{

/*
 * Look at 'positions' words of the window; returns how many were looked at before the list of
 * hits was full
 */
template <typename WORD>
size_t Tree_scan::_look(Const_bytes window, size_t positions)
{
	constexpr size_t W = sizeof(WORD);
	uint8_t const *const base = window.base();
	unsigned const least_depth = _links == SOUND ? 2 : 1;
	WORD const lowest = WORD(_bounds.lowest);
	WORD const span = WORD(min(_bounds.highest, uint64_t(WORD(~WORD(0)))) - _bounds.lowest);

	size_t i = 0;
	while (i < positions) {
		uint8_t const *const p = base + i * W;

		/* what is not zero here can at best be the left child of a tree object itself */
		if (load_word<WORD>(p + 2 * W)) {
			i += 2;
			continue;
		}
		if (load_word<WORD>(p + W)) {
			i++;
			continue;
		}

		WORD const left = load_word<WORD>(p);
		if (!left) {
			i++;

			/* much of memory is zero; 8 words at a time, so that vector registers serve */
			while (i + 8 <= positions) {
				WORD any = 0;
				for (size_t k = 0; k < 8; k++) any |= load_word<WORD>(base + (i + k) * W);
				if (any) break;
				i += 8;
			}
			continue;
		}

		uint8_t const depth = p[3 * W];
		if (depth >= least_depth && left % 4 == 0 && WORD(left - lowest) <= span) {

			/* many children lie near by: those need no call to be refused */
			uint64_t const near = uint64_t(left) - _pos;
			bool const known = _links == SOUND && within(near, avl_node_bytes(W), window.size());
			if (known && load_word<WORD>(base + near + 2 * W) != WORD(_pos + i * W)) {
				i++;
				continue;
			}
			if (_count == sizeof(_hits) / sizeof(_hits[0])) return i;
			_hits[_count++] = { _pos + i * W, left, depth };
		}
		i++;
	}
	return i;
}

void Tree_scan::_refill()
{
	_count = _next = 0;

	size_t const need = avl_node_bytes(_word);
	Const_bytes window;
	bool const beyond = _word == 4 && max(_pos, _bounds.lowest) > 0xffffffffu;
	if (beyond || !_scan.next(_pos, _word, need, window)) {
		_end = true;
		return;
	}

	size_t const positions = (window.size() - need) / _word + 1;
	size_t const done =
		_word == 8 ? _look<uint64_t>(window, positions) : _look<uint32_t>(window, positions);

	/* a look may have stepped past the last position */
	uint64_t const step = uint64_t(min(done, positions)) * _word;
	_end = step > ~uint64_t(0) - _pos;
	_pos += step;
}

bool Tree_scan::_plausible(Hit const &hit)
{
	Avl_node node;
	if (hit.left == hit.addr || !read_avl_node(_view, hit.left, _word, node)) return false;
	return _links == LOOSE || (node.parent == hit.addr && node.depth + 1u == hit.depth);
}

Result<uint64_t> Tree_scan::next()
{
	for (;;) {
		while (_next < _count) {
			Hit const &hit = _hits[_next++];
			if (_plausible(hit)) return hit.addr;
		}
		if (_end) break;
		_refill();
	}
	if (_scan.status()) return _scan.status();
	return Error { Code::NOT_FOUND, 0, "tree" };
}

}
