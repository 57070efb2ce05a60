#include <iostream>

#include "command.h"
#include "libimage/capability_layout.h"
#include "libimage/import.h"
#include "libimage/inspect.h"
#include "libimage/output_file.h"
#include "profile_options.h"
#include "progress_sink.h"

namespace Capimg
{

namespace
{

struct Options
{
	std::string core {}, output {}, kernel {}, genode {}, cap_map {};
	bool no_search = false, fill_zero = false, json = false;
	Profile_options profile {};
};

}

/* kernels that keep a capability map in a component's memory */
static std::vector<std::string> kernel_names()
{
	std::vector<std::string> names;
	for (unsigned i = 1; i < CAP_KERNEL_COUNT; i++) names.push_back(cap_kernel_name(Cap_kernel(i)));
	return names;
}

static Import_options import_options(Options const &options)
{
	Import_options result;
	result.search = !options.no_search;
	result.fill_zero = options.fill_zero;
	result.genode_version = options.genode;
	if (!options.kernel.empty())
		result.kernel =
			schema_kernel(cap_kernel_by_name(options.kernel.c_str(), options.kernel.size()));
	if (!options.cap_map.empty())
		result.capability_map = parse_number(options.cap_map, "--cap-map");
	return result;
}

static Json report_json(Import_plan &plan, Writer::Summary const &summary)
{
	Import_plan::Report const &report = plan.report();
	bool const found = !report.layout.empty();
	return { { "component", plan.manifest().asReader().getLabel().cStr() },
			 { "fileSize", hex_text(summary.file_size) },
			 { "stateDigest", digest_text(summary.state) },
			 { "searched", report.searched },
			 { "layout", found ? Json(report.layout) : Json(nullptr) },
			 { "map", found ? Json(hex_text(report.map_address)) : Json(nullptr) },
			 { "entries", report.entries },
			 { "pools", report.pools },
			 { "bytesStored", hex_text(summary.total.stored_bytes) },
			 { "blocks", summary.blocks } };
}

static void print(Import_plan &plan, Writer::Summary const &summary, std::string const &output)
{
	Import_plan::Report const &report = plan.report();

	std::cerr << output << ": " << human_size(summary.file_size) << ", "
			  << plan.manifest().asReader().getLabel().cStr();
	if (!report.layout.empty())
		std::cerr << ", " << report.layout << ": " << report.entries << " capabilities, "
				  << report.pools << " Object_pools";
	else if (report.searched)
		std::cerr << ", no capability map found";
	std::cerr << "\n";
}

static void run(Options const &options, Context const &context)
{
	Profile const profile = options.profile.profile();
	if (options.output == "-") context.out().refuse_binary("an image");

	Elf_core const core(options.core);
	Import_plan plan(core, import_options(options));

	std::uint64_t total = 0;
	for (Import_plan::Piece const &piece : plan.pieces()) total += piece.size;
	Shown_progress progress(context.err(), "import", total);

	Head head;
	head.machine = plan.machine();
	head.profile = profile;
	head.set_writer("capimg " CAPIMG_VERSION);

	Output_file output(options.output, options.profile.durable);
	Writer writer(output, head, { options.profile.threads, &progress });
	Writer::Summary const summary = plan.write(writer);
	output.commit();

	if (options.json)
		print_json("capimg.import/1", report_json(plan, summary));
	else
		print(plan, summary, options.output);
}

static void add(CLI::App &app, Context &context)
{
	auto const options = std::make_shared<Options>();

	app.add_option("CORE", options->core, "ELF core, '-' for standard input")
		->required()
		->type_name("FILE");
	app.add_option("-o,--output", options->output, "Image to be written, '-' for standard output")
		->required()
		->type_name("FILE");
	app.add_option("--kernel", options->kernel, "Look for capability maps of this kernel only")
		->check(CLI::IsMember(kernel_names()))
		->type_name("KERNEL");
	app.add_option("--genode", options->genode,
				   "Look for capability maps of this release of Genode only")
		->type_name("YY.MM");
	app.add_option("--cap-map", options->cap_map,
				   "The capability map is at this address (its array, allocator or tree)")
		->type_name("ADDR");
	app.add_flag("--no-search", options->no_search, "Do not look for capabilities in memory");
	app.add_flag("--fill-zero", options->fill_zero, "Take what was not captured as zero");
	app.add_flag("--json", options->json, "Report as JSON");
	options->profile.add(app);

	app.callback([options, &context] { run(*options, context); });
}

Command const command_import {
	"import", "Make an image of an ELF core",
	"capimg import component.core -o component.img\n"
	"gcore -o sleep 4711 && capimg import sleep.4711 -o sleep.img   any Linux process",
	add
};

}
