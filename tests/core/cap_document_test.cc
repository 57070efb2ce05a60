/*
 * The table of layouts in docs/CAPABILITY-MAPS.md is the one in cap_layout.cc
 */

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "libimage/core/cap_layout.h"

using namespace Capimg;

namespace
{

std::string hex(uint64_t value)
{
	std::ostringstream text;
	text << "0x" << std::hex << value;
	return text.str();
}

std::string offset(uint32_t value) { return value == CAP_NO_OFFSET ? "" : std::to_string(value); }

char const *placement(Cap_placement placement)
{
	switch (placement) {
	case Cap_placement::ALLOCATOR: return "allocator";
	case Cap_placement::BIT_TABLE: return "bit table";
	case Cap_placement::TABLE: return "table";
	}
	return "";
}

/* cells of a row, in the order of the document's columns */
std::string row(Cap_layout const &l)
{
	bool const selectors = l.selector_shift != CAP_NO_SELECTOR;
	std::string const cells[] {
		cap_kernel_name(l.kernel),
		l.genode,
		std::to_string(8 * l.word_bytes),
		l.structure == Cap_structure::TREE ? "tree" : "list",
		std::to_string(l.stride),
		std::to_string(l.node_offset),
		std::to_string(l.ref_offset),
		std::to_string(l.id_offset) + ", " + std::to_string(l.id_width),
		l.dst_width ? std::to_string(l.dst_offset) : "",
		offset(l.foreign_offset),
		placement(l.placement),
		std::to_string(l.default_count),
		!selectors         ? ""
		: l.selector_shift ? "index << " + std::to_string(l.selector_shift)
						   : "index",
		hex(l.invalid_id),
		hex(l.max_badge),
		std::to_string(l.badge_step),
	};
	std::string text = "|";
	for (std::string const &cell : cells) text += " " + cell + (cell.empty() ? "|" : " |");
	return text;
}

}

TEST(Cap_document, Table_of_layouts)
{
	std::string expected;
	for (Cap_layout const &layout : cap_layouts()) expected += row(layout) + "\n";

	std::ifstream file(std::string(CAPIMG_SOURCE_DIR) + "/docs/CAPABILITY-MAPS.md");
	std::stringstream text;
	text << file.rdbuf();
	EXPECT_NE(text.str().find(expected), std::string::npos) << "the table should be:\n" << expected;
}
