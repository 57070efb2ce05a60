/*
 * Objects by badge, in memory that the caller gives
 *
 * First the objects that somebody knows are added, then all badges that were seen: those that no
 * object has become objects of their own, whose ids are given out at the end, ascending by badge.
 *
 * On linux a badge alone names nothing there: 'detail' tells objects with one badge apart. An
 * object that was known is meant whatever the detail is.
 */

#ifndef CAPIMG__ENGINE__BADGE_TABLE_H
#define CAPIMG__ENGINE__BADGE_TABLE_H

#include "libimage/core/bytes.h"

namespace Capimg::Engine
{

class Badge_table : Noncopyable
{
	struct Row
	{
		uint64_t badge = 0;
		uint32_t detail = 0; /* 0 of a known object */
		uint32_t id = 0;     /* 0 until it is given out */

		bool same(Row const &o) const { return badge == o.badge && detail == o.detail; }
		bool operator<(Row const &) const;
	};

	/* rows stand at the end, the first one last */
	Bytes const _memory;
	uint32_t const _capacity;
	uint32_t _count = 0, _sorted = 0;
	bool _all_known = false;

	size_t _at(uint32_t i) const { return _memory.size() - (size_t(i) + 1) * ROW_SIZE; }
	Row _row(uint32_t) const;
	void _row(uint32_t, Row const &);
	void _sort();
	bool _find(Row const &, uint32_t &) const;
	bool _has(uint64_t badge, uint32_t detail) const;
	Status _append(Row const &);

  public:
	static constexpr size_t ROW_SIZE = 16;

	/* what tells entries of the map apart that have one badge; never 0 */
	static uint32_t detail(int32_t socket, bool foreign)
	{
		return 1 + (uint32_t(socket + 1) << 1) % (1u << 31) + foreign;
	}

	explicit Badge_table(Bytes memory);

	/* an object, before all badges; of several with one badge the lowest id counts. NO_SPACE */
	Status known(uint64_t badge, uint32_t id);

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
			if (Row const row = _row(i); row.detail) fn(row.id, row.badge);
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
