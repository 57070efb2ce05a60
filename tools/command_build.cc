#include <iostream>

#include "command.h"
#include "libimage/build.h"
#include "libimage/inspect.h"
#include "libimage/output_file.h"
#include "progress_sink.h"

namespace Capimg
{

namespace
{

struct Options
{
	std::string directory {}, output {};
	unsigned threads = 0;
	bool durable = true, json = false;
};

}

static void run(Options const &options, Context const &context)
{
	if (options.output == "-") context.out().refuse_binary("an image");
	if (options.output == "-" && options.json)
		throw Image_error({ "--json",
							Code::BAD_ARGUMENT,
							{},
							{},
							"image and report cannot both go to standard output",
							"write the image to a file" });

	Shown_progress progress(context.err(), "build", 0);
	Output_file output(options.output, options.durable);
	Build_result const result = build(options.directory, output, { options.threads, &progress });
	output.commit();

	for (std::string const &warning : result.warnings) warn(context, warning);
	if (options.json)
		print_json("capimg.build/1",
				   { { "fileSize", hex_text(result.summary.file_size) },
					 { "stateDigest", digest_text(result.summary.state) },
					 { "bytesStored", hex_text(result.summary.total.stored_bytes) },
					 { "blocks", result.summary.blocks },
					 { "warnings", result.warnings } });
}

static void add(CLI::App &app, Context &context)
{
	auto const options = std::make_shared<Options>();

	app.add_option("DIR", options->directory, "Directory that 'dump' made")
		->required()
		->type_name("DIR");
	app.add_option("-o,--output", options->output, "Image to be written, '-' for standard output")
		->required()
		->type_name("FILE");
	app.add_option("--threads", options->threads, "Threads to use (default: all)")
		->check(CLI::Range(1, 256))
		->type_name("N");
	app.add_flag("!--no-sync", options->durable, "Do not wait until the output is on the disk");
	app.add_flag("--json", options->json, "Report as JSON");

	app.callback([options, &context] { run(*options, context); });
}

Command const command_build { "build", "Make an image of a directory that 'dump' made",
							  "capimg dump component.img -o component/\n"
							  "$EDITOR component/image.json\n"
							  "capimg build component/ -o changed.img",
							  add };

}
