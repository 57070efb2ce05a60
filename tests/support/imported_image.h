/*
 * Images made by import: of fixtures, and of generated components
 */

#ifndef CAPIMG__TESTS__SUPPORT__IMPORTED_IMAGE_H
#define CAPIMG__TESTS__SUPPORT__IMPORTED_IMAGE_H

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "libimage/core/head.h"
#include "libimage/image.h"
#include "libimage/import.h"
#include "tests/support/component.h"

namespace Capimg::Test
{

/*
 * An ELF core with the component's segments, all writeable
 *
 * All registers of its threads are zero.
 */
std::string core_of(Component const &, unsigned threads = 0);

/* changes the manifest before it is written */
using Edit = std::function<void(Schema::Manifest::Builder)>;

Image import_core(Elf_core const &, Import_options const & = {}, Profile const & = {},
				  Edit const & = {});

Image import_fixture(std::string const &name, Import_options const & = {}, Profile const & = {},
					 Edit const & = {});

/* with the layout's kernel as hint: maps of okl4 and pistachio look alike */
Image import_component(Component const &, Profile const & = {}, Edit const & = {});

/* what an independent decoder read from the fixture's memory */
nlohmann::json fixture_truth(std::string const &name);

/* a number in hexadecimal digits, with 0x */
std::uint64_t number(nlohmann::json const &);

}

#endif /* CAPIMG__TESTS__SUPPORT__IMPORTED_IMAGE_H */
