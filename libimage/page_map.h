/*
 * A state for each page of a dataspace
 *
 * Half a byte for each page where pages differ from their neighbours, next to nothing where they
 * are alike: a dataspace may have 2^52 pages, of which no file has a byte. A page that gets several
 * states keeps the highest. Not thread-safe.
 */

#ifndef CAPIMG__PAGE_MAP_H
#define CAPIMG__PAGE_MAP_H

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>

namespace Capimg
{

enum class Page_state : std::uint8_t {
	SAME,
	REASON,   /* absent on both sides, for different reasons */
	LOST,     /* known in the first image, absent in the second */
	CAPTURED, /* the other way round */
	CHANGED,  /* known on both sides, other bytes */
};

class Page_map
{
	static constexpr std::uint64_t GROUP = 1024;

	using Bytes = std::array<std::uint8_t, GROUP / 2>;

	struct Group
	{
		Page_state all = Page_state::SAME;
		std::unique_ptr<Bytes> pages {}; /* if they are not alike */

		Page_state state(std::uint64_t page) const;
		std::uint64_t differing(std::uint64_t page, std::uint64_t end) const;
	};

	/* by their first group; each one reaches to the next, those with 'pages' are one group */
	using Groups = std::map<std::uint64_t, Group>;

	std::uint64_t _pages;
	Groups _groups {};
	std::array<std::uint64_t, 5> _count {};

	Groups::const_iterator _at(std::uint64_t group) const;
	Groups::iterator _split(std::uint64_t group);
	std::uint64_t _end(Groups::const_iterator) const;
	void _mark(std::uint64_t page, Page_state);
	void _mark_groups(std::uint64_t first, std::uint64_t end, Page_state);

  public:
	explicit Page_map(std::uint64_t pages) : _pages(pages) { _groups[0]; }

	std::uint64_t pages() const { return _pages; }

	void mark(std::uint64_t first, std::uint64_t count, Page_state);

	Page_state state(std::uint64_t page) const;

	/* pages in a state that is not SAME */
	std::uint64_t count(Page_state state) const { return _count[std::size_t(state)]; }

	/* pages in any state but SAME */
	std::uint64_t differing() const;

	struct Run
	{
		std::uint64_t first = 0, count = 0;
		Page_state state {};
	};

	/* first run of pages alike, not SAME, from page 'from' on; none: there is no more */
	std::optional<Run> next(std::uint64_t from) const;
};

}

#endif /* CAPIMG__PAGE_MAP_H */
