#include "caps_scan.h"

#include <iostream>

namespace Capimg
{

namespace
{

using Map_result = Capability_scan::Map_result;

struct Sentence
{
	Map_result result;
	char const *text; /* follows the address of the map, or stands alone */
};

constexpr Sentence SENTENCES[] {
	{ Map_result::NONE, "no capability map was found, and none is declared" },
	{ Map_result::SAME, "found where the manifest says, in the same form" },
	{ Map_result::PLACE_ONLY,
	  "is where the manifest says; too small to be found without its address" },
	{ Map_result::LOST, "is declared, and was not found" },
	{ Map_result::OTHER, "found, not as the manifest declares it" },
	{ Map_result::UNDECLARED, "found, and not declared" },
	{ Map_result::AMBIGUOUS, "is one of several places that could be the map" },
};

char const *sentence(Map_result result)
{
	for (Sentence const &row : SENTENCES)
		if (row.result == result) return row.text;
	return "";
}

std::vector<std::string> texts(Capability_scan const &scan)
{
	std::vector<std::string> list;
	for (auto const &difference : scan.differences())
		list.push_back((difference.address ? "at " + hex_text(*difference.address) + ": " : "") +
					   difference.text);
	return list;
}

Json address_json(std::optional<std::uint64_t> address)
{
	return address ? Json(hex_text(*address)) : Json(nullptr);
}

Json pool_json(Capability_scan::Pool const &pool)
{
	Json nodes = Json::array();
	for (Pool_object const &node : pool.nodes)
		nodes.push_back({ { "node", hex_text(node.node) },
						  { "index", node.index },
						  { "badge", hex_text(node.badge) } });
	return { { "tree", hex_text(pool.tree) },
			 { "declared", pool.declared },
			 { "found", pool.found },
			 { "nodes", std::move(nodes) } };
}

void print_parent(Capability_scan const &scan)
{
	auto const found = scan.parent_found(), declared = scan.parent_declared();
	if (!found && !declared) return;

	std::cout << "raw badge of the parent";
	if (found) std::cout << " at " << hex_text(*found) << ": found";
	if (declared && found != declared) std::cout << "; declared at " << hex_text(*declared);
	if (!declared) std::cout << ", not declared";
	std::cout << "\n";
}

}

void print_scan(Capability_scan const &scan, Terminal const &out)
{
	std::cout << "\nSearch of memory:\n";
	auto const &map = scan.found() ? scan.found() : scan.declared();
	if (map) std::cout << "map at " << hex_text(map->array) << " ";
	if (scan.found() && !scan.layouts().empty()) std::cout << "(" << scan.layouts() << ") ";
	std::cout << sentence(scan.map_result()) << "\n";

	for (Capability_scan::Pool const &pool : scan.pools()) {
		std::cout << "Object_pool at " << hex_text(pool.tree) << ": ";
		if (pool.found) std::cout << pool.nodes.size() << " objects found";
		if (!pool.found) std::cout << "not found";
		std::cout << (pool.declared ? "" : ", not declared") << "\n";
	}
	print_parent(scan);

	if (scan.exhausted())
		std::cout << out.style(Style::WARNING, "The search gave up on candidates that cost too "
											   "much work.")
				  << "\n";
	if (scan.agree()) {
		std::cout << out.style(Style::GOOD, "Manifest and search agree.") << "\n";
		return;
	}
	std::cout << out.style(Style::BAD, "Manifest and search do not agree:") << "\n";
	for (std::string const &text : texts(scan)) std::cout << "  " << text << "\n";
}

Json scan_json(Capability_scan const &scan)
{
	auto const array = [](std::optional<Cap_map> const &map) {
		return map ? address_json(map->array) : Json(nullptr);
	};
	Json pools = Json::array();
	for (Capability_scan::Pool const &pool : scan.pools()) pools.push_back(pool_json(pool));

	return { { "agree", scan.agree() },
			 { "map",
			   { { "result", map_result_name(scan.map_result()) },
				 { "found", array(scan.found()) },
				 { "declared", array(scan.declared()) },
				 { "layout", scan.layouts() } } },
			 { "pools", std::move(pools) },
			 { "parentBadge",
			   { { "found", address_json(scan.parent_found()) },
				 { "declared", address_json(scan.parent_declared()) } } },
			 { "exhausted", scan.exhausted() },
			 { "differences", texts(scan) } };
}

}
