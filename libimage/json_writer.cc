#include "json_writer.h"

#include <algorithm>

namespace Capimg
{

static bool plain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

static std::string quoted(std::string_view text)
{
	/* names and numbers, which is nearly everything */
	if (std::ranges::all_of(text, plain)) return '"' + std::string(text) + '"';

	return Json(std::string(text)).dump();
}

/* begin a line for the next item of the innermost frame */
void Json_writer::_line()
{
	if (_frames.back().items++) _text += ',';
	_text += '\n';
	_text.append(2 * _frames.size(), ' ');

	if (_text.size() < FLUSH_AT) return;
	std::span<std::byte const> const piece = std::as_bytes(std::span(_text));
	_sink.append({ &piece, 1 });
	_text.clear();
}

/* the innermost frame does not fit into one line */
void Json_writer::_break()
{
	if (_frames.empty() || _frames.back().broken) return;
	_frames.back().broken = true;
	for (std::string const &item : _pending) {
		_line();
		_text += item;
	}
	_pending.clear();
	_pending_size = 0;
}

void Json_writer::_item(std::string_view value)
{
	std::string item = std::move(_prefix);
	_prefix.clear();
	item += value;

	if (_frames.empty()) {
		_text += item;
		return;
	}
	if (_frames.back().broken) {
		_line();
		_text += item;
		return;
	}
	_pending_size += item.size() + 2;
	_pending.push_back(std::move(item));
	if (_column + _pending_size > _width) _break();
}

void Json_writer::_begin(bool object)
{
	_break();
	if (!_frames.empty()) _line();

	_column = 2 * _frames.size() + _prefix.size() + 3;
	_text += _prefix;
	_prefix.clear();
	_text += object ? '{' : '[';
	_frames.push_back({ object });
}

void Json_writer::_end()
{
	Frame const frame = _frames.back();
	_frames.pop_back();

	if (frame.broken) {
		_text += '\n';
		_text.append(2 * _frames.size(), ' ');
	} else if (!_pending.empty()) {
		_text += ' ';
		for (std::size_t i = 0; i < _pending.size(); i++) {
			if (i) _text += ", ";
			_text += _pending[i];
		}
		_text += ' ';
		_pending.clear();
		_pending_size = 0;
	}
	_text += frame.object ? '}' : ']';
}

Json_writer &Json_writer::key(std::string_view name)
{
	_prefix = quoted(name) + ": ";
	return *this;
}

void Json_writer::text(std::string_view value) { _item(quoted(value)); }

void Json_writer::value(Json const &value)
{
	if (value.is_object()) {
		begin_object();
		for (auto const &[name, member] : value.items()) key(name).value(member);
		return end_object();
	}
	if (value.is_array()) {
		begin_array();
		for (Json const &element : value) this->value(element);
		return end_array();
	}
	if (value.is_string()) return text(value.get_ref<std::string const &>());
	if (value.is_boolean()) return boolean(value.get<bool>());
	if (value.is_number_unsigned()) return number(value.get<std::uint64_t>());
	if (value.is_number_integer()) return integer(value.get<std::int64_t>());
	null();
}

void Json_writer::finish()
{
	_text += '\n';
	std::span<std::byte const> const piece = std::as_bytes(std::span(_text));
	_sink.append({ &piece, 1 });
	_text.clear();
}

std::string json_text(Json const &value)
{
	Memory_sink sink;
	Json_writer json(sink);
	json.value(value);
	json.finish();
	return std::string(reinterpret_cast<char const *>(sink.bytes().data()), sink.bytes().size());
}

}
