#include "cap_find.h"

#include "cap_list.h"
#include "tree_scan.h"

namespace Capimg
{

bool Cap_hints::admit(Cap_layout const &l) const
{
	return (kernel == Cap_kernel::NONE || kernel == l.kernel) &&
		   (!release || (release >= l.first_release && release <= l.last_release)) &&
		   (!word_bytes || word_bytes == l.word_bytes);
}

uint16_t cap_release(char const *text, size_t length)
{
	if (length != 5 || text[2] != '.') return 0;

	unsigned value = 0;
	for (size_t i = 0; i < 5; i++) {
		if (i == 2) continue;
		if (text[i] < '0' || text[i] > '9') return 0;
		value = value * 10 + unsigned(text[i] - '0');
	}
	return uint16_t(value);
}

char const *cap_reason_text(Cap_reason reason)
{
	switch (reason) {
	case Cap_reason::ONLY: return "is the only one";
	case Cap_reason::INTACT: return "has an intact tree";
	case Cap_reason::FEWER_CONTRADICTIONS: return "has fewer entries that contradict its layout";
	case Cap_reason::MORE_CAPABILITIES: return "holds more capabilities";
	case Cap_reason::USUAL_SIZE: return "has the usual number of entries";
	case Cap_reason::NONE: break;
	}
	return "is not better than the next one";
}

Cap_layout const &Cap_candidate::layout() const
{
	unsigned const row = layouts ? unsigned(__builtin_ctz(layouts)) : 0;
	return cap_layouts().rows[row];
}

Result<Cap_map> Cap_find_result::best() const
{
	if (!count) return Error { Code::NOT_FOUND, 0, "capMap" };
	if (count > 1 && candidates[0].reason == Cap_reason::NONE)
		return Error { Code::AMBIGUOUS, candidates[1].map.array, "capMap",
					   candidates[0].map.array };
	return candidates[0].map;
}

/* why 'a' is better than 'b', or NONE */
static Cap_reason better(Cap_candidate const &a, Cap_candidate const &b)
{
	auto usual = [](Cap_candidate const &c) { return c.map.count == c.layout().default_count; };

	if (bool(a.tree) != bool(b.tree)) return a.tree ? Cap_reason::NONE : Cap_reason::INTACT;

	if (a.contradictions != b.contradictions)
		return a.contradictions < b.contradictions ? Cap_reason::FEWER_CONTRADICTIONS
												   : Cap_reason::NONE;
	if (a.nodes != b.nodes)
		return a.nodes > b.nodes ? Cap_reason::MORE_CAPABILITIES : Cap_reason::NONE;

	return usual(a) && !usual(b) ? Cap_reason::USUAL_SIZE : Cap_reason::NONE;
}

namespace
{

/* the best candidates so far, ordered */
class Ranking final : public Cap_list_finder::Sink
{
	Cap_find_result &_result;
	unsigned _row = 0;

	void _remove(unsigned i)
	{
		for (_result.count--; i < _result.count; i++)
			_result.candidates[i] = _result.candidates[i + 1];
	}

	/* nothing is left to do for 'c': one place holds one map, in the layout that fits best */
	bool _settled(Cap_candidate const &c)
	{
		for (unsigned i = 0; i < _result.count; i++) {
			Cap_candidate &known = _result.candidates[i];
			if (known.map.array != c.map.array) continue;

			/* the same numbers: one map, whose kernel is open */
			Cap_map alike = c.map;
			alike.kernel = known.map.kernel;
			if (alike == known.map && c.contradictions == known.contradictions) {
				known.layouts |= c.layouts;
				return true;
			}

			if (better(known, c) != Cap_reason::NONE) return true;
			if (better(c, known) != Cap_reason::NONE) {
				_remove(i);
				return false;
			}
		}
		return false;
	}

  public:
	explicit Ranking(Cap_find_result &result) : _result(result) {}

	/* layout of the candidates that come now, as a row of 'cap_layouts' */
	void row(unsigned row) { _row = row; }

	void candidate(Cap_candidate const &found) override
	{
		Cap_candidate c = found;
		c.layouts = 1u << _row;
		if (_settled(c)) return;

		unsigned i = min(_result.count, Limit::MAX_CAP_CANDIDATES - 1);
		if (_result.count == Limit::MAX_CAP_CANDIDATES &&
			better(c, _result.candidates[i]) == Cap_reason::NONE)
			return;

		_result.count = i + 1;
		for (; i && better(c, _result.candidates[i - 1]) != Cap_reason::NONE; i--)
			_result.candidates[i] = _result.candidates[i - 1];
		_result.candidates[i] = c;
	}

