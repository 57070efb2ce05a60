#include "squash.h"

#include <capnp/message.h>
#include <capnp/orphan.h>

#include "image_chain.h"
#include "image_copy.h"
#include "provenance.h"

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

	/* who signed the source is known from nothing else */
	if (image.signature())
		copy.sections = [&](State_digest const &, Image_copy::Sections sections) {
			return add_record(image, std::move(sections), "squash", "with all that it inherited");
		};

	Squash_report report;
	report.summary = copy.write(sink);
	for (Storage const &storage : image.storage()) report.inherited += storage.inherited;
	report.parents = ancestors(image).size();
	return report;
}

}
