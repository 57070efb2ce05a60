/*
 * An image like another one, but for what a test changes
 */

#ifndef CAPIMG__TESTS__SUPPORT__EDITED_IMAGE_H
#define CAPIMG__TESTS__SUPPORT__EDITED_IMAGE_H

#include <functional>
#include <map>
#include <vector>

#include "libimage/image.h"
#include "libimage/writer.h"

namespace Capimg::Test
{

struct Image_edit
{
	std::function<void(Schema::Manifest::Builder)> manifest = [](Schema::Manifest::Builder) {};

	/* the id that a dataspace has in the image, by the one that it gets */
	std::function<std::uint32_t(std::uint32_t)> origin = [](std::uint32_t id) { return id; };

	/* new bytes, by id of the dataspace and offset */
	std::map<std::uint32_t, std::map<std::uint64_t, std::byte>> bytes {};

	Profile profile {};
	std::vector<Writer::Extra_section> sections {};
};

/* stored dataspaces that the edited manifest still has keep their content */
std::vector<std::byte> edited(Image const &, Image_edit const &);

/* a provenance section with one record */
Writer::Extra_section provenance(std::string const &action, State_digest const &source);

}

#endif /* CAPIMG__TESTS__SUPPORT__EDITED_IMAGE_H */
