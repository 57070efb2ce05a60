#include <iostream>

#include "command.h"
#include "libimage/inspect.h"
#include "output_options.h"
#include "signing_options.h"

namespace Capimg
{

namespace
{

struct Options
{
	std::string image {};
	Signing_options signing {};
	Output_options output {};
};

}

static void run(Options const &options, Context const &context)
{
	auto const key = read_secret_key(options.signing.key, context);

	Image const image(options.image, context.limits.reading);
	Output_file output = options.output.open(context);
	Signature const signature =
		sign(image, output, *key, options.signing.counter.value_or(0), options.output.threads);
	output.commit();

	std::string const label = image.manifest().getLabel();
	if (options.output.json)
		return print_json("capimg.sign/1", { { "label", label },
											 { "sequence", std::to_string(signature.sequence) },
											 { "stateDigest", digest_text(signature.state) },
											 { "signature", signature_json(signature) } });
	std::cerr << options.output.path << ": '" << label << "' signed by key "
			  << key_text(signature.key) << ", counter " << signature.counter << "\n";
}

static void add(Arguments app, Context &context)
{
	auto const options = std::make_shared<Options>();

	app.option("IMAGE", options->image, "Image, '-' for standard input")
		.required()
		.type_name("FILE");
	options->signing.add(app, false).required();
	options->output.add(app);

	app.callback([options, &context] { run(*options, context); });
}

Command const command_sign {
	"sign", "Sign an image, so that a loader can tell whose it is",
	"capimg sign component.img --key builder.key --counter 8 -o signed.img\n"
	"capimg verify signed.img --key builder.pub --min-counter 8",
	add
};

}
