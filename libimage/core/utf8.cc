#include "utf8.h"

namespace Capimg
{

/* what may follow a lead byte: length of the sequence, and the range of its second byte */
struct Lead
{
	uint8_t first, last, length, second_min, second_max;
};

static constexpr Lead LEADS[] {
	{ 0x01, 0x7f, 1, 0x00, 0x00 }, { 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf },                                /* shorter forms */
	{ 0xe1, 0xec, 3, 0x80, 0xbf }, { 0xed, 0xed, 3, 0x80, 0x9f }, /* surrogates */
	{ 0xee, 0xef, 3, 0x80, 0xbf }, { 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf }, { 0xf4, 0xf4, 4, 0x80, 0x8f }, /* above U+10FFFF */
};

/* length of the sequence at 'at', 0 if there is none */
static size_t sequence(Const_bytes text, size_t at)
{
	uint8_t const lead = text.u8(at);
	for (Lead const &row : LEADS) {
		if (lead < row.first || lead > row.last) continue;
		if (row.length == 1) return 1;
		if (row.length > text.size() - at) return 0;

		uint8_t const second = text.u8(at + 1);
		if (second < row.second_min || second > row.second_max) return 0;

		for (size_t i = 2; i < row.length; i++)
			if ((text.u8(at + i) & 0xc0) != 0x80) return 0;
		return row.length;
	}
	return 0;
}

size_t first_invalid_utf8(Const_bytes text)
{
	size_t at = 0;
	while (at < text.size()) {
		size_t const length = sequence(text, at);
		if (length == 0) return at;
		at += length;
	}
	return at;
}

}
