#include "printable.h"

#include <cstdint>
#include <cstdio>
#include <iterator>

namespace Capimg
{

/* one code point of UTF-8; 'valid' is false for a byte that starts none */
struct Character
{
	std::uint32_t code = 0;
	std::size_t size = 1;
	bool valid = false;
};

struct Range
{
	std::uint32_t first, last;
};

/* never shown as they are: C0 and C1 controls, line separators, bidirectional controls, BOM */
static constexpr Range UNSAFE[] {
	{ 0x00, 0x1f },     { 0x7f, 0x9f },     { 0x61c, 0x61c },   { 0x200e, 0x200f },
	{ 0x2028, 0x202e }, { 0x2066, 0x2069 }, { 0xfeff, 0xfeff },
};

/* take no column */
static constexpr Range COMBINING[] {
	{ 0x300, 0x36f },   { 0x483, 0x489 },   { 0x591, 0x5bd },   { 0x610, 0x61a },
	{ 0x64b, 0x65f },   { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x200b, 0x200d },
	{ 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xe0100, 0xe01ef },
};

/* take two columns: East Asian wide and full-width forms, emoji */
static constexpr Range WIDE[] {
	{ 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0xa4cf },   { 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff },   { 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },
	{ 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
};

template <std::size_t N>
static bool contains(Range const (&ranges)[N], std::uint32_t code)
{
	for (Range const &range : ranges)
		if (code >= range.first && code <= range.last) return true;
	return false;
}

static Character decode(std::string_view text)
{
	/* by the number of bytes: lead byte's mask and bits, and the least code (no overlong forms) */
	static constexpr struct
	{
		unsigned char mask, bits;
		std::uint32_t least;
	} FORMS[] {
		{ 0x80, 0x00, 0 },
		{ 0xe0, 0xc0, 0x80 },
		{ 0xf0, 0xe0, 0x800 },
		{ 0xf8, 0xf0, 0x10000 },
	};

	auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };

	for (std::size_t size = 1; size <= std::size(FORMS); size++) {
		auto const &form = FORMS[size - 1];
		if ((byte(0) & form.mask) != form.bits) continue;
		if (text.size() < size) break;

		std::uint32_t code = byte(0) & static_cast<unsigned char>(~form.mask);
		for (std::size_t i = 1; i < size; i++) {
			if ((byte(i) & 0xc0) != 0x80) return {};
			code = (code << 6) | (byte(i) & 0x3f);
		}
		bool const surrogate = code >= 0xd800 && code <= 0xdfff;
		if (code < form.least || code > 0x10ffff || surrogate) break;
		return { .code = code, .size = size, .valid = true };
	}
	return { .code = byte(0) };
}

static std::size_t columns_of(Character const &c)
{
	if (contains(COMBINING, c.code)) return 0;
	return contains(WIDE, c.code) ? 2 : 1;
}

std::string printable(std::string_view text)
{
	std::string out;
	while (!text.empty()) {
		Character const c = decode(text);
		char escape[16] {};
		if (!c.valid || (c.code < 0x80 && contains(UNSAFE, c.code)))
			std::snprintf(escape, sizeof(escape), "\\x%02x", static_cast<unsigned char>(text[0]));
		else if (contains(UNSAFE, c.code))
			std::snprintf(escape, sizeof(escape), "\\u{%x}", unsigned(c.code));

		if (*escape)
			out += escape;
		else
			out += text.substr(0, c.size);
		text.remove_prefix(c.size);
	}
	return out;
}

std::size_t columns(std::string_view text)
{
	std::size_t total = 0;
	while (!text.empty()) {
		Character const c = decode(text);
		total += columns_of(c);
		text.remove_prefix(c.size);
	}
	return total;
}

std::string shortened(std::string_view text, std::size_t width)
{
	if (columns(text) <= width) return std::string(text);
	if (!width) return {};

	std::size_t used = 0, bytes = 0;
	for (std::string_view rest = text; !rest.empty();) {
		Character const c = decode(rest);
		if (used + columns_of(c) > width - 1) break;
		used += columns_of(c);
		bytes += c.size;
		rest.remove_prefix(c.size);
	}
	return std::string(text.substr(0, bytes)) + "\u2026";
}

}
