/*
 * Any bytes as a manifest
 *
 * What core accepts, Cap'n Proto's library must read with equal values, and must copy to the
 * same bytes: they were in normal form. What core finds to be in another order, cut short, or
 * padded, must not be in normal form for the library either.
 */

#include <cstdio>
#include <cstdlib>

#include <kj/exception.h>

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

/* each word of a normal form is visited once; others may refer to the same words many times */
static bool in_normal_form(Const_bytes message)
try {
	Test::Official_message official(message, message.size() / sizeof(capnp::word) + 16);
	auto const root = official.root(capnp::Schema::from<Schema::Manifest>());
	std::vector<uint8_t> const copy = Test::normalized(root);
	return Const_bytes(copy.data(), copy.size()) == message;
} catch (kj::Exception const &) {
	return false;
}

extern "C" int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	Const_bytes const message(data, size);
	Result<Metadata::Manifest::Reader> const core = Wire::open<Metadata::Manifest>(message, {});
	if (core.failed()) {
		require(core.error().offset <= size, "offset of an error lies outside");
		require(core.error().field && *core.error().field, "an error names no field");
		Code const code = core.error().code;
		bool const form =
			code == Code::OUT_OF_ORDER || code == Code::TRUNCATED || code == Code::NOT_ZERO;
		require(!form || !in_normal_form(message), "normal form is refused");
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
