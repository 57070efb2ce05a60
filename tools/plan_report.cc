#include "plan_report.h"

#include <iostream>
#include <map>

#include "json_stream.h"
#include "libimage/core/manifest_check.h"
#include "libimage/object_kinds.h"
#include "printable.h"
#include "progress.h"
#include "table.h"

namespace Capimg
{

using Engine::Phase;
using Engine::Phase_scope;
using Engine::Refusal;
using Engine::Refusal_code;

static std::string as_string(Wire::Text text) { return { text.string(), text.size() }; }

/* how many objects or reasons of a kind are named one by one */
static constexpr std::size_t FEW = 3;

bool Plan_report::restorable_kind() const
{
	return plan.roles().pd() != Engine::Restore_role::NONE;
}

/* steps of BADGES and PATCH are of no object; those of INSTALL are numbers of spaces */
static bool of_objects(Phase phase)
{
	Phase_scope const scope = phase_row(phase).scope;
	return scope != Phase_scope::ONCE && scope != Phase_scope::SPACE;
}

static Metadata::Object::Reader object_of(Engine::Restore_plan const &plan, std::uint32_t number)
{
	return plan.manifest().objects()[number];
}

/* capabilities that INSTALL makes */
static std::uint64_t installed(Engine::Restore_plan const &plan)
{
	std::uint64_t count = 0;
	auto const objects = plan.manifest().objects();
	for (std::uint32_t n = plan.first(Phase::INSTALL); n < plan.end(Phase::INSTALL); n++) {
		auto const entries = plan.manifest().capability_spaces()[plan.step(n).object].entries();
		for (std::uint32_t i = 0; i < entries.size(); i++)
			count += entries[i].state() == Metadata::Entry_state::LIVE && entries[i].kcap() &&
					 !plan.roles()[find_object(objects, entries[i].object())].dangling;
	}
	return count;
}

/* "2 dataspaces", "1 RPC object", and what few there are by name */
static std::string summary(Plan_report const &report, Phase phase)
{
	auto const &plan = report.plan;
	if (phase == Phase::INSTALL) return std::to_string(installed(plan)) + " capabilities";
	if (!of_objects(phase)) return {};

	std::vector<std::pair<std::string, std::vector<std::uint32_t>>> kinds;
	std::map<std::string, std::size_t> by_title;
	for (std::uint32_t n = plan.first(phase); n < plan.end(phase); n++) {
		std::uint32_t const number = plan.step(n).object;
		std::string const title = object_kind(object_of(plan, number).which()).title;
		auto const [at, is_new] = by_title.try_emplace(title, kinds.size());
		if (is_new) kinds.push_back({ title, {} });
		kinds[at->second].second.push_back(number);
	}

	std::string text;
	for (auto const &[title, numbers] : kinds) {
		if (numbers.size() > FEW) {
			text += (text.empty() ? "" : ", ") + std::to_string(numbers.size()) + " × " + title;
			continue;
		}
		for (std::uint32_t number : numbers)
			text += (text.empty() ? "" : ", ") + report.names.name(number);
	}
	return text;
}

static void print_steps(Plan_report const &report, Terminal const &out, bool all)
{
	auto const &plan = report.plan;
	if (all) {
		Table table({ { "STEP", Table::RIGHT },
					  { "PHASE" },
					  { "ID", Table::RIGHT },
					  { "OBJECT", Table::LEFT, Table::ELASTIC } });
		for (std::uint32_t n = 0; n < plan.steps(); n++) {
			Engine::Step const step = plan.step(n);
			bool const named = of_objects(step.phase);
			table.row({ std::to_string(n + 1), phase_name(step.phase),
						named ? std::to_string(object_of(plan, step.object).id()) : "",
						named ? report.names.name(step.object) : summary(report, step.phase) });
		}
		std::cout << table.text(out);
		return;
	}

	Table table({ { "PHASE" },
				  { "STEPS", Table::RIGHT },
				  { "WHAT", Table::LEFT, Table::ELASTIC },
				  { "OBJECTS", Table::LEFT, Table::ELASTIC } });
	for (unsigned i = 0; i < Engine::PHASE_COUNT; i++) {
		Phase const phase = Phase(i);
		std::uint32_t const count = plan.end(phase) - plan.first(phase);
		if (count)
			table.row({ phase_name(phase), std::to_string(count), phase_text(phase),
						summary(report, phase) });
	}
	std::cout << table.text(out);
}

namespace
{

/* what the two numbers of a refusal are, for people */
struct Unit
{
	Refusal_code code;
	std::string (*text)(std::uint64_t);
};

}

static std::string plain(std::uint64_t value) { return std::to_string(value); }

static constexpr Unit UNITS[] {
	{ Refusal_code::WORD_SIZE, plain },         { Refusal_code::PAGE_SIZE, plain },
	{ Refusal_code::BADGE_RANGE, hex_text },    { Refusal_code::FPU, plain },
	{ Refusal_code::MODULE_DIFFERS, plain },    { Refusal_code::RAM_QUOTA, human_size },
	{ Refusal_code::CAP_QUOTA, plain },         { Refusal_code::ABSENT_MEMORY, human_size },
	{ Refusal_code::REDACTED, human_size },     { Refusal_code::UNSAFE_SPOT, hex_text },
	{ Refusal_code::UNKNOWN_OBJECT, hex_text },
};

/* "config: dataspace 'x' (object 7): 1.0 MiB, there: 64 KiB" */
static std::string subject(Plan_report const &report, Refusal const &refusal)
{
	std::string text = as_string(refusal.name);
	if (refusal.object) {
		std::uint32_t const number = find_object(report.plan.manifest().objects(), refusal.object);
		text += (text.empty() ? "" : ", ") + report.names.name(number) + " (object " +
				std::to_string(refusal.object) + ")";
	}
	for (Unit const &unit : UNITS) {
		if (unit.code != refusal.code || (!refusal.image && !refusal.target)) continue;
		text += (text.empty() ? "" : ", ") + unit.text(refusal.image);
		if (refusal.target) text += ", here " + unit.text(refusal.target);
	}
	return text;
}

static void print_refusals(Plan_report const &report, Terminal const &out, bool all)
{
	std::map<Refusal_code, std::vector<Refusal const *>> by_code;
	for (Refusal const &refusal : report.refusals) by_code[refusal.code].push_back(&refusal);

	for (auto const &[code, refusals] : by_code) {
		std::cout << "  " << out.style(Style::BAD, refusal_name(code)) << ": " << refusal_text(code)
				  << "\n";
		std::size_t shown = 0;
		for (Refusal const *refusal : refusals) {
			if (!all && shown++ == FEW) {
				std::cout << "      … and " << refusals.size() - FEW << " more\n";
				break;
			}
			std::string const text = subject(report, *refusal);
			if (!text.empty()) std::cout << "      " << printable(text) << "\n";
		}
		if (refusal_hint(code)[0]) std::cout << "    hint: " << refusal_hint(code) << "\n";
	}
}

void Plan_report::print(Terminal const &out, bool all) const
{
	if (restorable_kind()) {
		print_steps(*this, out, all);
		auto const need = plan.need();
		std::cout << "\nneeds " << human_size(need.ram) << " of RAM and " << need.caps
				  << " capabilities\n";
	}
	std::cout << (restorable_kind() ? "" : "No steps: the image holds no component.\n")
			  << "Checked against "
			  << (target.empty() ? "a system like the one that the image comes from"
								 : printable(target))
			  << ".\n\n";
	if (refusals.empty()) {
		std::cout << out.style(Style::GOOD, "The image can be restored there.") << "\n";
		return;
	}
	std::cout << out.style(Style::BAD, "The image cannot be restored there:") << "\n";
	print_refusals(*this, out, all);
}

static Json refusal_json(Plan_report const &report, Refusal const &refusal)
{
	std::uint32_t const number = find_object(report.plan.manifest().objects(), refusal.object);
	return { { "code", refusal_name(refusal.code) },
			 { "object", refusal.object ? report.names.json(number) : Json(nullptr) },
			 { "name", as_string(refusal.name) },
			 { "image", hex_text(refusal.image) },
			 { "target", hex_text(refusal.target) },
			 { "text", refusal_text(refusal.code) },
			 { "hint", refusal_hint(refusal.code) } };
}

void Plan_report::print_json() const
{
	Json_stream stream("capimg.plan/1");
	Json_writer &json = stream.writer();
	auto const need = plan.need();

	json.key("restorable").boolean(refusals.empty());
	json.key("target").value(target.empty() ? Json(nullptr) : Json(target));
	json.key("needs").begin_object();
	json.key("ram").hex(restorable_kind() ? need.ram : 0);
	json.key("caps").hex(restorable_kind() ? need.caps : 0);
	json.end_object();

	json.key("refusals").begin_array();
	for (Refusal const &refusal : refusals) json.value(refusal_json(*this, refusal));
	json.end_array();

	json.key("phases").begin_array();
	for (unsigned i = 0; i < Engine::PHASE_COUNT && restorable_kind(); i++) {
		Phase const phase = Phase(i);
		json.begin_object();
		json.key("phase").text(phase_name(phase));
		json.key("text").text(phase_text(phase));
		json.key("steps").number(plan.end(phase) - plan.first(phase));
		json.key("objects").begin_array();
		for (std::uint32_t n = plan.first(phase); n < plan.end(phase) && of_objects(phase); n++)
			json.number(object_of(plan, plan.step(n).object).id());
		json.end_array();
		json.end_object();
	}
	json.end_array();
	stream.finish();
}

}
