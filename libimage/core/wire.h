/*
 * Cap'n Proto on the wire: what reading, writing and checking share
 *
 * A message is one segment in the standard stream framing: u32 0 (number of segments - 1),
 * u32 number of words, then the words, 8 bytes each, little-endian. Word 0 is the root
 * pointer. Only the part of the encoding that capimg allows is here: no far pointers, no
 * capabilities. Source: https://capnproto.org/encoding.html
 */

#ifndef CAPIMG__CORE__WIRE_H
#define CAPIMG__CORE__WIRE_H

#include "bytes.h"

namespace Capimg::Wire
{

static constexpr size_t WORD = 8;    /* bytes of a word */
static constexpr size_t FRAMING = 8; /* bytes before word 0 */

/*
 * Words of a segment, and elements of a list: the widths of the pointer's fields
 *
 * A message is at most 4 GiB therefore; callers set lower limits of their own.
 */
static constexpr uint32_t MAX_WORDS = (1u << 29) - 1;
static constexpr uint32_t MAX_ELEMENTS = (1u << 29) - 1;

/*
 * Objects with pointers that may lie within each other
 *
 * The schema needs 4, the rest is for its newer versions. Bounds the memory of the checker and
 * of the builder, and is below Cap'n Proto's own default of 64.
 */
static constexpr unsigned MAX_DEPTH = 16;

/* element size of a list, as the pointer encodes it */
enum class Element : uint8_t {
	VOID,
	BIT,
	BYTE,
	TWO_BYTES,
	FOUR_BYTES,
	EIGHT_BYTES,
	POINTER,
	STRUCT
};

/* bits of an element; 0 for STRUCT, whose elements say it themselves */
constexpr uint32_t element_bits(Element element)
{
	constexpr uint8_t BITS[] { 0, 1, 8, 16, 32, 64, 64, 0 };
	return BITS[unsigned(element) & 7];
}

/* words of a list of 'count' elements of 'element', which is not STRUCT */
constexpr uint64_t list_words(Element element, uint32_t count)
{
	return (uint64_t(count) * element_bits(element) + 63) / 64;
}

/* element size of a value of type T in a list */
template <typename T>
constexpr Element element_of()
{
	constexpr Element BY_SIZE[] { Element::VOID, Element::BYTE,       Element::TWO_BYTES,
								  Element::VOID, Element::FOUR_BYTES, Element::VOID,
								  Element::VOID, Element::VOID,       Element::EIGHT_BYTES };
	return BY_SIZE[sizeof(T)];
}

template <>
constexpr Element element_of<bool>()
{
	return Element::BIT;
}

/* one pointer word, taken apart */
struct Pointer
{
	enum Kind : uint8_t { STRUCT, LIST, FAR, OTHER };

	uint64_t bits = 0;

	bool null() const { return bits == 0; }
	Kind kind() const { return Kind(bits & 3); }

	/* words from the end of the pointer to its target */
	int32_t offset() const { return int32_t(uint32_t(bits)) >> 2; }

	/* STRUCT, and the tag of a list of structs */
	uint16_t data_words() const { return uint16_t(bits >> 32); }
	uint16_t pointers() const { return uint16_t(bits >> 48); }

	/* LIST; for Element::STRUCT the count is that of the words behind the tag */
	Element element() const { return Element((bits >> 32) & 7); }
	uint32_t count() const { return uint32_t(bits >> 35); }

	/* tag of a list of structs */
	uint32_t tag_count() const { return uint32_t(bits) >> 2; }

	static Pointer structure(int32_t offset, uint16_t data_words, uint16_t pointers)
	{
		return { uint64_t(uint32_t(offset) << 2) | uint64_t(data_words) << 32 |
				 uint64_t(pointers) << 48 };
	}

	static Pointer list(int32_t offset, Element element, uint32_t count)
	{
		return { uint64_t(uint32_t(offset) << 2) | LIST | uint64_t(element) << 32 |
				 uint64_t(count) << 35 };
	}
};

/* a struct without data and pointers takes no word: its pointer points at itself */
static constexpr uint64_t EMPTY_STRUCT = 0xfffffffc;

/* the value of a field of type Void */
struct Void
{};

/*
 * Text: UTF-8 without NUL, owned by somebody else
 *
 * 'string' is terminated by NUL where the text comes from a message or from a C string.
 */
class Text
{
	char const *_base = "";
	size_t _size = 0;

  public:
	Text() = default;
	Text(char const *base, size_t size) : _base(base), _size(size) {}

	/* null is the empty text */
	Text(char const *string) : _base(string ? string : "")
	{
		while (_base[_size]) _size++;
	}

	char const *string() const { return _base; }
	size_t size() const { return _size; }
	bool empty() const { return _size == 0; }
	Const_bytes bytes() const { return Const_bytes(_base, _size); }

	bool operator==(Text const &other) const { return bytes() == other.bytes(); }
};

}

#endif /* CAPIMG__CORE__WIRE_H */
