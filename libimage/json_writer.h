/*
 * JSON text, written as it comes
 *
 * Holds no document: memory does not grow with what is written. Objects and arrays that hold no
 * others stand on one line if they fit into it, so that tables read as tables and lines of a
 * version control system's diff mean something. The same calls give the same bytes. Strings
 * must be UTF-8. Errors are those of the sink. Not thread-safe.
 */

#ifndef CAPIMG__JSON_WRITER_H
#define CAPIMG__JSON_WRITER_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json_value.h"
#include "sink.h"

namespace Capimg
{

class Json_writer
{
	static constexpr std::size_t FLUSH_AT = 64 * 1024;

	struct Frame
	{
		bool object;
		bool broken = false;   /* over several lines */
		std::size_t items = 0; /* that are written; those of a frame not broken are pending */
	};

	Sink &_sink;
	std::size_t const _width;
	std::string _text {};
	std::vector<Frame> _frames {};
	std::vector<std::string> _pending {}; /* items of the innermost frame */
	std::size_t _pending_size = 0;
	std::size_t _column = 0; /* where the innermost frame's line has got to */
	std::string _prefix {};  /* key of the next value, with its colon */

	void _line();
	void _item(std::string_view);
	void _break();
	void _begin(bool object);
	void _end();

  public:
	/* 'width': columns that an object or array may take to stand on one line */
	explicit Json_writer(Sink &sink, std::size_t width = 100) : _sink(sink), _width(width) {}

	void begin_object() { _begin(true); }
	void end_object() { _end(); }
	void begin_array() { _begin(false); }
	void end_array() { _end(); }

	/* of the next value, in an object */
	Json_writer &key(std::string_view);

	void null() { _item("null"); }
	void boolean(bool value) { _item(value ? "true" : "false"); }
	void number(std::uint64_t value) { _item(std::to_string(value)); }
	void integer(std::int64_t value) { _item(std::to_string(value)); }
	void text(std::string_view);

	/* as json_value.h describes them */
	void hex(std::uint64_t value) { text(hex_text(value)); }
	void decimal(std::uint64_t value) { text(std::to_string(value)); }
	void signed_decimal(std::int64_t value) { text(std::to_string(value)); }
	void bytes(std::span<std::byte const> value) { text(bytes_text(value)); }

	/* any value; floats are not for us, and are written as null */
	void value(Json const &);

	/* end the document with a newline, and pass all text on */
	void finish();
};

/* the document as text */
std::string json_text(Json const &);

}

#endif /* CAPIMG__JSON_WRITER_H */
