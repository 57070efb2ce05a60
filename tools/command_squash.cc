#include <iostream>

#include "command.h"
#include "libimage/image_chain.h"
#include "libimage/image_copy.h"
#include "libimage/inspect.h"
#include "libimage/squash.h"
#include "output_options.h"
#include "progress_sink.h"
#include "signing_options.h"

namespace Capimg
{

namespace
{

struct Options
{
	std::string image {};
	std::vector<std::string> parents {};
	Signing_options signing {};
	Output_options output {};
};

}

static Json report_json(Image const &image, Squash_report const &report, Json const &signature)
{
	Json parents = Json::array();
	for (Image const *parent : ancestors(image))
		parents.push_back({ { "stateDigest", digest_text(parent->trailer().state) },
							{ "sequence", std::to_string(parent->manifest().getSequence()) },
							{ "fileSize", hex_text(parent->file().size()) } });

	Writer::Summary const &summary = report.summary;
	return { { "fileSize", hex_text(summary.file_size) },
			 { "stateDigest", digest_text(summary.state) },
			 { "sequence", std::to_string(image.manifest().getSequence()) },
			 { "bytesStored", hex_text(summary.total.stored_bytes) },
			 { "blocks", summary.blocks },
			 { "blocksOwn", summary.blocks - report.inherited },
			 { "blocksInherited", report.inherited },
			 { "source",
			   { { "stateDigest", digest_text(image.trailer().state) },
				 { "fileSize", hex_text(image.file().size()) } } },
			 { "signature", signature },
			 { "parents", std::move(parents) } };
}

static void run(Options const &options, Context const &context)
{
	Output_file output = options.output.open(context);
	Image image(options.image, context.limits.reading);
	connect_parents(image, open_images(options.parents, context.limits.reading), Ancestors::ALL);
	Signing const signing(options.signing, context, with_ancestors(image), options.output.threads);

	Output_options::warn_of_codec(context, image, Image_copy::profile_of(image));

	std::uint64_t total = 0;
	for (Storage_range const &range : image.ranges()) total += range.size;
	Shown_progress progress(context.err(), "squash", total);

	Squash_report const report = squash(image, output, { options.output.threads, &progress });
	Json const signature = signing.append(output, image, report.summary);
	output.commit();

	if (options.output.json)
		return print_json("capimg.squash/1", report_json(image, report, signature));
	std::cerr << options.output.path << ": " << human_size(report.summary.file_size) << ", "
			  << report.inherited << " of " << report.summary.blocks << " blocks from "
			  << report.parents << (report.parents == 1 ? " parent" : " parents") << "\n";
}

static void add(Arguments app, Context &context)
{
	auto const options = std::make_shared<Options>();

	app.option("IMAGE", options->image, "Image that builds on others, '-' for standard input")
		.required()
		.type_name("FILE");
	app.option("PARENT", options->parents,
			   "The image that it builds on, the one that this one builds on, …, in any order")
		.type_name("FILE");
	options->output.add(app);
	options->signing.add(app);

	app.callback([options, &context] { run(*options, context); });
}

Command const command_squash { "squash", "Make an image whole that builds on others",
							   "capimg squash third.img second.img first.img -o whole.img", add };

}
