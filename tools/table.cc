#include "table.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "printable.h"

namespace Capimg
{

static constexpr std::size_t GAP = 2;

/* an elastic column stays at least this wide while others can still give */
static constexpr std::size_t ELASTIC_MIN = 8;

Table::Table(std::vector<Column> columns) : _columns(std::move(columns))
{
	for (Column &column : _columns) column.title = printable(column.title);
}

void Table::row(std::vector<Cell> cells)
{
	if (cells.size() > _columns.size()) throw std::invalid_argument("more cells than columns");
	cells.resize(_columns.size(), Cell(""));
	for (Cell &cell : cells) cell.text = printable(cell.text);
	_rows.push_back(std::move(cells));
}

/*
 * Take 'excess' columns from those of 'widths' that 'may' give, the widest first
 *
 * Returns what could not be taken because all are down to 'least'.
 */
static std::size_t shrink(std::vector<std::size_t> &widths, std::vector<bool> const &may,
						  std::size_t least, std::size_t excess)
{
	for (; excess; excess--) {
		std::size_t widest = widths.size();
		for (std::size_t i = 0; i < widths.size(); i++)
			if (may[i] && widths[i] > least &&
				(widest == widths.size() || widths[i] > widths[widest]))
				widest = i;
		if (widest == widths.size()) break;
		widths[widest]--;
	}
	return excess;
}

std::vector<std::size_t> Table::_widths(unsigned width) const
{
	std::vector<std::size_t> widths;
	std::vector<bool> elastic;
	for (Column const &column : _columns) {
		widths.push_back(columns(column.title));
		elastic.push_back(column.elastic == ELASTIC);
	}
	for (auto const &row : _rows)
		for (std::size_t i = 0; i < row.size(); i++)
			widths[i] = std::max(widths[i], columns(row[i].text));

	if (!width || widths.empty()) return widths;

	/* beyond this a cell is cut in any case; it bounds the work for absurdly long ones */
	for (std::size_t &w : widths) w = std::min(w, std::size_t(width));

	std::size_t const total =
		std::accumulate(widths.begin(), widths.end(), GAP * (widths.size() - 1));
	std::size_t excess = total > width ? total - width : 0;
	excess = shrink(widths, elastic, ELASTIC_MIN, excess);
	shrink(widths, std::vector<bool>(widths.size(), true), 1, excess);
	return widths;
}

std::string Table::text(unsigned width, bool color) const
{
	std::vector<std::size_t> const widths = _widths(width);
	std::string out;

	/* blanks are written only before more text, so that no line ends in them */
	auto line = [&](auto const &cell_at) {
		std::size_t blanks = 0;
		for (std::size_t i = 0; i < _columns.size(); i++) {
			auto const [full, style] = cell_at(i);
			std::string const cell = shortened(full, widths[i]);
			std::size_t const padding = widths[i] - columns(cell);
			bool const right = _columns[i].align == RIGHT;
			if (right) blanks += padding;
			if (!cell.empty()) {
				out.append(blanks, ' ');
				out += color ? styled(style, cell) : cell;
				blanks = 0;
			}
			blanks += GAP + (right ? 0 : padding);
		}
		out += '\n';
	};

	using Text = std::pair<std::string const &, Style>;
	line([&](std::size_t i) { return Text(_columns[i].title, Style::BOLD); });
	for (auto const &row : _rows)
		line([&](std::size_t i) { return Text(row[i].text, row[i].style); });
	return out;
}

}
