/*
 * '--parent' of all commands that read memory of an image
 */

#ifndef CAPIMG__TOOLS__PARENT_OPTIONS_H
#define CAPIMG__TOOLS__PARENT_OPTIONS_H

#include "arguments.h"
#include "libimage/image_chain.h"

namespace Capimg
{

struct Parent_options
{
	std::vector<std::string> paths {};

	void add(Arguments);

	Images open(Reading_limits const &limits) const { return open_images(paths, limits); }

	/* give the image the parents that are named; throws 'Image_error' for wrong ones */
	void connect(Image &image) const
	{
		connect_parents(image, open(image.limits()), Ancestors::AS_GIVEN);
	}
};

}

#endif /* CAPIMG__TOOLS__PARENT_OPTIONS_H */
