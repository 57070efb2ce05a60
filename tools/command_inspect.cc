#include <algorithm>
#include <charconv>
#include <iostream>

#include "command.h"
#include "libimage/inspect.h"
#include "printable.h"
#include "progress.h"
#include "table.h"

namespace Capimg
{

namespace
{

struct Options
{
	std::string image {};
	std::vector<std::string> parts {};
	bool json = false;
};

}

static std::uint64_t from_hex(Json const &value)
{
	std::string const text = value.get<std::string>();
	std::uint64_t number = 0;
	std::from_chars(text.data() + 2, text.data() + text.size(), number, 16);
	return number;
}

static std::string size_text(Json const &value) { return human_size(from_hex(value)); }

static std::string cell_text(Json const &value, Inspect_part::Form form)
{
	if (value.is_null()) return "-";
	if (form == Inspect_part::Form::SIZE) return size_text(value);
	if (value.is_string()) return value.get<std::string>();
	if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
	return value.dump();
}

static void print_part(Inspect_part const &part, Json const &rows, Terminal const &out)
{
	std::vector<Table::Column> columns;
	for (Inspect_part::Column const &column : part.columns)
		columns.push_back({ column.title,
							column.form == Inspect_part::Form::TEXT ? Table::LEFT : Table::RIGHT,
							column.elastic ? Table::ELASTIC : Table::RIGID });

	Table table(std::move(columns));
	for (Json const &row : rows) {
		std::vector<Table::Cell> cells;
		for (Inspect_part::Column const &column : part.columns)
			cells.emplace_back(cell_text(row.value(column.key, Json()), column.form));
		table.row(std::move(cells));
	}
	std::cout << table.text(out);
}

static void line(Terminal const &out, std::string const &name, std::string const &value)
{
	std::string padded = name;
	padded.resize(14, ' ');
	std::cout << out.style(Style::BOLD, padded) << printable(value) << "\n";
}

static std::string counted(Json const &count, char const *what)
{
	return count == 0 ? std::string() : ", " + count.dump() + " " + what;
}

static std::string memory_line(Json const &memory)
{
	return size_text(memory["size"]) + " in " + memory["dataspaces"].dump() + " dataspaces; " +
		   memory["blocks"].dump() + " blocks: " + memory["blocksStored"].dump() + " stored (" +
		   size_text(memory["bytesStored"]) + ")" + counted(memory["blocksZero"], "zero") +
		   counted(memory["blocksSame"], "repeated") +
		   counted(memory["blocksInherited"], "inherited") +
		   counted(memory["blocksAbsent"], "absent");
}

static std::string capability_line(Json const &caps, bool searched)
{
	if (caps["entries"] == 0)
		return searched ? "none found" : "none; memory was not searched for them";

	std::string const layout = caps["layout"].is_string() ? caps["layout"].get<std::string>()
														  : std::string("no map in memory known");
	return caps["entries"].dump() + " entries (" + layout + "), " + caps["inTree"].dump() +
		   " in the tree" + counted(caps["stale"], "stale") + counted(caps["empty"], "empty") +
		   "; " + caps["pools"].dump() + " Object_pools with " + caps["poolObjects"].dump() +
		   " objects";
}

static void print_summary(Json const &summary, Terminal const &out)
{
	Json const &profile = summary["profile"];
	std::string const release = summary["genodeVersion"].get<std::string>();

	line(out, "component", summary["component"].get<std::string>());
	line(out, "machine",
		 summary["architecture"].get<std::string>() + ", kernel " +
			 cell_text(summary["kernel"], Inspect_part::Form::TEXT) +
			 (release.empty() ? "" : ", Genode " + release));
	line(out, "format",
		 summary["format"].get<std::string>() + ", " + size_text(summary["fileSize"]) +
			 ", written by " + summary["writer"].get<std::string>());
	line(out, "storage",
		 profile["codec"].get<std::string>() + ", blocks of " + size_text(profile["blockSize"]));
	line(out, "state", summary["stateDigest"].get<std::string>());
	if (Json const &signature = summary["signature"]; !signature.is_null())
		line(out, "signed",
			 "by key " + signature["key"].get<std::string>().substr(0, 16) + "…, counter " +
				 signature["counter"].get<std::string>() + "; unchecked, see 'capimg verify'");
	if (!summary["parent"].is_null())
		line(out, "parent", summary["parent"]["stateDigest"].get<std::string>());
	line(out, "memory", memory_line(summary["memory"]));
	line(out, "capabilities",
		 capability_line(summary["capabilityMap"], summary["memorySearched"].get<bool>()));

	std::string objects;
	for (auto const &[kind, count] : summary["objectCounts"].items())
		objects += (objects.empty() ? "" : ", ") + count.dump() + " " + kind;
	line(out, "objects", objects);
}

static bool wanted(Options const &options, Inspect_part const &part)
{
	return options.parts.empty() ||
		   std::ranges::find(options.parts, part.name) != options.parts.end();
}

static void run(Options const &options, Context const &context)
{
	Image const image(options.image, context.limits.reading);

	if (options.json) {
		Json document = options.parts.empty() ? inspect_summary(image) : Json::object();
		for (Inspect_part const &part : inspect_parts())
			if (wanted(options, part)) document[part.name] = part.rows(image);
		return print_json("capimg.inspect/1", document);
	}

	Terminal const out = context.out();
	if (options.parts.empty()) return print_summary(inspect_summary(image), out);

	bool first = true;
	for (Inspect_part const &part : inspect_parts()) {
		if (!wanted(options, part)) continue;
		if (options.parts.size() > 1)
			std::cout << (first ? "" : "\n") << out.style(Style::BOLD, part.title) << "\n";
		first = false;
		print_part(part, part.rows(image), out);
	}
}

static void add(Arguments app, Context &context)
{
	auto const options = std::make_shared<Options>();
	std::vector<std::string> names;
	for (Inspect_part const &part : inspect_parts()) names.push_back(part.name);

	app.option("IMAGE", options->image, "Image, '-' for standard input")
		.required()
		.type_name("FILE");
	app.option("PART", options->parts, "What to list; without it, a summary")
		.transform([](std::string const &part) {
			return part == "caps" ? std::string("capabilities") : part;
		})
		.one_of(names)
		.type_name("PART");
	app.flag("--json", options->json, "JSON, all parts unless some are named");

	app.callback([options, &context] { run(*options, context); });
}

Command const command_inspect { "inspect", "Show what is in an image",
								"capimg inspect component.img\n"
								"capimg inspect component.img threads regions",
								add };

}
