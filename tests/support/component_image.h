/*
 * Images of generated components
 */

#ifndef CAPIMG__TESTS__SUPPORT__COMPONENT_IMAGE_H
#define CAPIMG__TESTS__SUPPORT__COMPONENT_IMAGE_H

#include <functional>
#include <vector>

#include "imported_image.h"
#include "libimage/core/head.h"
#include "libimage/import.h"

namespace Capimg::Test
{

struct Component_image
{
	Profile profile {};
	unsigned threads = 0;

	/* the map is named and not searched for: maps of okl4 and pistachio, and of one entry */
	bool named = true;

	/* changes the manifest before the image is written */
	std::function<void(Schema::Manifest::Builder)> edit {};

	std::vector<std::byte> write(Component const &) const;
};

}

#endif /* CAPIMG__TESTS__SUPPORT__COMPONENT_IMAGE_H */
