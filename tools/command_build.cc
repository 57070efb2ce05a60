#include <iostream>

#include "command.h"
#include "libimage/build.h"
#include "libimage/inspect.h"
#include "output_options.h"
#include "progress_sink.h"

namespace Capimg
{

namespace
{

struct Options
{
	std::string directory {};
	Output_options output {};
};

}

static void run(Options const &options, Context const &context)
{
	Output_file output = options.output.open(context);
	Shown_progress progress(context.err(), "build", 0);
	Build_result const result =
		build(options.directory, output, { options.output.threads, &progress });
	output.commit();

	for (std::string const &warning : result.warnings) warn(context, warning);
	if (options.output.json)
		print_json("capimg.build/1",
				   { { "fileSize", hex_text(result.summary.file_size) },
					 { "stateDigest", digest_text(result.summary.state) },
					 { "bytesStored", hex_text(result.summary.total.stored_bytes) },
					 { "blocks", result.summary.blocks },
					 { "warnings", result.warnings } });
}

static void add(Arguments app, Context &context)
{
	auto const options = std::make_shared<Options>();

	app.option("DIR", options->directory, "Directory that 'dump' made").required().type_name("DIR");
	options->output.add(app);

	app.callback([options, &context] { run(*options, context); });
}

Command const command_build { "build", "Make an image of a directory that 'dump' made",
							  "capimg dump component.img -o component/\n"
							  "$EDITOR component/image.json\n"
							  "capimg build component/ -o changed.img",
							  add };

}
