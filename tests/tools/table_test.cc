#include "tools/table.h"

#include <sstream>
#include <stdexcept>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tools/printable.h"

using namespace Capimg;

static std::vector<std::string> lines(std::string const &text)
{
	std::vector<std::string> out;
	std::istringstream in(text);
	for (std::string line; std::getline(in, line);) out.push_back(line);
	return out;
}

static Table objects()
{
	Table table({ { "ID", Table::RIGHT }, { "KIND" }, { "LABEL", Table::LEFT, Table::ELASTIC } });
	table.row({ "1", "pd_session", "init -> server" });
	table.row({ "12", "thread", "init -> server -> entrypoint of the root component" });
	return table;
}

TEST(Table, aligns_without_limit)
{
	EXPECT_EQ(objects().text(0, false),
			  "ID  KIND        LABEL\n"
			  " 1  pd_session  init -> server\n"
			  "12  thread      init -> server -> entrypoint of the root component\n");
}

TEST(Table, shortens_elastic_columns_first)
{
	EXPECT_EQ(objects().text(40, false), "ID  KIND        LABEL\n"
										 " 1  pd_session  init -> server\n"
										 "12  thread      init -> server -> entry\u2026\n");
}

TEST(Table, shortens_the_others_only_then)
{
	EXPECT_EQ(objects().text(20, false), "ID  KIND     LABEL\n"
										 " 1  pd_ses\u2026  init -\u2026\n"
										 "12  thread   init -\u2026\n");
}

TEST(Table, colors_do_not_change_the_alignment)
{
	Table table({ { "CHECK" }, { "RESULT" }, { "N", Table::RIGHT } });
	table.row({ "head", { "sound", Style::GOOD }, "1" });
	table.row({ "trailer", { "damaged", Style::BAD }, "10" });
	EXPECT_EQ(table.text(0, true),
			  "\033[1mCHECK\033[0m    \033[1mRESULT\033[0m    \033[1mN\033[0m\n"
			  "head     \033[32msound\033[0m     1\n"
			  "trailer  \033[1;31mdamaged\033[0m  10\n");
}

TEST(Table, empty_cells_leave_no_blanks_behind)
{
	Table table({ { "A" }, { "B", Table::RIGHT }, { "C" } });
	table.row({ "1", "", "3" });
	table.row({ "1" });
	table.row({ "", "22", "" });
	EXPECT_EQ(table.text(0, false), "A   B  C\n1      3\n1\n   22\n");
}

TEST(Table, text_of_an_image_cannot_act)
{
	Table table({ { "LABEL" }, { "N" } });
	table.row({ "a\033[31m\n", "1" });
	EXPECT_EQ(table.text(0, false), "LABEL          N\na\\x1b[31m\\x0a  1\n");
}

TEST(Table, too_many_cells)
{
	Table table({ { "A" } });
	EXPECT_THROW(table.row({ "1", "2" }), std::invalid_argument);
	EXPECT_TRUE(table.empty());
}

TEST(Table, fits_any_width)
{
	bool const holds = rc::check("no line is wider than the limit", [] {
		auto const count = *rc::gen::inRange<std::size_t>(1, 6);
		std::vector<Table::Column> header;
		for (std::size_t i = 0; i < count; i++)
			header.push_back({ *rc::gen::container<std::string>(rc::gen::inRange('a', 'z')),
							   *rc::gen::element(Table::LEFT, Table::RIGHT),
							   *rc::gen::element(Table::RIGID, Table::ELASTIC) });
		Table table(header);
		auto const rows = *rc::gen::inRange(0, 5);
		for (int i = 0; i < rows; i++) {
			std::vector<Table::Cell> cells;
			for (std::size_t c = 0; c < count; c++)
				cells.emplace_back(*rc::gen::container<std::string>(rc::gen::arbitrary<char>()));
			table.row(cells);
		}
		/* below one column each and the gaps, nothing can fit */
		auto const width = *rc::gen::inRange<unsigned>(unsigned(3 * count), 100u);
		auto const text = lines(table.text(width, false));
		RC_ASSERT(text.size() == std::size_t(rows) + 1);
		for (std::string const &line : text) RC_ASSERT(columns(line) <= width);
	});
	EXPECT_TRUE(holds);
}
