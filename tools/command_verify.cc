#include <iostream>

#include "command.h"
#include "libimage/verify.h"
#include "parent_options.h"
#include "progress_sink.h"
#include "table.h"

namespace Capimg
{

namespace
{

struct Options
{
	std::string image {}, key {};
	Parent_options parents {};
	Verify_options verify {};
	bool list = false, json = false;
};

}

static char const *result_text(Check_result result)
{
	switch (result) {
	case Check_result::PASSED: return "ok";
	case Check_result::FAILED: return "FAILED";
	case Check_result::SKIPPED: break;
	}
	return "skipped";
}

static void print_list(bool json, Terminal const &out)
{
	if (json) {
		Json checks = Json::array();
		for (Check_info const &check : verify_checks())
			checks.push_back({ { "name", check.name }, { "about", check.about } });
		return print_json("capimg.verify-list/1", { { "checks", std::move(checks) } });
	}
	Table table({ { "CHECK" }, { "WHAT IT SAYS", Table::LEFT, Table::ELASTIC } });
	for (Check_info const &check : verify_checks()) table.row({ check.name, check.about });
	std::cout << table.text(out);
}

static Json report_json(Verify_report const &report)
{
	Json checks = Json::array(), findings = Json::array();
	for (Verify_report::Line const &line : report.checks)
		checks.push_back({ { "name", line.check },
						   { "result", line.result == Check_result::PASSED   ? "passed"
									   : line.result == Check_result::FAILED ? "failed"
																			 : "skipped" },
						   { "note", line.note } });
	for (Finding const &finding : report.findings)
		findings.push_back(
			{ { "check", finding.check },
			  { "offset", finding.offset ? Json(hex_text(*finding.offset)) : Json(nullptr) },
			  { "field", finding.field },
			  { "message", finding.message } });
	return { { "sound", report.sound() },
			 { "checks", std::move(checks) },
			 { "findings", std::move(findings) },
			 { "findingsCut", report.findings_cut } };
}

static void print(Verify_report const &report, Terminal const &out)
{
	Table table({ { "CHECK" }, { "RESULT" }, { "NOTE", Table::LEFT, Table::ELASTIC } });
	for (Verify_report::Line const &line : report.checks) {
		Style const style = line.result == Check_result::PASSED   ? Style::GOOD
							: line.result == Check_result::FAILED ? Style::BAD
																  : Style::DIM;
		table.row({ line.check, { result_text(line.result), style }, line.note });
	}
	std::cout << table.text(out);

	if (report.sound()) {
		std::cout << "\n" << out.style(Style::GOOD, "The image is sound.") << "\n";
		return;
	}
	std::cout << "\n" << out.style(Style::BAD, "Findings:") << "\n";
	for (Finding const &finding : report.findings) {
		std::cout << "  " << finding.check << ": ";
		if (finding.offset) std::cout << "at " << hex_text(*finding.offset) << ": ";
		if (!finding.field.empty()) std::cout << finding.field << ": ";
		std::cout << finding.message << "\n";
	}
	if (report.findings_cut) std::cout << "  … and more\n";
}

static void run(Options &options, Context &context)
{
	if (options.list) return print_list(options.json, context.out());

	if (options.image.empty()) fail_missing("IMAGE");

	options.verify.limits = context.limits.reading;
	if (!options.key.empty()) options.verify.key.emplace(options.key);
	options.verify.parents = options.parents.open(context.limits.reading);
	Shown_progress progress(context.err(), "verify", 0);
	options.verify.progress = &progress;
	Verify_report const report = verify(options.image, options.verify);
	context.exit_code = report.sound() ? SOUND : FINDINGS;

	if (options.json)
		print_json("capimg.verify/1", report_json(report));
	else
		print(report, context.out());
}

static void add(Arguments app, Context &context)
{
	auto const options = std::make_shared<Options>();

	app.option("IMAGE", options->image, "Image, '-' for standard input").type_name("FILE");
	app.flag("--list", options->list, "List the checks");
	app.option("--key", options->key, "Public key that must have signed the image")
		.type_name("FILE");
	app.option("--label", options->verify.label, "Component that it must have been signed for")
		.type_name("LABEL");
	app.option("--min-counter", options->verify.min_counter,
			   "Rollback counter that the signature must have at least")
		.type_name("N");
	app.option("--only", options->verify.only, "Run only this check, and those it needs")
		.type_name("CHECK");
	app.option("--skip", options->verify.skip, "Do not run this check").type_name("CHECK");
	options->parents.add(app);
	app.option("--threads", options->verify.threads, "Threads to use (default: all)")
		.range(1, 256)
		.type_name("N");
	app.flag("--json", options->json, "JSON");

	app.callback([options, &context] { run(*options, context); });
}

Command const command_verify { "verify", "Check an image: 0 sound, 1 findings, 2 trouble",
							   "capimg verify component.img\n"
							   "capimg verify component.img --key builder.pub --min-counter 7\n"
							   "capimg verify --list",
							   add };

}
