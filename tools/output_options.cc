#include "output_options.h"

#include "libimage/image_copy.h"
#include "libimage/image_error.h"

namespace Capimg
{

Argument Output_options::add(Arguments app)
{
	Argument const output =
		app.option("-o,--output", path, "Image to be written, '-' for standard output")
			.required()
			.type_name("FILE");
	app.option("--threads", threads, "Threads to use (default: all)").range(1, 256).type_name("N");
	app.flag("!--no-sync", durable, "Do not wait until the output is on the disk");
	app.flag("--json", json, "Report as JSON");
	return output;
}

Output_file Output_options::open(Context const &context) const
{
	if (path == "-") context.out().refuse_binary("an image");
	if (path == "-" && json)
		throw Image_error({ "--json",
							Code::BAD_ARGUMENT,
							{},
							{},
							"image and report cannot both go to standard output",
							"write the image to a file" });
	return Output_file(path, durable);
}

void Output_options::warn_of_codec(Context const &context, Image const &image,
								   Profile const &output)
{
	std::string const warning = Image_copy::codec_warning(image, output);
	if (!warning.empty()) warn(context, warning);
}

}
