#include <iostream>

#include "caps_refs.h"
#include "caps_scan.h"
#include "command.h"
#include "enum_text.h"
#include "libimage/capability_view.h"
#include "parent_options.h"
#include "table.h"

namespace Capimg
{

namespace
{

struct Options
{
	std::string image {};
	Parent_options parents {};
	bool refs = false, scan = false;
	bool json = false;
};

}

static char const *lock_text(Lock_state state)
{
	switch (state) {
	case Lock_state::FREE: return "free";
	case Lock_state::HELD: return "held";
	case Lock_state::UNKNOWN: break;
	}
	return "unknown";
}

static Json entry_json(Capability_view::Entry const &entry, bool sockets)
{
	Json row { { "kcap", entry.kcap ? Json(hex_text(*entry.kcap)) : Json(nullptr) },
			   { "badge", hex_text(entry.badge) },
			   { "slot", entry.slot ? Json(hex_text(*entry.slot)) : Json(nullptr) },
			   { "refCount", entry.ref_count },
			   { "inTree", entry.in_tree },
			   { "stale", entry.stale() },
			   { "object", entry.object ? Json(entry.object) : Json(nullptr) },
			   { "index", entry.index } };
	if (sockets) {
		row["socket"] = entry.socket;
		row["foreign"] = entry.foreign;
	}
	return row;
}

static Json pool_json(Capability_view::Pool const &pool)
{
	Json members = Json::array();
	for (Capability_view::Member const &member : pool.members)
		members.push_back({ { "node", hex_text(member.address) }, { "object", member.object } });
	return { { "tree", hex_text(pool.tree) },
			 { "objects", pool.members.size() },
			 { "members", std::move(members) },
			 { "agree", pool.differences.empty() } };
}

static Json map_json(Capability_view const &view)
{
	if (!view.has_layout()) return nullptr;
	Cap_map const &map = view.map();
	return { { "layout", view.release() },
			 { "array", hex_text(map.array) },
			 { "root", hex_text(map.root) },
			 { "count", map.count },
			 { "stride", map.stride },
			 { "allocatorLock", lock_text(view.locks().allocator) },
			 { "treeLock", lock_text(view.locks().tree) } };
}

static std::vector<std::string> differences(Capability_view const &view)
{
	std::vector<std::string> list;
	for (auto const *differences : { &view.differences(), &view.raw_differences() })
		for (auto const &difference : *differences)
			list.push_back(
				(difference.address ? "at " + hex_text(*difference.address) + ": " : "") +
				difference.text);
	for (auto const &pool : view.pools())
		for (std::string const &text : pool.differences)
			list.push_back("pool " + hex_text(pool.tree) + ": " + text);
	return list;
}

static void print_table(Image const &image, Capability_view const &view, Terminal const &out)
{
	std::vector<Table::Column> columns { { "KCAP", Table::RIGHT },
										 { "BADGE", Table::RIGHT },
										 { "SLOT", Table::RIGHT },
										 { "REFS", Table::RIGHT },
										 { "TREE" },
										 { "STATE" },
										 { "OBJECT", Table::RIGHT },
										 { "KIND" } };
	if (view.has_sockets()) {
		columns[0] = { "INDEX", Table::RIGHT };
		columns.push_back({ "SOCKET", Table::RIGHT });
		columns.push_back({ "FOREIGN" });
	}

	Table table(std::move(columns));
	for (Capability_view::Entry const &entry : view.entries()) {
		std::string const first = view.has_sockets() ? std::to_string(entry.index)
								  : entry.kcap       ? hex_text(*entry.kcap)
													 : "-";
		Style const style = entry.stale() ? Style::WARNING : Style::PLAIN;
		std::vector<Table::Cell> cells { first,
										 hex_text(entry.badge),
										 entry.slot ? hex_text(*entry.slot) : "-",
										 std::to_string(entry.ref_count),
										 entry.in_tree ? "yes" : "-",
										 { state_text(entry.state), style },
										 entry.object ? std::to_string(entry.object) : "-",
										 capability_text(image, entry) };
		if (view.has_sockets()) {
			cells.emplace_back(std::to_string(entry.socket));
			cells.emplace_back(entry.foreign ? "yes" : "-");
		}
		table.row(std::move(cells));
	}
	std::cout << table.text(out);
}

static void print_agreement(Capability_view const &view, Terminal const &out)
{
	if (view.locks().allocator == Lock_state::HELD || view.locks().tree == Lock_state::HELD)
		std::cout << out.style(Style::WARNING,
							   "A lock of the map was held: this is no consistent point.")
				  << "\n";

	if (view.agree()) {
		std::cout << out.style(Style::GOOD, "Manifest and memory agree.") << "\n";
		return;
	}
	std::cout << out.style(Style::BAD, "Manifest and memory do not agree:") << "\n";
	for (std::string const &text : differences(view)) std::cout << "  " << text << "\n";
}

static void print(Image const &image, Capability_view const &view, Terminal const &out)
{
	if (view.entries().empty()) {
		std::cout << "The image has no capabilities"
				  << (image.manifest().getMemorySearched()
						  ? ": memory was searched, no capability map was found.\n"
						  : "; memory was not searched for them.\n");
		return;
	}

	print_table(image, view, out);
	std::cout << "\n" << view.entries().size() << " entries";
	if (!view.has_layout()) {
		std::cout << "; where the component's memory holds its map is not known.\n";
		return;
	}
	std::cout << " of " << view.map().count << " in the map at " << hex_text(view.map().array)
			  << " (" << view.release() << "), tree at " << hex_text(view.map().root) << "\n";

	for (Capability_view::Pool const &pool : view.pools())
		std::cout << "Object_pool at " << hex_text(pool.tree) << ": " << pool.members.size()
				  << " objects\n";
	print_agreement(view, out);
}

static void write_json(Image const &image, Capability_view const &view, Caps_refs const *refs,
					   Capability_scan const *scan)
{
	Json_stream stream("capimg.caps/1");
	Json_writer &writer = stream.writer();
	stream.members({ { "component", image.manifest().getLabel().cStr() },
					 { "map", map_json(view) },
					 { "agree", view.has_layout() ? Json(view.agree()) : Json(nullptr) },
					 { "differences", differences(view) } });

	writer.key("capabilities").begin_array();
	for (Capability_view::Entry const &entry : view.entries()) {
		writer.begin_object();
		stream.members(entry_json(entry, view.has_sockets()));
		if (refs) refs->write_refs(writer, entry.index);
		writer.end_object();
	}
	writer.end_array();

	writer.key("pools").begin_array();
	for (Capability_view::Pool const &pool : view.pools()) writer.value(pool_json(pool));
	writer.end_array();

	if (refs) refs->write_regions(writer);
	if (scan) writer.key("scan").value(scan_json(*scan));
	stream.finish();
}

static void run(Options const &options, Context &context)
{
	Image image(options.image, context.limits.reading);
	options.parents.connect(image);
	auto const spaces = image.manifest().getCapabilitySpaces();
	Address_space const memory(image, spaces.size() ? spaces[0].getPd() : 0);
	Capability_view const view(image, memory);

	std::optional<Capability_scan> scan;
	std::optional<Caps_refs> refs;
	if (options.scan) scan.emplace(image, memory);
	if (options.refs && view.has_layout()) refs.emplace(image, memory, view);

	/* an image without a map has nothing that could contradict */
	bool const contradiction = (view.has_layout() && !view.agree()) || (scan && !scan->agree());
	context.exit_code = contradiction ? FINDINGS : SOUND;

	if (options.json)
		return write_json(image, view, refs ? &*refs : nullptr, scan ? &*scan : nullptr);

	if (refs) {
		refs->print(context.out());
		print_agreement(view, context.out());
	} else {
		print(image, view, context.out());
	}
	if (scan) print_scan(*scan, context.out());
	if (options.refs && !refs)
		warn(context, "where memory holds the capability map is not known: no references");
}

static void add(Arguments app, Context &context)
{
	auto const options = std::make_shared<Options>();

	app.option("IMAGE", options->image, "Image, '-' for standard input")
		.required()
		.type_name("FILE");
	options->parents.add(app);
	app.flag("--refs", options->refs, "Show where in memory each capability is held");
	app.flag("--scan", options->scan,
			 "Search memory for map and Object_pools, and compare with what is declared");
	app.flag("--json", options->json, "JSON");

	app.callback([options, &context] { run(*options, context); });
}

Command const command_caps { "caps", "List capabilities, and whether manifest and memory agree",
							 "capimg caps component.img\n"
							 "capimg caps component.img --refs   where each one is held",
							 add };

}
