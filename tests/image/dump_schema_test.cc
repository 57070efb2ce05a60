/*
 * docs/schemas/dump.schema.json says of the metadata what schema/image.capnp says
 *
 * Its definitions of structs are generated. After a change of the schema, write them anew with
 * CAPIMG_UPDATE_SCHEMAS=1 in the environment of this test.
 */

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

#include "libimage/core/generated/image.h"
#include "libimage/json_writer.h"
#include "libimage/strict_json.h"
#include "tests/support/struct_schemas.h"

namespace Capimg
{

static std::string const PATH = CAPIMG_SOURCE_DIR "/docs/schemas/dump.schema.json";

/* the definitions written by hand begin in lower case, structs in upper case */
static bool generated(std::string const &name)
{
	return std::isupper(static_cast<unsigned char>(name[0]));
}

TEST(Dump_schema, is_that_of_the_structs)
{
	std::ifstream file(PATH);
	std::string const text { std::istreambuf_iterator<char>(file), {} };
	Json const current = parse_json(text, PATH);

	Json definitions = Json::object();
	for (auto const &[name, definition] : current["$defs"].items())
		if (!generated(name)) definitions[name] = definition;
	Capimg::Test::add_struct_schemas(definitions, Metadata::Manifest::shape);
	Capimg::Test::add_struct_schemas(definitions, Metadata::Provenance::shape);

	Json expected = current;
	expected["$defs"] = definitions;
	std::string const wanted = json_text(expected);

	if (std::getenv("CAPIMG_UPDATE_SCHEMAS")) std::ofstream(PATH) << wanted;
	EXPECT_EQ(text == wanted || std::getenv("CAPIMG_UPDATE_SCHEMAS"), true)
		<< "stale: run this test with CAPIMG_UPDATE_SCHEMAS=1";
}

}
