/*
 * image.json of a dump, read and checked
 */

#ifndef CAPIMG__BUILD_DOCUMENT_H
#define CAPIMG__BUILD_DOCUMENT_H

#include <string>
#include <vector>

#include "core/head.h"
#include "dump_format.h"
#include "input_directory.h"

namespace Capimg
{

struct Build_document
{
	struct Dataspace
	{
		std::uint32_t id = 0;
		std::uint64_t size = 0;
		std::vector<Dump_format::Hole> holes {}; /* ascending, disjoint, of whole blocks */
	};

	struct Section
	{
		Section_kind kind {};
		std::uint32_t flags = 0;
		std::vector<std::byte> provenance {}; /* message; of other kinds there is a file */
	};

	Head head {};
	std::vector<std::byte> manifest {}; /* message that core accepts */
	std::vector<Dataspace> dataspaces {};
	std::vector<Section> sections {};

	/* throws 'Image_error' */
	explicit Build_document(Input_directory const &);
};

}

#endif /* CAPIMG__BUILD_DOCUMENT_H */
