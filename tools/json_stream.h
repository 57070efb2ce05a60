/*
 * A JSON document on standard output that is written as it comes, for long ones
 *
 * Looks as 'print_json' would print it.
 */

#ifndef CAPIMG__TOOLS__JSON_STREAM_H
#define CAPIMG__TOOLS__JSON_STREAM_H

#include "libimage/json_writer.h"

namespace Capimg
{

class Json_stream
{
	struct Standard_output final : Sink
	{
		void append(std::span<std::span<std::byte const> const>) override;
		void read_at(std::uint64_t, std::span<std::byte>) override;
	};

	Standard_output _sink {};
	Json_writer _writer { _sink };

  public:
	/* 'schema' is the document's first value */
	explicit Json_stream(char const *schema)
	{
		_writer.begin_object();
		_writer.key("schema").text(schema);
	}

	Json_writer &writer() { return _writer; }

	/* all keys of an object, as items of the innermost one */
	void members(Json const &object)
	{
		for (auto const &[key, value] : object.items()) _writer.key(key).value(value);
	}

	void finish()
	{
		_writer.end_object();
		_writer.finish();
	}
};

}

#endif /* CAPIMG__TOOLS__JSON_STREAM_H */
