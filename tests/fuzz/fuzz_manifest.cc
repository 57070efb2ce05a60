/*
 * Any bytes as a manifest
 *
 * What core accepts, Cap'n Proto's library must read with equal values, and must copy to the
 * same bytes: they were in normal form.
 */

#include <cstdio>
#include <cstdlib>

#include "image.capnp.h"
#include "input_shape.h"
#include "libimage/core/wire_check.h"
#include "tests/support/manifest_compare.h"

using namespace Capimg;

Test::Input_shape const Capimg::Test::input_shape { 0, 0, true };

static void require(bool holds, char const *what)
{
	if (holds) return;
	std::fprintf(stderr, "%s\n", what);
	std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	Const_bytes const message(data, size);
	Result<Metadata::Manifest::Reader> const core = Wire::open<Metadata::Manifest>(message, {});
	if (core.failed()) {
		require(core.error().offset <= size, "offset of an error lies outside");
		return 0;
	}

	Test::Official_message official(message);
	auto const root = official.root(capnp::Schema::from<Schema::Manifest>());
	std::string const difference = Test::difference(*core, root);
	require(difference.empty(), difference.c_str());

	std::vector<uint8_t> const copy = Test::normalized(root);
	require(Const_bytes(copy.data(), copy.size()) == message, "not in normal form");
	return 0;
}
