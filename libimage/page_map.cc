#include "page_map.h"

#include <algorithm>

namespace Capimg
{

Page_state Page_map::state(std::uint64_t page) const
{
	Group const &group = _groups[page / GROUP];
	if (!group.pages) return group.all;
	std::uint64_t const at = page % GROUP;
	return Page_state(((*group.pages)[at / 2] >> (at % 2 * 4)) & 0xf);
}

void Page_map::_mark(std::uint64_t page, Page_state state)
{
	Page_state const old = this->state(page);
	if (old >= state) return;

	Group &group = _groups[page / GROUP];
	if (!group.pages) {
		group.pages = std::make_unique<Bytes>();
		group.pages->fill(std::uint8_t(unsigned(group.all) * 0x11));
	}
	std::uint64_t const at = page % GROUP;
	unsigned const shift = at % 2 * 4;
	std::uint8_t &byte = (*group.pages)[at / 2];
	byte = std::uint8_t((byte & (0xf0 >> shift)) | unsigned(state) << shift);

	if (old != Page_state::SAME) _count[std::size_t(old)]--;
	_count[std::size_t(state)]++;
}

void Page_map::mark(std::uint64_t first, std::uint64_t count, Page_state state)
{
	for (std::uint64_t const end = std::min(first + count, _pages); first < end;) {
		Group &group = _groups[first / GROUP];
		std::uint64_t const size = std::min(GROUP, _pages - first);
		bool const whole = first % GROUP == 0 && end - first >= size;

		if (whole && !group.pages && group.all == Page_state::SAME) {
			group.all = state;
			_count[std::size_t(state)] += size;
			first += size;
		} else {
			_mark(first++, state);
		}
	}
}

std::uint64_t Page_map::differing() const
{
	std::uint64_t sum = 0;
	for (std::uint64_t const count : _count) sum += count;
	return sum;
}

std::optional<Page_map::Run> Page_map::next(std::uint64_t from) const
{
	Run run;
	for (std::uint64_t at = from; at < _pages;) {
		Group const &group = _groups[at / GROUP];
		std::uint64_t const end = std::min((at / GROUP + 1) * GROUP, _pages);
		std::uint64_t const size = group.pages ? 1 : end - at;
		Page_state const here = state(at);

		if (run.count && here != run.state) break;
		if (here != Page_state::SAME) {
			if (!run.count) run = { at, 0, here };
			run.count += size;
		}
		at += size;
	}
	if (!run.count) return {};
	return run;
}

}
