#include "public_key.h"

namespace Capimg
{

/* all that stands before the key in its DER form (RFC 8410, section 10) */
static constexpr uint8_t PREFIX[] { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
									0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };

static constexpr size_t DER_SIZE = sizeof(PREFIX) + Signature::KEY_SIZE;

static constexpr char BEGIN[] = "-----BEGIN PUBLIC KEY-----";
static constexpr char END[] = "-----END PUBLIC KEY-----";

/* offset of the first 'mark' from 'at' on, or the text's size */
template <size_t N>
static size_t find(Const_bytes text, size_t at, char const (&mark)[N])
{
	static constexpr size_t SIZE = N - 1;
	for (; at + SIZE <= text.size(); at++)
		if (equal_memory(text.base() + at, mark, SIZE)) return at;
	return text.size();
}

static bool is_space(uint8_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* six bits, or 64 */
static uint8_t base64_digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z') return uint8_t(c - 'A');
	if (c >= 'a' && c <= 'z') return uint8_t(c - 'a' + 26);
	if (c >= '0' && c <= '9') return uint8_t(c - '0' + 52);
	return c == '+' ? 62 : c == '/' ? 63 : 64;
}

/* exactly 'out' in base64 (RFC 4648), between whose characters there may be white space */
static bool decode_base64(Const_bytes text, Bytes out)
{
	uint32_t bits = 0, held = 0;
	size_t done = 0, at = 0, digits = 0;
	for (; at < text.size(); at++) {
		uint8_t const c = text.u8(at);
		if (is_space(c)) continue;
		uint8_t const digit = base64_digit(c);
		if (digit == 64) break;
		digits++;
		bits = (bits << 6 | digit) & 0xfff;
		held += 6;
		if (held < 8) continue;
		held -= 8;
		if (done == out.size()) return false;
		out.u8(done++, uint8_t(bits >> held));
	}
	if (done != out.size() || held >= 6 || (bits & ((1u << held) - 1))) return false;

	for (; at < text.size(); at++) {
		if (is_space(text.u8(at))) continue;
		if (text.u8(at) != '=') return false;
		digits++;
	}
	return digits == (out.size() + 2) / 3 * 4;
}

Result<Key_bytes> read_public_key(Const_bytes text)
{
	if (text.size() > Key_bytes::MAX_TEXT)
		return Error { Code::LIMIT, 0, "key", text.size(), Key_bytes::MAX_TEXT };

	size_t const begin = find(text, 0, BEGIN);
	size_t const end = find(text, begin, END);
	if (end == text.size()) return Error { Code::INVALID, 0, "key", 0, 0 };

	size_t const from = begin + sizeof(BEGIN) - 1;
	uint8_t der[DER_SIZE] {};
	if (!decode_base64(Const_bytes(text.base() + from, end - from), Bytes(der, DER_SIZE)) ||
		!equal_memory(der, PREFIX, sizeof(PREFIX)))
		return Error { Code::INVALID, from, "key", 0, 0 };

	Key_bytes key;
	copy_memory(key.value, der + sizeof(PREFIX), sizeof(key.value));
	return key;
}

}
