/*
 * Options of all commands that write an image: where to, how, and what is reported
 */

#ifndef CAPIMG__TOOLS__OUTPUT_OPTIONS_H
#define CAPIMG__TOOLS__OUTPUT_OPTIONS_H

#include "command.h"
#include "libimage/image.h"
#include "libimage/output_file.h"

namespace Capimg
{

struct Output_options
{
	std::string path {};
	unsigned threads = 0;
	bool durable = true, json = false;

	/* returns the option of the path, which is required */
	Argument add(Arguments);

	/* throws 'Image_error' if the image would go to a terminal, or to where the report goes */
	Output_file open(Context const &) const;

	/* warn if the image's codec has another version here */
	static void warn_of_codec(Context const &, Image const &, Profile const &output);
};

}

#endif /* CAPIMG__TOOLS__OUTPUT_OPTIONS_H */
