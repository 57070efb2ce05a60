#include <iostream>

#include "command.h"
#include "libimage/convert.h"
#include "libimage/image_error.h"
#include "libimage/inspect.h"
#include "output_options.h"
#include "profile_options.h"
#include "progress_sink.h"
#include "signing_options.h"

namespace Capimg
{

namespace
{

struct Options
{
	std::string image {}, format {};
	Profile_options profile {};
	Signing_options signing {};
	Output_options output {};
};

}

static std::optional<std::uint16_t> minor_version(std::string const &format)
{
	if (format.empty()) return {};
	if (format == "1.0") return std::uint16_t(0);
	throw Image_error({ {},
						Code::UNSUPPORTED_VERSION,
						{},
						"--format",
						"version '" + format + "' of the format is not known",
						"there is 1.0" });
}

static void run(Options const &options, Context const &context)
{
	Convert_options wanted;
	wanted.minor = minor_version(options.format);

	Output_file output = options.output.open(context);
	Image const image(options.image, context.limits.reading);
	Signing const signing(options.signing, context, { &image }, options.output.threads);
	wanted.profile = options.profile.changed(image.head().profile);

	Output_options::warn_of_codec(context, image, wanted.profile);

	std::uint64_t total = 0;
	for (Storage_range const &range : image.ranges()) total += range.size;
	Shown_progress progress(context.err(), "convert", total);
	wanted.writer = { options.output.threads, &progress };

	Convert_report const report = convert(image, output, wanted);
	Json const signature = signing.append(output, image, report.summary);
	output.commit();
	progress.finish();

	if (report.state_changed)
		warn(context, "with another size of blocks, the image has another state digest: deltas "
					  "that build on " +
						  options.image + " do not fit " + options.output.path);

	Writer::Summary const &summary = report.summary;
	if (!options.output.json) {
		std::cerr << options.output.path << ": " << human_size(summary.file_size) << ", was "
				  << human_size(image.file().size()) << "\n";
		return;
	}
	print_json("capimg.convert/1", { { "fileSize", hex_text(summary.file_size) },
									 { "stateDigest", digest_text(summary.state) },
									 { "stateChanged", report.state_changed },
									 { "bytesStored", hex_text(summary.total.stored_bytes) },
									 { "blocks", summary.blocks },
									 { "profile", profile_json(wanted.profile) },
									 { "signature", signature },
									 { "source",
									   { { "stateDigest", digest_text(image.trailer().state) },
										 { "fileSize", hex_text(image.file().size()) },
										 { "profile", profile_json(image.head().profile) } } } });
}

static void add(Arguments app, Context &context)
{
	auto const options = std::make_shared<Options>();

	app.option("IMAGE", options->image, "Image, '-' for standard input")
		.required()
		.type_name("FILE");
	options->profile.add(app, Profile_options::Defaults::AS_IT_IS);
	app.option("--format", options->format, "Version of the format: 1.0 (default: as it is)")
		.type_name("VERSION");
	options->output.add(app);
	options->signing.add(app);

	app.callback([options, &context] { run(*options, context); });
}

Command const command_convert { "convert", "Store the same state in another way",
								"capimg convert component.img -o small.img --codec zstd\n"
								"capimg convert small.img -o component.img --codec raw   and back",
								add };

}
