#include "strict_json.h"

#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "image_error.h"
#include "json_path.h"

namespace Capimg
{

using nlohmann::ordered_json;

namespace
{

/* tells how far the parser has read: its events do not say where they are */
class Watched_input
{
	char const *_at = nullptr;
	char const **_seen = nullptr;

  public:
	using difference_type = std::ptrdiff_t;
	using value_type = char;
	using pointer = char const *;
	using reference = char const &;
	using iterator_category = std::input_iterator_tag;

	Watched_input(char const *at, char const **seen) : _at(at), _seen(seen) {}

	char const &operator*() const { return *_at; }
	Watched_input &operator++()
	{
		*_seen = ++_at;
		return *this;
	}
	bool operator==(Watched_input const &other) const { return _at == other._at; }
	bool operator!=(Watched_input const &other) const { return _at != other._at; }
};

/* an object or array that is not closed yet */
struct Frame
{
	bool object;
	std::size_t first_value; /* of its elements or members in 'values' */
	std::size_t first_key;   /* of its members in 'keys' */

	/*
	 * keys of an object that has too many of them to look through: ordered, as whoever writes a
	 * document can choose keys that a hash table's function maps to one bucket
	 */
	std::unique_ptr<std::set<std::string>> index {};
};

/* collects the values of all open frames on one stack */
class Document
{
	static constexpr std::size_t FEW_KEYS = 16;

	std::string_view const _text;
	std::string const &_file;
	char const *const *_seen;

	std::vector<ordered_json> _values {};
	std::vector<std::string> _keys {};
	std::vector<Frame> _frames {};

	std::size_t _offset() const { return std::size_t(*_seen - _text.data()); }

	std::string _path(bool inside_key) const;
	[[noreturn]] void _fail(Code, std::size_t offset, std::string const &message,
							std::string const &hint = {}, bool inside_key = false) const;

	bool _add(ordered_json value)
	{
		_values.push_back(std::move(value));
		return true;
	}

	bool _open(bool object);
	bool _known(Frame &, std::string const &key) const;
	std::size_t _start_of_string() const;

  public:
	using number_integer_t = ordered_json::number_integer_t;
	using number_unsigned_t = ordered_json::number_unsigned_t;
	using number_float_t = ordered_json::number_float_t;
	using string_t = ordered_json::string_t;
	using binary_t = ordered_json::binary_t;

	Document(std::string_view text, std::string const &file, char const *const *seen)
		: _text(text), _file(file), _seen(seen)
	{}

	ordered_json result() { return std::move(_values.front()); }

	/* ---- events of nlohmann's parser ---- */

