/*
 * Schemas that are part of the program
 */

#ifndef CAPIMG__TOOLS__DOCUMENTS_H
#define CAPIMG__TOOLS__DOCUMENTS_H

#include <span>
#include <string_view>

namespace Capimg
{

struct Document
{
	char const *name; /* "image.capnp", or the command whose JSON it describes */
	std::string_view text;
};

/* generated at build time from schema/image.capnp and docs/schemas */
std::span<Document const> documents();

}

#endif /* CAPIMG__TOOLS__DOCUMENTS_H */
