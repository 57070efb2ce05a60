#include "search_pattern.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "core/memory_scan.h"
#include "image_error.h"

namespace Capimg
{

namespace
{

[[noreturn]] void fail(char const *field, Code code, std::string message, std::string hint = {})
{
	throw Image_error({ {}, code, {}, field, std::move(message), std::move(hint) });
}

void check_size(char const *field, std::size_t size)
{
	if (!size) fail(field, Code::BAD_ARGUMENT, "the pattern is empty");
	if (size > Search_pattern::MAX_SIZE)
		fail(field, Code::LIMIT,
			 "the pattern has more than " + std::to_string(Search_pattern::MAX_SIZE) + " bytes",
			 "the first ones of it will do");
}

std::optional<unsigned> digit(char c)
{
	if (c >= '0' && c <= '9') return unsigned(c - '0');
	if (c >= 'a' && c <= 'f') return unsigned(c - 'a' + 10);
	if (c >= 'A' && c <= 'F') return unsigned(c - 'A' + 10);
	return {};
}

}

void Search_pattern::_place_anchor()
{
	if (_mask.empty()) {
		_anchor_size = _size;
		return;
	}
	for (std::size_t i = 0; i < _size;) {
		std::size_t end = i;
		while (end < _size && _mask[end]) end++;
		if (end - i > _anchor_size) {
			_anchor = i;
			_anchor_size = end - i;
		}
		i = end + 1;
	}
}

Search_pattern Search_pattern::text(std::string_view text)
{
	check_size("text", text.size());
	auto const bytes = std::as_bytes(std::span(text));

	Search_pattern pattern;
	pattern._size = bytes.size();
	pattern._bytes.assign(bytes.begin(), bytes.end());
	pattern._place_anchor();
	return pattern;
}

Search_pattern Search_pattern::bytes(std::string_view text)
{
	Search_pattern pattern;
	for (std::size_t i = 0; i < text.size();) {
		if (text[i] == ' ') {
			i++;
			continue;
		}
		if (i + 1 == text.size() || text[i + 1] == ' ')
			fail("bytes", Code::BAD_ARGUMENT,
				 "the digit at position " + std::to_string(i + 1) + " has no second one",
				 "a byte is two hexadecimal digits, or '?\?'");

		bool const any = text[i] == '?' && text[i + 1] == '?';
		auto const high = digit(text[i]), low = digit(text[i + 1]);
		if (!any && (!high || !low))
			fail("bytes", Code::BAD_ARGUMENT, "position " + std::to_string(i + 1) + " is no byte",
				 "a byte is two hexadecimal digits, or '?\?'");

		pattern._bytes.push_back(any ? std::byte(0) : std::byte(*high << 4 | *low));
		pattern._mask.push_back(!any);
		check_size("bytes", pattern._bytes.size());
		i += 2;
	}
	pattern._size = pattern._bytes.size();
	check_size("bytes", pattern._size);

	if (std::ranges::find(pattern._mask, true) == pattern._mask.end())
		fail("bytes", Code::BAD_ARGUMENT, "the pattern is nothing but wildcards");
	if (std::ranges::find(pattern._mask, false) == pattern._mask.end()) pattern._mask.clear();
	pattern._place_anchor();
	return pattern;
}

Search_pattern Search_pattern::pointer(std::uint64_t first, std::uint64_t last, unsigned word_bytes,
									   bool unaligned)
{
	if (first > last)
		fail("pointer", Code::BAD_ARGUMENT, "the range ends before it begins",
			 "give it as LOW..HIGH; HIGH belongs to it");
	if (word_bytes == 4 && last > 0xffffffffu)
		fail("pointer", Code::BAD_ARGUMENT, "the component's addresses have 32 bit");

	Search_pattern pattern;
	pattern._words = true;
	pattern._size = word_bytes;
	pattern._align = unaligned ? 1 : word_bytes;
	pattern._first = first;
	pattern._last = last;
	return pattern;
}

Search_pattern Search_pattern::value(std::uint64_t value, unsigned width, bool unaligned)
{
	if (width != 1 && width != 2 && width != 4 && width != 8)
		fail("width", Code::BAD_ARGUMENT, "a value has 1, 2, 4 or 8 bytes");
	if (width < 8 && value >> (8 * width))
		fail("value", Code::BAD_ARGUMENT,
			 "the value does not fit into " + std::to_string(width) + " bytes");

	Search_pattern pattern;
	pattern._size = width;
	pattern._align = unaligned ? 1 : width;
	pattern._words = !unaligned;
	pattern._first = pattern._last = value;
	if (!unaligned) return pattern;

	for (unsigned i = 0; i < width; i++)
		pattern._bytes.push_back(std::byte(value >> (8 * i) & 0xff));
	pattern._place_anchor();
	return pattern;
}

bool Search_pattern::matches_zeros() const
{
	if (_words) return _first == 0;
	return std::ranges::all_of(_bytes, [](std::byte b) { return b == std::byte(0); });
}

bool Search_pattern::_equal(std::byte const *at) const
{
	for (std::size_t i = 0; i < _size; i++)
		if (_mask[i] && at[i] != _bytes[i]) return false;
	return true;
}

std::size_t Search_pattern::_find_bytes(std::span<std::byte const> memory, std::uint64_t,
										std::size_t from) const
{
	/* the part without wildcards leads to the rest */
	while (from + _size <= memory.size()) {
		std::byte const *const start = memory.data() + from + _anchor;
		std::size_t const room = memory.size() - from - _size + _anchor_size;
		void const *const hit = _anchor_size == 1
									? std::memchr(start, int(_bytes[_anchor]), room)
									: ::memmem(start, room, _bytes.data() + _anchor, _anchor_size);
		if (!hit) return NONE;

		from = std::size_t(static_cast<std::byte const *>(hit) - memory.data()) - _anchor;
		if (_mask.empty() || _equal(memory.data() + from)) return from;
		from++;
	}
	return NONE;
}

template <typename WORD>
std::size_t Search_pattern::_find_words(std::span<std::byte const> memory, std::uint64_t position,
										std::size_t from) const
{
	WORD const first = WORD(_first), span = WORD(_last - _first);
	auto const *const base = reinterpret_cast<std::uint8_t const *>(memory.data());

	from += std::size_t(0 - (position + from)) % _align;
	if (memory.size() < sizeof(WORD)) return NONE;
	std::size_t const end = memory.size() - sizeof(WORD);

	/* most words do not match: eight of them at a time, so that vector registers serve */
	if (_align == sizeof(WORD))
		for (; from + 7 * sizeof(WORD) <= end; from += 8 * sizeof(WORD)) {
			bool any = false;
			for (std::size_t i = 0; i < 8; i++)
				any |= WORD(load_word<WORD>(base + from + i * sizeof(WORD)) - first) <= span;
			if (any) break;
		}

	for (; from <= end; from += _align)
		if (WORD(load_word<WORD>(base + from) - first) <= span) return from;
	return NONE;
}

std::size_t Search_pattern::find(std::span<std::byte const> memory, std::uint64_t position,
								 std::size_t from) const
{
	if (!_words) return _find_bytes(memory, position, from);
	switch (_size) {
	case 1: return _find_words<std::uint8_t>(memory, position, from);
	case 2: return _find_words<std::uint16_t>(memory, position, from);
	case 4: return _find_words<std::uint32_t>(memory, position, from);
	default: return _find_words<std::uint64_t>(memory, position, from);
	}
}

}
