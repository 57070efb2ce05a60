#include <algorithm>
#include <iostream>

#include "command.h"
#include "libimage/badge_map_file.h"
#include "libimage/image_copy.h"
#include "libimage/inspect.h"
#include "libimage/json_writer.h"
#include "libimage/locked_image.h"
#include "libimage/rewrite.h"
#include "output_options.h"
#include "parent_options.h"
#include "profile_options.h"
#include "progress_sink.h"
#include "signing_options.h"

namespace Capimg
{

namespace
{

struct Options
{
	std::string image {}, map {}, fresh {}, undo {};
	std::vector<std::string> set {};
	Parent_options parents {};
	bool dry_run = false, ignore_missing = false, scan = false, unscanned = false;
	bool in_place = false;
	Signing_options signing {};
	Output_options output {};
};

}

static Badge_request request_of(Options const &options)
{
	Badge_request request;
	request.ignore_missing = options.ignore_missing;
	request.scan = options.scan;
	request.unscanned = options.unscanned;

	if (!options.fresh.empty()) {
		request.source = "--fresh";
		request.fresh = parse_number(options.fresh, "--fresh");
		return request;
	}
	request.source = options.map.empty() ? "--set" : options.map;
	if (!options.map.empty()) request.pairs = read_badge_map(options.map);
	for (std::string const &pair : options.set)
		request.pairs.push_back(parse_badge_pair(pair, "--set"));
	check_unique(request.pairs, request.source);
	return request;
}

static char const *kind_text(Reseated_tree const &tree)
{
	return tree.map ? "capability map" : "Object_pool";
}

namespace
{

/* an image that was written, or changed in place */
struct Written
{
	State_digest state {};
	std::uint64_t file_size = 0;
	Json signature = nullptr;
	std::optional<std::uint64_t> bytes_changed {}; /* in place */
};

}

static Json report_json(Rewrite_plan::Report const &report, std::optional<Written> const &written,
						bool in_place)
{
	Json reseated = Json::array(), kept = Json::array();
	for (Reseated_tree const &tree : report.trees) {
		Json row { { "tree", hex_text(tree.root) },
				   { "kind", tree.map ? "capabilityMap" : "objectPool" },
				   { "nodes", tree.nodes } };
		if (tree.moved) {
			row["moved"] = tree.moved;
			row["reason"] = "the order of its badges changed";
		}
		(tree.moved ? reseated : kept).push_back(std::move(row));
	}
	Json found = Json::array();
	for (std::uint64_t const tree : report.found_trees) found.push_back(hex_text(tree));

	return { { "rewritten", report.rewritten },
			 { "orderKept", report.order_kept },
			 { "searched", report.searched },
			 { "foundTrees", std::move(found) },
			 { "foundParentWord", report.found_parent_word },
			 { "places", report.entries },
			 { "treesReseated", std::move(reseated) },
			 { "treesKept", std::move(kept) },
			 { "blocksTouched", report.blocks },
			 { "missing", report.missing },
			 { "leftOut", report.left_out },
			 { "written", written.has_value() },
			 { "inPlace", in_place },
			 { "stateDigest", written ? Json(digest_text(written->state)) : Json(nullptr) },
			 { "fileSize", written ? Json(hex_text(written->file_size)) : Json(nullptr) },
			 { "signature", written ? written->signature : Json(nullptr) },
			 { "undo", badge_map_json(report.undo) } };
}

/* "1 object has", "3 objects have" */
static std::string count_text(std::uint64_t count, char const *one, char const *many)
{
	return std::to_string(count) + " " + (count == 1 ? one : many);
}

static void print(Rewrite_plan::Report const &report, Options const &options, std::uint64_t blocks,
				  std::ostream &out)
{
	out << (options.dry_run ? "Nothing is written. " : "")
		<< count_text(report.rewritten, "badge", "badges") << " rewritten, at "
		<< count_text(report.entries, "place", "places") << " in memory, in " << report.blocks
		<< " of " << count_text(blocks, "block", "blocks") << ".\n";
	if (report.missing)
		out << count_text(report.missing, "pair is", "pairs are")
			<< " left out: no object has the old badge.\n";
	if (report.left_out)
		out << count_text(report.left_out, "object has", "objects have")
			<< " a badge that is not for a map to change.\n";

	out << "The order of badges "
		<< (report.order_kept ? "is kept: trees that nobody knows of stay valid as well.\n"
			: report.searched
				? "changes: trees that the search did not find would be out of order.\n"
				: "changes, and memory was never searched: there may be trees out of order.\n");

	for (std::uint64_t const tree : report.found_trees)
		out << "Object_pool " << hex_text(tree) << " was found, and is declared from now on.\n";
	if (report.found_parent_word)
		out << "The raw badge of the parent was found, and is declared from now on.\n";

	for (Reseated_tree const &tree : report.trees) {
		out << "  " << kind_text(tree) << " " << hex_text(tree.root) << ", " << tree.nodes
			<< " nodes: ";
		if (tree.moved)
			out << "re-seated, " << tree.moved << " took another place\n";
		else
			out << "left as it is, its badges keep their order\n";
	}
	out << "Checked: manifest and memory agree, every badge is found where Genode looks for it.\n";
}

static void write_undo(Rewrite_plan::Report const &report, Output_file &file)
{
	Json_writer writer(file);
	writer.begin_object();
	for (Badge_pair const &pair : report.undo)
		writer.key(hex_text(pair.old_badge)).hex(pair.new_badge);
	writer.end_object();
	writer.finish();
}

/* the way back is there before the way is gone */
class Undo_file
{
	std::optional<Output_file> _file {};

