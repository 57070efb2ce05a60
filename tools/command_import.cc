#include <iostream>

#include "command.h"
#include "libimage/capability_layout.h"
#include "libimage/delta.h"
#include "libimage/image_chain.h"
#include "libimage/image_error.h"
#include "libimage/inspect.h"
#include "output_options.h"
#include "profile_options.h"
#include "progress_sink.h"

namespace Capimg
{

namespace
{

struct Options
{
	std::string core {}, kernel {}, genode {}, cap_map {}, sequence {};
	std::vector<std::string> parents {};
	bool no_search = false, fill_zero = false;
	Profile_options profile {};
	Output_options output {};
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
			 { "blocks", summary.blocks },
			 { "blocksInherited", summary.total.inherited },
			 { "sequence", std::to_string(plan.manifest().asReader().getSequence()) } };
}

/* the nearest parent, with its own ones; null if none is given */
static std::shared_ptr<Image> open_parent(std::vector<std::string> const &paths,
										  Reading_limits const &limits)
{
	Images images = open_images(paths, limits);
	if (images.empty()) return nullptr;

	std::shared_ptr<Image> nearest = images.front();
	images.erase(images.begin());
	connect_parents(*nearest, images, Ancestors::AS_GIVEN);
	return nearest;
}

/* the parent's size of blocks, unless another one is asked for: that would inherit nothing */
static Profile with_blocks_of(Image const &parent, Profile profile, bool asked)
{
	if (asked && profile.block_size != parent.block_size())
		throw Image_error(
			{ parent.path(),
			  Code::WRONG_PARENT,
			  {},
			  "--block",
			  "the parent has blocks of " + std::to_string(parent.block_size()) + " bytes",
			  "leave out --block" });
	profile.block_size = parent.block_size();
	return profile;
}

static void print(Import_plan &plan, Writer::Summary const &summary, std::string const &output)
{
	Import_plan::Report const &report = plan.report();
	std::uint64_t const inherited = summary.total.inherited;

	std::cerr << output << ": " << human_size(summary.file_size) << ", "
			  << plan.manifest().asReader().getLabel().cStr();
	if (!report.layout.empty())
		std::cerr << ", " << report.layout << ": " << report.entries << " capabilities, "
				  << report.pools << " Object_pools";
	else if (report.searched)
		std::cerr << ", no capability map found";
	if (inherited)
		std::cerr << "; " << inherited << " of " << summary.blocks << " blocks inherited";
	std::cerr << "\n";
}

static void run(Options const &options, Context const &context)
{
	Profile profile = options.profile.profile();
	Output_file output = options.output.open(context);

	std::shared_ptr<Image> const parent = open_parent(options.parents, context.limits.reading);
	if (parent) profile = with_blocks_of(*parent, profile, !options.profile.block.empty());

	Elf_core const core(options.core);
	Import_plan plan(core, import_options(options));
	if (parent) inherit(plan, *parent);
	if (!options.sequence.empty())
		plan.manifest().setSequence(parse_number(options.sequence, "--sequence"));

	std::uint64_t total = 0;
	for (Import_plan::Piece const &piece : plan.pieces()) total += piece.size;
	Shown_progress progress(context.err(), "import", total);

	Head head;
	head.machine = plan.machine();
	head.profile = profile;
	head.set_writer("capimg " CAPIMG_VERSION);
	if (parent) head.required_features |= Feature::INHERITED;

	Writer writer(output, head, { options.output.threads, &progress });
	Writer::Summary const summary = plan.write(writer);
	output.commit();

	if (options.output.json)
		print_json("capimg.import/1", report_json(plan, summary));
	else
		print(plan, summary, options.output.path);
}

static void add(Arguments app, Context &context)
{
	auto const options = std::make_shared<Options>();

	app.option("CORE", options->core, "ELF core, '-' for standard input")
		.required()
		.type_name("FILE");
	app.option("--parent", options->parents,
			   "Inherit what did not change since this image; again for its own parents")
		.type_name("FILE")
		.single();
	app.option("--sequence", options->sequence,
			   "Number of the checkpoint (default: the one behind the parent's, or 0)")
		.type_name("N");
	app.option("--kernel", options->kernel, "Look for capability maps of this kernel only")
		.one_of(kernel_names())
		.type_name("KERNEL");
	app.option("--genode", options->genode,
			   "Look for capability maps of this release of Genode only")
		.type_name("YY.MM");
	app.option("--cap-map", options->cap_map,
			   "The capability map is at this address (its array, allocator or tree)")
		.type_name("ADDR");
	app.flag("--no-search", options->no_search, "Do not look for capabilities in memory");
	app.flag("--fill-zero", options->fill_zero, "Take what was not captured as zero");
	options->profile.add(app, Profile_options::Defaults::OF_NEW_IMAGE);
	options->output.add(app);

	app.callback([options, &context] { run(*options, context); });
}

Command const command_import {
	"import", "Make an image of an ELF core",
	"capimg import component.core -o component.img\n"
	"capimg import later.core --parent component.img -o later.img   only what changed\n"
	"gcore -o sleep 4711 && capimg import sleep.4711 -o sleep.img   any Linux process",
	add
};

}
