#include <fstream>
#include <iostream>

#include "command.h"
#include "libimage/image.h"
#include "libimage/image_error.h"
#include "libimage/inspect.h"
#include "libimage/receive.h"
#include "output_options.h"
#include "progress.h"

namespace Capimg
{

namespace
{

struct Options
{
	std::string line = "-";
	std::string output {};
	bool json = false;
};

}

static Receive_report receive(Options const &options, Output_file &output)
{
	if (options.line == "-") return receive_image(std::cin, output, "-");
	std::ifstream in(options.line, std::ios::binary);
	if (!in) throw Image_error::from_errno(errno, options.line, "open");
	return receive_image(in, output, options.line);
}

static void run(Options const &options)
{
	Output_file output(options.output);
	Receive_report const report = receive(options, output);
	output.commit();

	if (options.json)
		return print_json("capimg.receive/1", { { "fileSize", hex_text(report.bytes) },
												{ "frames", report.frames },
												{ "noise", hex_text(report.noise) },
												{ "stream", hex_text(report.stream) } });
	std::cerr << options.output << ": " << report.bytes << " bytes in " << report.frames
			  << " frames, " << report.noise << " bytes of the line were no frames\n";
}

static void add(Arguments app, Context &)
{
	auto const options = std::make_shared<Options>();

	app.option("LINE", options->line, "Device, pipe or file, '-' for standard input")
		.default_text("-")
		.type_name("FILE");
	app.option("-o,--output", options->output, "The image, written when it is complete")
		.required()
		.type_name("FILE");
	app.flag("--json", options->json, "What was received, as JSON");
	app.callback([options] { run(*options); });
}

Command const command_receive { "receive", "Take an image from a serial line, and detect loss",
								"capimg receive /dev/ttyUSB0 -o counter.img", add };

}
