/*
 * Tables of text, aligned in columns
 *
 * A table fits the width it is given: columns marked as elastic are shortened first, the widest
 * ones most, then the others; a shortened cell ends in an ellipsis, so that nobody takes a part of
 * an address for the whole. Without a limit (not a terminal) nothing is shortened. Cells are made
 * printable (printable.h): text from an image may go in as it is.
 */

#ifndef CAPIMG__TOOLS__TABLE_H
#define CAPIMG__TOOLS__TABLE_H

#include <string>
#include <utility>
#include <vector>

#include "terminal.h"

namespace Capimg
{

class Table
{
  public:
	enum Align { LEFT, RIGHT };
	enum Elastic { RIGID, ELASTIC };

	struct Column
	{
		std::string title;
		Align align = LEFT;
		Elastic elastic = RIGID;
	};

	struct Cell
	{
		std::string text;
		Style style = Style::PLAIN;

		Cell(std::string text, Style style = Style::PLAIN) : text(std::move(text)), style(style) {}
		Cell(char const *text, Style style = Style::PLAIN) : text(text), style(style) {}
	};

	explicit Table(std::vector<Column> columns);

	/* cells that are missing are empty; throws std::invalid_argument if there are too many */
	void row(std::vector<Cell> cells);

	bool empty() const { return _rows.empty(); }

	/*
	 * The table with its header row, each line ending in a newline, without trailing blanks
	 *
	 * width  columns to fit into, 0: no limit; color: with escape sequences
	 */
	std::string text(unsigned width, bool color) const;

	std::string text(Terminal const &out) const { return text(out.width(), out.color()); }

  private:
	std::vector<Column> _columns;
	std::vector<std::vector<Cell>> _rows {};

	std::vector<std::size_t> _widths(unsigned width) const;
};

}

#endif /* CAPIMG__TOOLS__TABLE_H */
