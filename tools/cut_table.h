/*
 * A table of which people see the beginning, unless they ask for all of it
 */

#ifndef CAPIMG__TOOLS__CUT_TABLE_H
#define CAPIMG__TOOLS__CUT_TABLE_H

#include <iostream>

#include "table.h"

namespace Capimg
{

class Cut_table
{
	static constexpr std::size_t MOST = 20;

	Table _table;
	std::size_t _rows = 0;
	bool const _all;

  public:
	Cut_table(std::vector<Table::Column> columns, bool all) : _table(std::move(columns)), _all(all)
	{}

	/* 'cells' is called only for a row that is shown */
	template <typename FN>
	void row(FN const &cells)
	{
		if (_all || _rows < MOST) _table.row(cells());
		_rows++;
	}

	/* nothing if there are no rows */
	void print(std::string const &title, Terminal const &out) const
	{
		if (!_rows) return;
		std::cout << "\n" << out.style(Style::BOLD, title) << " (" << _rows << ")\n";
		std::cout << _table.text(out);
		if (!_all && _rows > MOST)
			std::cout << "… and " << _rows - MOST << " more: --all shows them\n";
	}
};

}

#endif /* CAPIMG__TOOLS__CUT_TABLE_H */
