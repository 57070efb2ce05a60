/*
 * Any text as the JSON of a manifest
 *
 * Refused with a path, or it becomes a message that core accepts, whose JSON is the same message
 * again.
 */

#include <cstdio>
#include <cstdlib>

#include "libimage/core/generated/image.h"
#include "libimage/message_json.h"
#include "libimage/strict_json.h"

using namespace Capimg;

static void require(bool holds, char const *what)
{
	if (holds) return;
	std::fprintf(stderr, "%s\n", what);
	std::abort();
}

/* small, so that a list whose elements are large does not take all the time */
static constexpr Wire::Limits LIMITS { 1 << 20, 1 << 20 };

static std::vector<std::byte> message_of(std::string_view text)
{
	static std::string const name = "input";
	return message_from_json(parse_json(text, name), Json_path(name), Metadata::Manifest::shape,
							 LIMITS);
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size)
{
	std::vector<std::byte> message;
	try {
		message = message_of({ reinterpret_cast<char const *>(data), size });
	} catch (Image_error const &e) {
		require(!e.info().field.empty(), "an error without a path");
		require(e.info().offset.value_or(0) <= size, "offset of an error lies outside");
		return 0;
	}

	auto const root =
		Wire::check({ message.data(), message.size() }, Metadata::Manifest::shape, LIMITS);
	require(!root.failed(), "core refuses the message");

	Memory_sink sink;
	Json_writer json(sink);
	write_message(json, Metadata::Manifest::shape, *root);
	json.finish();
	std::string_view const text(reinterpret_cast<char const *>(sink.bytes().data()),
								sink.bytes().size());
	require(message_of(text) == message, "its JSON is another message");
	return 0;
}
