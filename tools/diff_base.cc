#include <array>
#include <iostream>

#include "cut_table.h"
#include "diff_report.h"
#include "json_stream.h"
#include "printable.h"

namespace Capimg
{

using By = Diff_three_way::By;

static char const *by_text(By by)
{
	static constexpr std::array WORDS { "a", "b", "both" };
	return WORDS[std::size_t(by)];
}

/* ---- for programs ---- */

static void write_image(Json_writer &json, char const *key, Image const &image)
{
	json.key(key).value(
		{ { "image", image.path() },
		  { "component", image.manifest().getLabel().cStr() },
		  { "state", bytes_text(std::as_bytes(std::span(image.trailer().state.bytes))) } });
}

static void write_changes(Json_writer &json, Diff_three_way const &diff)
{
	json.key("changes").begin_array();
	for (auto const &[key, change] : diff.changes())
		json.value({ { "kind", change.kind },
					 { "object",
					   change.id ? Json { { "id", change.id }, { "name", change.name } } : Json() },
					 { "place", change.id ? Json() : Json(change.name) },
					 { "by", by_text(change.by) },
					 { "conflict", change.conflict },
					 { "change", change.change },
					 { "field", change.field.empty() ? Json() : Json(change.field) },
					 { "base", change.base },
					 { "a", change.a },
					 { "b", change.b } });
	json.end_array();
}

static void write_memory(Json_writer &json, Diff_three_way const &diff)
{
	Diff const &base = diff.base_to_a();
	json.key("memory").begin_array();
	for (Diff_three_way::Dataspace const &dataspace : diff.memory()) {
		json.begin_object();
		json.key("dataspace").number(base.a().object(dataspace.base).id());
		json.key("name").text(base.names_a().name(dataspace.base));
		json.key("ranges").begin_array();
		diff.for_each_range(dataspace, [&](Diff_three_way::Range const &range) {
			json.begin_object();
			json.key("offset").hex(range.offset);
			json.key("size").hex(range.size);
			json.key("address");
			range.address ? json.hex(*range.address) : json.null();
			json.key("pages").number(range.pages);
			json.key("by").text(by_text(range.by));
			json.key("conflict").boolean(range.conflict);
			json.end_object();
		});
		json.end_array();
		json.end_object();
	}
	json.end_array();
}

void print_diff_base_json(Diff_three_way const &diff)
{
	Diff const &to_a = diff.base_to_a(), &to_b = diff.base_to_b();
	Json_stream stream("capimg.diff-base/1");
	Json_writer &json = stream.writer();
	json.key("equal").boolean(diff.equal());
	json.key("conflicts").number(diff.conflicts());
	write_image(json, "base", to_a.a().image());
	write_image(json, "a", to_a.b().image());
	write_image(json, "b", to_b.b().image());
	json.key("basisA").value(basis_json(to_a.basis()));
	json.key("basisB").value(basis_json(to_b.basis()));
	json.key("pageSize").hex(to_a.page_size());
	write_changes(json, diff);
	write_memory(json, diff);
	stream.finish();
}

/* ---- for people ---- */

static void print_changes(Diff_three_way const &diff, bool conflicts, bool all, Terminal const &out)
{
	Cut_table table({ { "BY" },
					  { "OBJECT", Table::LEFT, Table::ELASTIC },
					  { "FIELD", Table::LEFT, Table::ELASTIC },
					  { "BASE", Table::LEFT, Table::ELASTIC },
					  { "A", Table::LEFT, Table::ELASTIC },
					  { "B", Table::LEFT, Table::ELASTIC } },
					all);
	for (auto const &[key, change] : diff.changes()) {
		if (change.conflict != conflicts) continue;
		table.row([&change = change]() -> std::vector<Table::Cell> {
			bool const field = change.change == "changed", came = change.change == "came";
			auto const side = [&](By other, Json const &value) -> std::string {
				if (change.by == other) return "=";
				return field ? value_text(value) : came ? "there" : "-";
			};
			return {
				by_text(change.by),        change.name,
				field ? change.field : "", field ? value_text(change.base) : came ? "-" : "there",
				side(By::B, change.a),     side(By::A, change.b)
			};
		});
	}
	table.print(conflicts ? "Conflicts" : "Changed by one side, or by both alike", out);
}

static void print_memory(Diff_three_way const &diff, bool all, Terminal const &out)
{
	Cut_table table({ { "BY" },
					  { "ADDRESS", Table::RIGHT },
					  { "SIZE", Table::RIGHT },
					  { "PAGES", Table::RIGHT },
					  { "NOTE" },
					  { "DATASPACE", Table::LEFT, Table::ELASTIC } },
					all);
	for (Diff_three_way::Dataspace const &dataspace : diff.memory())
		diff.for_each_range(dataspace, [&](Diff_three_way::Range const &range) {
			table.row([&]() -> std::vector<Table::Cell> {
				char const *const note = range.conflict         ? "differently"
										 : range.by == By::BOTH ? "alike"
																: "";
				return { by_text(range.by),
						 range.address ? hex_text(*range.address) : "-",
						 hex_text(range.size),
						 std::to_string(range.pages),
						 { note, range.conflict ? Style::BAD : Style::PLAIN },
						 diff.base_to_a().names_a().name(dataspace.base) };
			});
		});
	table.print("Memory", out);
}

void print_diff_base(Diff_three_way const &diff, Diff_output const &output, Terminal const &out)
{
	for (Diff const *side : { &diff.base_to_a(), &diff.base_to_b() }) {
		std::cout << "Base and " << printable(side->b().image().path()) << ": ";
		print_basis(side->basis(), out);
	}
	print_changes(diff, true, output.all, out);
	print_changes(diff, false, output.all, out);
	print_memory(diff, output.all, out);

	std::cout << "\n";
	if (diff.equal())
		std::cout << out.style(Style::GOOD, "Neither changed anything.") << "\n";
	else
		std::cout << diff.changes().size() << " differences, memory in " << diff.memory().size()
				  << " dataspaces; " << diff.conflicts() << " in conflict.\n";
}

}
