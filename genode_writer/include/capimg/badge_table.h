/*
 * Objects by badge, in memory that the caller gives
 *
 * First the objects that somebody knows are added, then all badges that were seen: those that no
 * object has become objects of their own, whose ids are given out at the end, ascending by badge.
 *
 * On linux a badge alone names nothing there: 'detail' tells objects with one badge apart. An
 * object that was known is meant whatever the detail is.
 *
 * Objects that are gone count as known once their badge was seen, and else not at all.
 */

#ifndef CAPIMG__ENGINE__BADGE_TABLE_H
#define CAPIMG__ENGINE__BADGE_TABLE_H

#include "libimage/core/bytes.h"

namespace Capimg::Engine
{

class Badge_table : Noncopyable
{
	/* detail of an object that is gone and was not seen: behind all others */
	static constexpr uint32_t UNNAMED = ~0u;

	/* packed: the memory may have any alignment */
	struct __attribute__((packed)) Row
	{
		uint64_t badge = 0;
		uint32_t detail = 0; /* 0 of a known object, or 'UNNAMED' */
		uint32_t id = 0;     /* 0 until it is given out */

		bool same(Row const &o) const { return badge == o.badge && detail == o.detail; }
		bool operator<(Row const &) const;
		bool unknown() const { return detail && detail != UNNAMED; }
	};

	/* rows stand at the end, the first one last; what is free before them serves to sort */
	Bytes const _memory;
	Row *const _end;
	uint32_t const _capacity;
	uint32_t _count = 0, _sorted = 0;
	bool _all_known = false;

	Row &_row(uint32_t i) { return *(_end - i - 1); }
	Row const &_row(uint32_t i) const { return *(_end - i - 1); }
	void _sort();
	bool _find(Row const &, uint32_t &) const;
	bool _has(uint64_t badge, uint32_t detail) const;
	bool _name(uint64_t badge);
	Status _append(Row const &);

  public:
	static constexpr size_t ROW_SIZE = 16;

	/* what tells entries of the map apart that have one badge; never 0 */
	static uint32_t detail(int32_t socket, bool foreign)
	{
		return 1 + ((uint32_t(socket) + 1) << 1) % (1u << 31) + foreign;
	}

	explicit Badge_table(Bytes memory);

	/* an object, before all badges; of several with one badge the lowest id counts. NO_SPACE */
	Status known(uint64_t badge, uint32_t id);

	/* the same of an object that is gone */
	Status gone(uint64_t badge, uint32_t id);

	/* NO_SPACE */
	Status seen(uint64_t badge, uint32_t detail);

	/* badges without an object; the table is complete */
	uint32_t unknown();

	/* give them ids from 'first' on */
	void give_ids(uint32_t first);

	/* call 'fn(id, badge)' for each of them, ascending */
	template <typename FN>
	void for_each_unknown(FN const &fn) const
	{
		for (uint32_t i = 0; i < _count; i++)
			if (Row const &row = _row(i); row.unknown()) fn(row.id, row.badge);
	}

	/* call 'fn(id)' for each object that is gone and was not seen; the table is complete */
	template <typename FN>
	void for_each_unnamed(FN const &fn) const
	{
		for (uint32_t i = 0; i < _count; i++)
			if (Row const &row = _row(i); row.detail == UNNAMED) fn(row.id);
	}

	/* id of the object, 0 if there is none */
	uint32_t find(uint64_t badge, uint32_t detail) const;

	/* the same with any detail */
	uint32_t find(uint64_t badge) const;

	/* bytes at the end of the memory that are in use */
	size_t size() const { return size_t(_count) * ROW_SIZE; }
};

}

#endif /* CAPIMG__ENGINE__BADGE_TABLE_H */
