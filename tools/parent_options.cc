#include "parent_options.h"

namespace Capimg
{

void Parent_options::add(Arguments app)
{
	/* one at a time, so that an image behind it is not taken for another parent */
	app.option("--parent", paths,
			   "Image that inherited blocks come from; again for that one's parent")
		.type_name("FILE")
		.single();
}

}
