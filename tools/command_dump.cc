#include "command.h"
#include "libimage/dump.h"
#include "parent_options.h"
#include "progress_sink.h"

namespace Capimg
{

namespace
{

struct Options
{
	std::string image {}, output {};
	Parent_options parents {};
	Dump_options dump {};
};

}

static void run(Options &options, Context const &context)
{
	Image image(options.image, context.limits.reading);
	options.parents.connect(image);

	std::uint64_t total = 0;
	for (Storage_range const &range : image.ranges()) total += range.size;
	Shown_progress progress(context.err(), "dump", total);
	options.dump.progress = &progress;

	dump(image, options.output, options.dump);
}

static void add(Arguments app, Context &context)
{
	auto const options = std::make_shared<Options>();

	app.option("IMAGE", options->image, "Image, '-' for standard input")
		.required()
		.type_name("FILE");
	app.option("-o,--output", options->output, "Directory to be made").required().type_name("DIR");
	app.flag("--force", options->dump.force, "Replace a directory that holds a dump");
	app.flag("--check", options->dump.check,
			 "Build the image again in passing, and fail if it differs");
	options->parents.add(app);
	app.option("--threads", options->dump.threads, "Threads of --check (default: all)")
		.range(1, 256)
		.type_name("N");
	app.flag("!--no-sync", options->dump.durable, "Do not wait until the output is on the disk");

	app.callback([options, &context] { run(*options, context); });
}

Command const command_dump { "dump", "Make a directory of an image: JSON, and a file per dataspace",
							 "capimg dump component.img -o component/\n"
							 "capimg build component/ -o same.img   and back, byte for byte",
							 add };

}
