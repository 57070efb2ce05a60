/*
 * A JSON document that is written as it comes, for long ones
 *
 * Looks as 'print_json' would print it. Goes to standard output, unless a sink is given: an
 * 'Output_file', where reading may still fail, so that no half of a document comes out.
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

	Standard_output _standard_output {};
	Json_writer _writer;

  public:
	/* 'schema' is the document's first value */
	explicit Json_stream(char const *schema, Sink *sink = nullptr)
		: _writer(sink ? *sink : _standard_output)
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