	void finish()
	{
		for (unsigned i = 0; i < _result.count; i++)
			_result.candidates[i].reason =
				i + 1 < _result.count ? better(_result.candidates[i], _result.candidates[i + 1])
									  : (_result.count == 1 ? Cap_reason::ONLY : Cap_reason::NONE);
	}
};

class Search : Noncopyable
{
	Memory_view _view;
	Memory_bounds const _bounds;
	Cap_hints const &_hints;
	Bytes const _bits;
	Bytes const _buffer;
	Search_budget _budget;
	Ranking _ranking;

	template <typename FN>
	void _for_each_row(unsigned word, Cap_structure structure, FN const &fn)
	{
		Cap_layouts const layouts = cap_layouts();
		for (unsigned i = 0; i < layouts.count; i++) {
			Cap_layout const &l = layouts.rows[i];
			if (l.word_bytes != word || l.structure != structure || !_hints.admit(l)) continue;
			_ranking.row(i);
			fn(l);
		}
	}

	bool _wanted(unsigned word, Cap_structure structure)
	{
		bool wanted = false;
		_for_each_row(word, structure, [&](Cap_layout const &) { wanted = true; });
		return wanted;
	}

	void _from_tree(unsigned word, Tree_extent const &extent)
	{
		_for_each_row(word, Cap_structure::TREE, [&](Cap_layout const &l) {
			Cap_candidate c {};
			if (Cap_placer(_view, _budget).from_tree(l, extent, c)) _ranking.candidate(c);
		});
	}

	Status _search(unsigned word)
	{
		if (_wanted(word, Cap_structure::TREE)) {
			for (Tree_scan scan(_view, _bounds, word, _buffer);;) {
				Result<uint64_t> const tree = scan.next();
				if (tree.failed()) {
					if (tree.error().code != Code::NOT_FOUND) return tree.error();
					break;
				}

				/* the distance of two entries at least shows the stride */
				Tree_extent extent;
				if (!tree_extent(_view, word, *tree, extent) && extent.nodes >= 2)
					_from_tree(word, extent);
			}
		}

		Status status = ok;
		_for_each_row(word, Cap_structure::LIST, [&](Cap_layout const &l) {
			Cap_list_finder finder(_view, _budget, _bounds, l, _bits, _buffer);
			if (!status) status = finder.scan(_ranking);
		});
		return status;
	}

	/* the address may be that of entry 0, of the allocator, or of the tree object */
	Status _at_hint(unsigned word)
	{
		uint64_t const inside = word + 4u;
		Status status = ok;

		_for_each_row(word, Cap_structure::TREE, [&](Cap_layout const &l) {
			Cap_placer placer(_view, _budget);
			Cap_candidate c {};
			if (placer.from_array(l, _hints.addr, c)) _ranking.candidate(c);
			if (l.placement == Cap_placement::ALLOCATOR &&
				placer.from_array(l, _hints.addr + inside, c))
				_ranking.candidate(c);
		});

		Tree_extent extent;
		if (!tree_extent(_view, word, _hints.addr, extent) && extent.nodes)
			_from_tree(word, extent);

		_for_each_row(word, Cap_structure::LIST, [&](Cap_layout const &l) {
			Cap_list_finder finder(_view, _budget, _bounds, l, _bits, _buffer);
			if (!status) status = finder.from_array(_hints.addr, _ranking);
			if (!status) status = finder.from_array(_hints.addr + inside, _ranking);
		});
		return status;
	}

  public:
	Search(Memory const &memory, Cap_hints const &hints, Bytes work, Cap_find_result &result)
		: _view(memory),
		  _bounds(memory_bounds(memory)),
		  _hints(hints),
		  _bits(work.base() + CAP_FIND_MIN_WORK, work.size() - CAP_FIND_MIN_WORK),
		  _buffer(work.base(), CAP_FIND_MIN_WORK),
		  _budget(max(Limit::MIN_SEARCH_BUDGET, _bounds.total / 4)),
		  _ranking(result)
	{}

	Status run(Cap_find_result &result)
	{
		for (unsigned word = 8; word >= 4; word -= 4)
			if (Status const s = _hints.has_addr ? _at_hint(word) : _search(word)) return s;

		_ranking.finish();
		result.exhausted = _budget.exhausted();
		return ok;
	}
};

}

Status find_cap_maps(Memory const &memory, Cap_hints const &hints, Bytes work,
					 Cap_find_result &result)
{
	result.count = 0;
	result.exhausted = false;
	if (work.size() < CAP_FIND_MIN_WORK)
		return { Code::NO_SPACE, 0, "work", work.size(), CAP_FIND_MIN_WORK };
	if (unsigned(hints.kernel) >= CAP_KERNEL_COUNT)
		return { Code::BAD_ARGUMENT, 0, "kernel", uint64_t(hints.kernel), CAP_KERNEL_COUNT - 1 };
	if (hints.word_bytes && hints.word_bytes != 4 && hints.word_bytes != 8)
		return { Code::BAD_ARGUMENT, 0, "wordBytes", hints.word_bytes, 8 };

	Search search(memory, hints, work, result);
	return search.run(result);
}

}
