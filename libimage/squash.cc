#include "squash.h"

#include <capnp/message.h>
#include <capnp/orphan.h>

#include "image_chain.h"
#include "image_copy.h"

namespace Capimg
{

Squash_report squash(Image const &image, Sink &sink, Writer::Options options)
{
	Image_copy copy {
		.image = image, .whole = true, .threads = options.threads, .progress = options.progress
	};

	/* an image that is whole already keeps its manifest byte for byte */
	capnp::MallocMessageBuilder message;
	std::optional<Schema::Manifest::Builder> manifest;
	if (image.manifest().hasParent()) {
		message.setRoot(image.manifest());
		manifest = message.getRoot<Schema::Manifest>();
		manifest->disownParent();
		copy.manifest = &*manifest;
	}

	Squash_report report;
	report.summary = copy.write(sink);
	for (Storage const &storage : image.storage()) report.inherited += storage.inherited;
	report.parents = ancestors(image).size();
	return report;
}

}