	bool null() { return _add(nullptr); }
	bool boolean(bool value) { return _add(value); }
	bool number_integer(number_integer_t value) { return _add(value); }
	bool number_unsigned(number_unsigned_t value) { return _add(value); }
	bool number_float(number_float_t, string_t const &);
	bool string(string_t &value) { return _add(std::move(value)); }
	bool binary(binary_t &) { return false; }
	bool start_object(std::size_t) { return _open(true); }
	bool key(string_t &);
	bool end_object();
	bool start_array(std::size_t) { return _open(false); }
	bool end_array();
	bool parse_error(std::size_t, std::string const &, nlohmann::detail::exception const &);
};

/* of the value that is being read; 'inside_key': of the object that holds the key being read */
std::string Document::_path(bool inside_key) const
{
	std::vector<Json_path> paths { Json_path(_file) };
	paths.reserve(_frames.size() + 1);

	for (std::size_t i = 0; i < _frames.size(); i++) {
		Frame const &frame = _frames[i];
		bool const last = i + 1 == _frames.size();
		std::size_t const next_value = last ? _values.size() : _frames[i + 1].first_value;
		std::size_t const next_key = last ? _keys.size() : _frames[i + 1].first_key;
		std::size_t const count = next_value - frame.first_value;

		if (!frame.object)
			paths.push_back(paths.back().element(count));
		else if (next_key - frame.first_key > count && !(last && inside_key))
			paths.push_back(paths.back().child(_keys[next_key - 1]));
	}
	return paths.back().text();
}

void Document::_fail(Code code, std::size_t offset, std::string const &message,
					 std::string const &hint, bool inside_key) const
{
	throw Image_error({ _file, code, offset, _path(inside_key), message, hint });
}

bool Document::number_float(number_float_t, string_t const &token)
{
	/* the parser has looked at the byte behind a number, unless it was the last one */
	std::size_t const ahead = *_seen == _text.data() + _text.size() ? 0 : 1;
	std::size_t const end = _offset() - ahead;
	std::size_t const offset = end - std::min(end, token.size());

	_fail(Code::INVALID, offset,
		  "the number " + quoted_key(token.substr(0, 40)) + " is not an integer of 64 bit",
		  "write integers in full, and 64-bit ones as strings");
}

/* the quote that the string which ends at the parser's place began with */
std::size_t Document::_start_of_string() const
{
	std::size_t at = _offset() - 1;
	while (at > 0) {
		at--;
		if (_text[at] != '"') continue;
		std::size_t escapes = 0;
		while (escapes < at && _text[at - 1 - escapes] == '\\') escapes++;
		if (escapes % 2 == 0) break;
	}
	return at;
}

bool Document::_known(Frame &frame, std::string const &key) const
{
	if (_keys.size() - frame.first_key < FEW_KEYS) {
		for (std::size_t i = frame.first_key; i < _keys.size(); i++)
			if (_keys[i] == key) return true;
		return false;
	}
	if (!frame.index)
		frame.index = std::make_unique<std::set<std::string>>(
			_keys.begin() + std::ptrdiff_t(frame.first_key), _keys.end());
	return !frame.index->insert(key).second;
}

bool Document::key(string_t &key)
{
	if (_known(_frames.back(), key))
		_fail(Code::DUPLICATE, _start_of_string(), "the key " + quoted_key(key) + " is there twice",
			  "remove one of the two", true);
	_keys.push_back(std::move(key));
	return true;
}

bool Document::_open(bool object)
{
	if (_frames.size() == MAX_JSON_DEPTH)
		_fail(Code::LIMIT, _offset() - 1,
			  "objects and arrays are nested deeper than " + std::to_string(MAX_JSON_DEPTH));
	_frames.push_back({ object, _values.size(), _keys.size() });
	return true;
}

/* containers are made when all that is in them is there: of the right size, nothing copied */
bool Document::end_object()
{
	Frame const &frame = _frames.back();
	ordered_json object = ordered_json::object();
	ordered_json::object_t::Container &members = object.get_ref<ordered_json::object_t &>();

	members.reserve(_keys.size() - frame.first_key);
	for (std::size_t i = 0; i < _keys.size() - frame.first_key; i++)
		members.emplace_back(std::move(_keys[frame.first_key + i]),
							 std::move(_values[frame.first_value + i]));

	_keys.resize(frame.first_key);
	_values.resize(frame.first_value);
	_frames.pop_back();
	return _add(std::move(object));
}

bool Document::end_array()
{
	Frame const &frame = _frames.back();
	auto const first = _values.begin() + std::ptrdiff_t(frame.first_value);

	ordered_json array = ordered_json::array();
	array.get_ref<ordered_json::array_t &>().assign(std::make_move_iterator(first),
													std::make_move_iterator(_values.end()));
	_values.erase(first, _values.end());
	_frames.pop_back();
	return _add(std::move(array));
}

bool Document::parse_error(std::size_t position, std::string const &,
						   nlohmann::detail::exception const &e)
{
	/*
	 * "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while
	 * parsing value - invalid literal; last read: 'x'; expected …": the token that was read may
	 * be anything, of any size
	 */
	std::string message = e.what();
	if (std::size_t const at = message.find("line "); at != std::string::npos) message.erase(0, at);
	if (std::size_t const at = message.find("; last read: '"); at != std::string::npos)
		message.erase(at, message.rfind("'; expected ") + 1 - at);

	/* a number that only a float of infinite size could hold */
	bool const range = dynamic_cast<nlohmann::detail::out_of_range const *>(&e) != nullptr;
	if (range) message = "a number is not an integer of 64 bit";

	std::size_t const offset = range ? _offset() : position ? position - 1 : 0;
	_fail(Code::INVALID, std::min(offset, _text.size()), message);
}

}

ordered_json parse_json(std::string_view text, std::string const &file)
{
	if (text.size() > MAX_JSON_SIZE)
		throw Image_error({ file,
							Code::LIMIT,
							MAX_JSON_SIZE,
							"document",
							"the document is larger than 1 GiB",
							{} });

	/* a byte order mark is not JSON, though the parser would skip it */
	if (text.starts_with("\xef\xbb\xbf"))
		throw Image_error({ file, Code::INVALID, 0, "document",
							"the document begins with a byte order mark", "remove it" });

	/* nor is a NUL, which the parser would take for the end */
	if (std::size_t const at = text.find('\0'); at != text.npos)
		throw Image_error({ file, Code::INVALID, at, "document", "the document has a NUL", {} });

	char const *seen = text.data();
	Document document(text, file, &seen);
	Watched_input const begin(text.data(), &seen), end(text.data() + text.size(), &seen);
	ordered_json::sax_parse(begin, end, &document);
	return document.result();
}

}
