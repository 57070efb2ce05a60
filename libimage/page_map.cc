#include "page_map.h"

#include <algorithm>
#include <cstring>

namespace Capimg
{

/* groups alike that this one is of */
Page_map::Groups::const_iterator Page_map::_at(std::uint64_t group) const
{
	return std::prev(_groups.upper_bound(group));
}

/* first page behind groups alike */
std::uint64_t Page_map::_end(Groups::const_iterator at) const
{
	auto const next = std::next(at);
	return next == _groups.end() ? _pages : std::min(next->first * GROUP, _pages);
}

/* the groups alike that begin with this one */
Page_map::Groups::iterator Page_map::_split(std::uint64_t group)
{
	auto const at = std::prev(_groups.upper_bound(group));
	if (at->first == group) return at;
	return _groups.emplace_hint(std::next(at), group, Group { at->second.all, {} });
}

Page_state Page_map::Group::state(std::uint64_t page) const
{
	if (!pages) return all;
	std::uint64_t const at = page % GROUP;
	return Page_state(((*pages)[at / 2] >> (at % 2 * 4)) & 0xf);
}

/* first page from 'page' on, before 'end', that is not SAME; 'end' is of this group */
std::uint64_t Page_map::Group::differing(std::uint64_t page, std::uint64_t end) const
{
	static constexpr std::uint64_t WORD = 16; /* pages */
	while (page < end) {
		std::uint64_t word = 0;
		if (page % WORD == 0 && end - page >= WORD) {
			std::memcpy(&word, pages->data() + page % GROUP / 2, sizeof(word));
			if (!word) {
				page += WORD;
				continue;
			}
		}
		if (state(page) != Page_state::SAME) break;
		page++;
	}
	return page;
}

Page_state Page_map::state(std::uint64_t page) const
{
	return _at(page / GROUP)->second.state(page);
}

void Page_map::_mark(std::uint64_t page, Page_state state)
{
	std::uint64_t const number = page / GROUP;
	auto found = std::prev(_groups.upper_bound(number));
	Page_state const old = found->second.state(page);
	if (old >= state) return;

	if (!found->second.pages) {
		found = _split(number);
		if ((number + 1) * GROUP < _end(found)) _split(number + 1);
		Group &group = found->second;
		group.pages = std::make_unique<Bytes>();
		group.pages->fill(std::uint8_t(unsigned(group.all) * 0x11));
	}
	std::uint64_t const at = page % GROUP;
	unsigned const shift = at % 2 * 4;
	std::uint8_t &byte = (*found->second.pages)[at / 2];
	byte = std::uint8_t((byte & (0xf0 >> shift)) | unsigned(state) << shift);

	if (old != Page_state::SAME) _count[std::size_t(old)]--;
	_count[std::size_t(state)]++;
}

/* whole groups, of which the last one may be short */
void Page_map::_mark_groups(std::uint64_t first, std::uint64_t end, Page_state state)
{
	auto at = _split(first);
	if (end * GROUP < _pages) _split(end);

	while (at != _groups.end() && at->first < end) {
		std::uint64_t const page = at->first * GROUP, stop = _end(at);
		Group &group = at->second;
		if (group.pages) {
			for (std::uint64_t i = page; i < stop; i++) _mark(i, state);
		} else if (group.all < state) {
			if (group.all != Page_state::SAME) _count[std::size_t(group.all)] -= stop - page;
			_count[std::size_t(state)] += stop - page;
			group.all = state;
		}

		/* one with those before, if they are alike now */
		bool const mergeable = at != _groups.begin() && !group.pages &&
							   !std::prev(at)->second.pages &&
							   std::prev(at)->second.all == group.all;
		at = mergeable ? _groups.erase(at) : std::next(at);
	}
}

void Page_map::mark(std::uint64_t first, std::uint64_t count, Page_state state)
{
	std::uint64_t const end = std::min(first + count, _pages);
	if (state == Page_state::SAME) return;

	while (first < end && first % GROUP) _mark(first++, state);
	if (first >= end) return;

	std::uint64_t const whole = end == _pages ? end / GROUP + (end % GROUP != 0) : end / GROUP;
	if (whole > first / GROUP) {
		_mark_groups(first / GROUP, whole, state);
		first = whole * GROUP;
	}
	while (first < end) _mark(first++, state);
}

std::uint64_t Page_map::differing() const
{
	std::uint64_t sum = 0;
	for (std::uint64_t const count : _count) sum += count;
	return sum;
}

std::optional<Page_map::Run> Page_map::next(std::uint64_t from) const
{
	if (from >= _pages) return {};

	Run run;
	for (auto at = _at(from / GROUP); at != _groups.end(); ++at) {
		Group const &group = at->second;
		std::uint64_t const end = _end(at);
		while (from < end) {
			if (group.pages && !run.count) {
				from = group.differing(from, end);
				if (from == end) break;
			}
			std::uint64_t const size = group.pages ? 1 : end - from;
			Page_state const here = group.state(from);
			if (run.count && here != run.state) return run;
			if (here != Page_state::SAME) {
				if (!run.count) run = { from, 0, here };
				run.count += size;
			}
			from += size;
		}
	}
	if (!run.count) return {};
	return run;
}

}
