#include <array>
#include <iostream>

#include "cut_table.h"
#include "diff_report.h"
#include "libimage/diff_bytes.h"
#include "printable.h"

namespace Capimg
{

char const *page_state_text(Page_state state)
{
	static constexpr std::array WORDS { "same", "otherReason", "lost", "captured", "changed" };
	return WORDS[std::size_t(state)];
}

/* nothing to say: not set, or the default */
static bool says_nothing(Json const &value)
{
	if (value.is_string()) {
		std::string const &text = value.get_ref<std::string const &>();
		return text.empty() || text == "0" || text == "0x0";
	}
	return value.is_null() || value == 0 || value == false;
}

std::string value_text(Json const &value)
{
	if (value.is_null()) return "-";
	if (value.is_string()) return value.get<std::string>();
	if (value.is_object() && value.contains("name") && value.contains("id") && value.size() == 2)
		return value["name"].get<std::string>();
	if (value.is_object() && value.contains("pool") && value.contains("node"))
		return "Object_pool " + value["pool"].get<std::string>() + " node " +
			   value["node"].get<std::string>();
	if (value.is_object()) {
		std::string text;
		for (auto const &[key, member] : value.items())
			if (!says_nothing(member))
				text += (text.empty() ? "" : " ") + key +
						(member == true ? "" : "=" + value_text(member));
		return text.empty() ? "there" : text;
	}
	return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void print_basis(Diff_basis const &basis, Terminal const &out)
{
	std::cout << "Objects are matched "
			  << std::array { "by id", "by badge", "by role" }[std::size_t(basis.match_by)] << ": "
			  << basis.why << ".\n";
	if (!basis.sure())
		std::cout << out.style(Style::WARNING, "That is an assumption;")
				  << " --same-boot or --other-boot decide.\n";
}

namespace
{

std::string count_text(std::uint64_t count, char const *one, char const *many)
{
	return std::to_string(count) + " " + (count == 1 ? one : many);
}

class Diff_printer
{
	Diff const &_diff;
	Diff_output const &_output;
	Terminal const &_out;

	std::string _kcap(Diff_side const &, std::uint32_t at) const;
	std::string _badge(Diff_side const &side, std::uint32_t at) const
	{
		return hex_text(side.object(at).badge());
	}
	std::string _name(std::uint32_t a, std::uint32_t b) const
	{
		return b == Diff::NONE ? _diff.names_a().name(a) : _diff.names_b().name(b);
	}

	void _basis() const;
	void _held(char const *title, Diff_side const &, Object_names const &,
			   std::vector<std::uint32_t> const &, Style) const;
	void _slots(char const *title, std::vector<Diff::Slot> const &) const;
	void _reused_badges() const;
	void _badges() const;
	void _objects() const;
	void _fields() const;
	void _memory() const;
	void _bytes() const;
	void _unsure() const;
	void _summary() const;

  public:
	Diff_printer(Diff const &diff, Diff_output const &output, Terminal const &out)
		: _diff(diff), _output(output), _out(out)
	{}

	void print() const;
};

std::string Diff_printer::_kcap(Diff_side const &side, std::uint32_t at) const
{
	Diff_side::Place const &place = side.place(at);
	if (!place.held()) return "-";
	auto const kcap = side.kcap(place.space, side.entry(place));
	return kcap ? hex_text(*kcap) : std::to_string(side.entry(place).index());
}

void Diff_printer::_basis() const
{
	std::string const label_a = _diff.a().image().manifest().getLabel().cStr();
	std::string const label_b = _diff.b().image().manifest().getLabel().cStr();

	if (label_a != label_b)
		std::cout << _out.style(Style::WARNING, "Two components: ") << printable(label_a) << " and "
				  << printable(label_b) << "\n";
	print_basis(_diff.basis(), _out);
	for (Diff_side const *side : { &_diff.a(), &_diff.b() })
		if (!side->blind().empty())
			std::cout << "Variables were not asked: " << printable(side->blind()) << "\n";
}

void Diff_printer::_held(char const *title, Diff_side const &side, Object_names const &names,
						 std::vector<std::uint32_t> const &objects, Style style) const
{
	Cut_table table({ { "KCAP", Table::RIGHT },
					  { "BADGE", Table::RIGHT },
					  { "OBJECT", Table::LEFT, Table::ELASTIC } },
					_output.all);
	for (std::uint32_t const at : objects)
		table.row([&]() -> std::vector<Table::Cell> {
			return { _kcap(side, at), _badge(side, at), { names.name(at), style } };
		});
	table.print(title, _out);
}

void Diff_printer::_slots(char const *title, std::vector<Diff::Slot> const &slots) const
{
	Cut_table table({ { "KCAP", Table::RIGHT },
					  { "BADGE", Table::RIGHT },
					  { "WAS", Table::LEFT, Table::ELASTIC },
					  { "KCAP", Table::RIGHT },
					  { "BADGE", Table::RIGHT },
					  { "IS", Table::LEFT, Table::ELASTIC } },
					_output.all);
	for (Diff::Slot const &slot : slots)
		table.row([&]() -> std::vector<Table::Cell> {
			return { _kcap(_diff.a(), slot.a),     _badge(_diff.a(), slot.a),
					 _diff.names_a().name(slot.a), _kcap(_diff.b(), slot.b),
					 _badge(_diff.b(), slot.b),    _diff.names_b().name(slot.b) };
		});
	table.print(title, _out);
}

void Diff_printer::_reused_badges() const
{
	Cut_table table({ { "BADGE", Table::RIGHT },
					  { "WAS", Table::LEFT, Table::ELASTIC },
					  { "IS", Table::LEFT, Table::ELASTIC },
					  { "SURE" } },
					_output.all);
	for (Object_match::Reuse const &reuse : _diff.match().reused_badges())
		table.row([&]() -> std::vector<Table::Cell> {
			return { _badge(_diff.a(), reuse.a), _diff.names_a().name(reuse.a),
					 _diff.names_b().name(reuse.b), reuse.sure ? "yes" : "no" };
		});
	table.print("Badges used again for another object", _out);
}

void Diff_printer::_badges() const
{
	if (!_diff.new_badges()) return;
	if (_diff.same_objects_new_badges())
		std::cout << "\n" << _out.style(Style::BOLD, "Same objects, new badges");
	else
		std::cout << "\n" << _out.style(Style::BOLD, "New badges");
	std::cout << ": of " << _diff.new_badges() << " of "
			  << count_text(_diff.match().pairs(), "object", "objects") << " in both images"
			  << (_output.by_badge ? "" : "; --by-badge lists them") << "\n";
	if (!_output.by_badge) return;

	Cut_table table({ { "OLD", Table::RIGHT },
					  { "NEW", Table::RIGHT },
					  { "KCAP", Table::RIGHT },
					  { "OBJECT", Table::LEFT, Table::ELASTIC } },
					_output.all);
	for (std::uint32_t i = 0; i < _diff.a().size(); i++) {
		std::uint32_t const b = _diff.match().in_b(i);
		if (b == Diff::NONE || _diff.a().object(i).badge() == _diff.b().object(b).badge()) continue;
		table.row([&]() -> std::vector<Table::Cell> {
			return { _badge(_diff.a(), i), _badge(_diff.b(), b), _kcap(_diff.b(), b),
					 _diff.names_b().name(b) };
		});
	}
	table.print("New badges", _out);
}

/* gone and came, but for capabilities that are lost and gained with them */
void Diff_printer::_objects() const
{
	Cut_table gone({ { "ID", Table::RIGHT }, { "BADGE", Table::RIGHT }, { "OBJECT" } },
				   _output.all);
	Cut_table came({ { "ID", Table::RIGHT }, { "BADGE", Table::RIGHT }, { "OBJECT" } },
				   _output.all);

	auto const add = [&](Cut_table &table, Diff_side const &side, Object_names const &names,
						 std::uint32_t at) {
		if (side.place(at).held()) return;
		table.row([&]() -> std::vector<Table::Cell> {
			return { std::to_string(side.object(at).id()), _badge(side, at), names.name(at) };
		});
	};
	for (std::uint32_t i = 0; i < _diff.a().size(); i++)
		if (_diff.match().in_b(i) == Diff::NONE) add(gone, _diff.a(), _diff.names_a(), i);
	for (std::uint32_t i = 0; i < _diff.b().size(); i++)
		if (_diff.match().in_a(i) == Diff::NONE) add(came, _diff.b(), _diff.names_b(), i);
	gone.print("Objects gone, not held before", _out);
	came.print("Objects new, not held", _out);
}

void Diff_printer::_fields() const
{
	Cut_table table({ { "OBJECT", Table::LEFT, Table::ELASTIC },
					  { "FIELD", Table::LEFT, Table::ELASTIC },
					  { "OLD", Table::LEFT, Table::ELASTIC },
					  { "NEW", Table::LEFT, Table::ELASTIC } },
					_output.all);

	_diff.for_each_change([&](Diff_change const &change) {
		bool const object = change.place.empty();
		bool const field = change.what == Diff_change::What::CHANGED;
		if (object && !field) return;
		table.row([&]() -> std::vector<Table::Cell> {
			std::string const name = object ? _name(change.a, change.b) : change.place;
			if (!field)
				return { name, "", change.what == Diff_change::What::GONE ? "there" : "-",
						 change.what == Diff_change::What::GONE ? "-" : "there" };
			return { name, change.field.path, value_text(change.field.old_value),
					 value_text(change.field.new_value) };
		});
	});
	table.print("Changed", _out);
}

void Diff_printer::_memory() const
{
	Cut_table table({ { "ADDRESS", Table::RIGHT },
					  { "SIZE", Table::RIGHT },
					  { "PAGES", Table::RIGHT },
					  { "OFFSET", Table::RIGHT },
					  { "CHANGE" },
					  { "DATASPACE", Table::LEFT, Table::ELASTIC } },
					_output.all);
	for (Diff::Dataspace const &dataspace : _diff.memory())
		_diff.for_each_range(dataspace, [&](Diff::Range const &range) {
			table.row([&]() -> std::vector<Table::Cell> {
				return { range.address ? hex_text(*range.address) : "-",
						 hex_text(range.size),
						 std::to_string(range.pages),
						 hex_text(range.offset),
						 page_state_text(range.state),
						 _name(dataspace.a, dataspace.b) };
			});
		});
	table.print("Memory", _out);
}

static std::string
characters(std::array<std::optional<std::uint8_t>, Diff_bytes::MOST> const &bytes, std::size_t size)
{
	std::string text;
	for (std::size_t i = 0; i < size; i++)
		text += bytes[i] && *bytes[i] >= 0x20 && *bytes[i] < 0x7f ? char(*bytes[i]) : '.';
	return text;
}

/* what was asked for with --pages and --bytes, each line as it is found */
void Diff_printer::_bytes() const
{
	auto const print = [&](Diff_bytes const &bytes) {
		std::string const place = hex_text(bytes.address.value_or(bytes.offset));
		std::string const blanks(place.size(), ' ');
		auto const line = [&](auto const &side) {
			return bytes_text(side, bytes.size, true) + "  |" + characters(side, bytes.size) + "|";
		};
		std::cout << place << " - " << _out.style(Style::BAD, line(bytes.a)) << "\n"
				  << blanks << " + " << _out.style(Style::GOOD, line(bytes.b)) << "\n";
	};
	for (Diff::Dataspace const &dataspace : _diff.memory()) {
		if (!dataspace.pages.count(Page_state::CHANGED)) continue;
		std::cout << "\n"
				  << _out.style(Style::BOLD, printable(_name(dataspace.a, dataspace.b))) << "\n";
		if (_output.bytes)
			for_each_byte_run(_diff, dataspace, print);
		else
			for_each_line(_diff, dataspace, print);
	}
}

void Diff_printer::_unsure() const
{
	Cut_table table({ { "OBJECT", Table::LEFT, Table::ELASTIC },
					  { "OLD BADGE", Table::RIGHT },
					  { "NEW BADGE", Table::RIGHT },
					  { "TAKEN FOR THE SAME BECAUSE", Table::LEFT, Table::ELASTIC } },
					_output.all);
	for (std::uint32_t i = 0; i < _diff.a().size(); i++) {
		std::uint32_t const b = _diff.match().in_b(i);
		if (b == Diff::NONE || _diff.match().reason(i).sure) continue;
		table.row([&]() -> std::vector<Table::Cell> {
			return { _diff.names_b().name(b), _badge(_diff.a(), i), _badge(_diff.b(), b),
					 _diff.match().reason(i).why };
		});
	}
	table.print("Not sure", _out);
}

void Diff_printer::_summary() const
{
	std::cout << "\n";
	if (_diff.equal()) {
		std::cout << _out.style(Style::GOOD, "No difference.") << "\n";
		return;
	}
	std::uint64_t const fields = _diff.changes() - _diff.gone() - _diff.came();
	std::cout << count_text(_diff.lost().size(), "capability", "capabilities") << " lost, "
			  << _diff.gained().size() << " gained, "
			  << count_text(_diff.reused_slots().size(), "slot", "slots") << " reused; "
			  << count_text(_diff.gone(), "object", "objects") << " gone, " << _diff.came()
			  << " new, " << count_text(fields, "field", "fields") << " changed; "
			  << count_text(_diff.differing_pages(), "page", "pages") << " of memory in "
			  << count_text(_diff.memory().size(), "dataspace", "dataspaces");
	if (_diff.unsure())
		std::cout << "; not sure of " << count_text(_diff.unsure(), "object", "objects");
	std::cout << ".\n";
}

void Diff_printer::print() const
{
	_basis();
	_held("Capabilities lost", _diff.a(), _diff.names_a(), _diff.lost(), Style::BAD);
	_held("Capabilities gained", _diff.b(), _diff.names_b(), _diff.gained(), Style::GOOD);
	_slots("Slots used by another object", _diff.reused_slots());
	_slots("Capabilities in another slot", _diff.moved());
	_reused_badges();
	_badges();
	_objects();
	_fields();
	_memory();
	if (_output.pages || _output.bytes) _bytes();
	_unsure();
	_summary();
}

}

void print_diff(Diff const &diff, Diff_output const &output, Terminal const &out)
{
	Diff_printer(diff, output, out).print();
}

}