  public:
	Undo_file(Rewrite_plan const &plan, Options const &options)
	{
		if (options.undo.empty()) return;
		_file.emplace(options.undo, options.output.durable);
		write_undo(plan.report(), *_file);
	}

	void commit()
	{
		if (_file) _file->commit();
	}
};

static Written write(Rewrite_plan const &plan, Image const &image, Options const &options,
					 Context const &context)
{
	Output_options const &output_options = options.output;
	Signing const signing(options.signing, context, with_ancestors(image), output_options.threads);
	Output_options::warn_of_codec(context, image, Image_copy::profile_of(image));
	Output_file output = output_options.open(context);

	Undo_file undo(plan, options);
	Shown_progress progress(context.err(), "rewrite", image.blocks() * image.block_size());
	Writer::Summary const summary = plan.write(output, { output_options.threads, &progress });
	Json signature = signing.append(output, image, summary);

	undo.commit();
	output.commit();
	return { summary.state, summary.file_size, std::move(signature), {} };
}

static Written change(Rewrite_plan const &plan, Image const &image, Locked_image &file,
					  Options const &options, Context const &context)
{
	Signing const signing(options.signing, context, with_ancestors(image), options.output.threads,
						  Signing::Base::CHANGED_IN_PLACE);
	Image_edit const edit = plan.edit(signing.signer());
	Written written { edit.state_after, edit.image_size, signing.report(), 0 };
	for (File_change const &change : edit.changes) *written.bytes_changed += change.bytes.size();

	Undo_file(plan, options).commit();
	file.commit(edit, options.output.durable);
	return written;
}

static void check(Options const &options)
{
	if (options.in_place && options.image == "-")
		fail_argument("--in-place", "standard input cannot be changed");
	if (options.output.path == "-" && options.undo == "-" && !options.dry_run)
		fail_argument("--undo", "the image goes to standard output already");
	if (options.undo.empty()) return;
	if (options.undo == options.output.path) fail_argument("--undo", "is the output as well");
	if (options.in_place && options.undo == options.image)
		fail_argument("--undo", "is the image as well");
}

static void run(Options const &options, Context const &context)
{
	check(options);

	std::optional<Locked_image> file;
	if (options.in_place && !options.dry_run) file.emplace(options.image);

	Reading_limits const &limits = context.limits.reading;
	Image image = file ? Image(file->map(), limits) : Image(options.image, limits);
	options.parents.connect(image);
	Rewrite_plan const plan(image, request_of(options));

	std::uint64_t const blocks = image.blocks();
	std::optional<Written> written;
	if (file)
		written = change(plan, image, *file, options, context);
	else if (!options.dry_run)
		written = write(plan, image, options, context);
	else if (options.in_place)
		(void)plan.edit(nullptr); /* says why if that cannot be */

	if (options.output.json)
		return print_json("capimg.rewrite/1",
						  report_json(plan.report(), written, options.in_place));

	std::ostream &out = options.output.path == "-" && !options.dry_run ? std::cerr : std::cout;
	print(plan.report(), options, blocks, out);
	if (written && written->bytes_changed)
		out << options.image << ": changed in place, " << human_size(*written->bytes_changed)
			<< " of " << human_size(written->file_size) << " written.\n";
}

static void add(Arguments app, Context &context)
{
	auto const options = std::make_shared<Options>();

	app.option("IMAGE", options->image, "Image, '-' for standard input")
		.required()
		.type_name("FILE");
	auto const output = options->output.add(app).required(false);
	auto const map = app.option("--map", options->map, "Badge map, {\"0x104\": \"0x2004\", …}")
						 .type_name("FILE");
	auto const set = app.option("--set", options->set, "One pair of a badge map")
						 .type_name("OLD=NEW")
						 .repeated();
	auto const fresh = app.option("--fresh", options->fresh,
								  "Ascending badges from this one on, in the order of the old ones")
						   .type_name("FIRST")
						   .excludes(map)
						   .excludes(set);
	auto const in_place =
		app.flag("--in-place", options->in_place,
				 "Change the file itself, where all blocks concerned are raw and unshared")
			.excludes(output);
	auto const dry_run = app.flag("--dry-run", options->dry_run, "Say what would be done");
	app.option("--undo", options->undo, "Write the badge map that undoes it").type_name("FILE");
	app.flag("--ignore-missing", options->ignore_missing,
			 "Leave out pairs whose old badge no object has");
	app.flag("--scan", options->scan,
			 "Search memory for trees first, and declare what was not declared");
	app.flag("--unscanned", options->unscanned,
			 "Change the order of badges, though memory was never searched for trees");
	options->parents.add(app);
	options->signing.add(app);

	app.callback([=, &context] {
		if (!map && !set && !fresh) fail_missing("--map, --set or --fresh");
		if (!output && !in_place && !dry_run) fail_missing("--output or --in-place");
		run(*options, context);
	});
}

Command const command_rewrite {
	"rewrite", "Give an image other badges, also inside its memory",
	"capimg rewrite component.img --map badges.json -o moved.img --undo back.json\n"
	"capimg rewrite component.img --fresh 0x10000 -o moved.img\n"
	"capimg rewrite component.img --fresh 0x10000 --in-place --undo back.json\n"
	"capimg rewrite component.img --set 0x104=0x2004 --dry-run",
	add
};

}
