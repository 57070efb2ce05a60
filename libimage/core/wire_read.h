/*
 * Reading a Cap'n Proto message
 *
 * Readers are small values that refer to the caller's bytes and own nothing. They may be used
 * on any bytes, checked or not: an access outside of the message, a pointer of the wrong kind
 * and a field that the writer's schema did not have give the default, which is 0, false or
 * empty. Nothing here fails, so nothing tells damage from default: check a message with
 * wire_check.h before its values are used. Readers of unchecked bytes must not be followed
 * recursively without a bound, for pointers may form cycles.
 *
 * Any number of threads may read one message.
 */

#ifndef CAPIMG__CORE__WIRE_READ_H
#define CAPIMG__CORE__WIRE_READ_H

#include "wire.h"

namespace Capimg::Wire
{

/* where a list lies; elements of STRUCT are 'data_words + pointers' words each, never 0 */
struct List_place
{
	uint32_t at = 0; /* word of element 0 */
	uint32_t count = 0;
	uint16_t data_words = 0;
	uint16_t pointers = 0;
};

/* the words of a message, from the root pointer on */
class Segment
{
	Const_bytes _bytes {};

  public:
	Segment() = default;

	/* whole words of 'bytes' only */
	explicit Segment(Const_bytes bytes)
		: _bytes(bytes.base(), min<size_t>(bytes.size() / WORD, MAX_WORDS) * WORD)
	{}

	uint32_t words() const { return uint32_t(_bytes.size() / WORD); }
	Const_bytes bytes() const { return _bytes; }
	uint64_t word(uint32_t at) const { return _bytes.u64(size_t(at) * WORD); }

	bool holds(int64_t at, uint64_t words) const
	{
		return at >= 0 && within(uint64_t(at), words, this->words());
	}

	/* what the pointer at word 'at' refers to, all of it within the segment; else empty */
	List_place structure(uint32_t at) const;
	List_place list(uint32_t at, Element) const;
	Const_bytes data(uint32_t at) const;
	Text text(uint32_t at) const;
};

/* list of values: integers of any width, bool, enums */
template <typename T>
class Value_list_reader
{
	Segment _segment {};
	List_place _place {};

  public:
	Value_list_reader() = default;
	Value_list_reader(Segment segment, List_place place) : _segment(segment), _place(place) {}

	uint32_t size() const { return _place.count; }

	/* byte offset of element 0 within the message, for errors */
	uint64_t offset() const { return FRAMING + uint64_t(_place.at) * WORD; }

	T operator[](uint32_t i) const
	{
		if (i >= _place.count) return T(0);
		size_t const base = size_t(_place.at) * WORD;
		if constexpr (element_of<T>() == Element::BIT)
			return (_segment.bytes().u8(base + i / 8) >> (i % 8)) & 1;
		else if constexpr (sizeof(T) == 1)
			return T(_segment.bytes().u8(base + i));
		else if constexpr (sizeof(T) == 2)
			return T(_segment.bytes().u16(base + size_t(i) * 2));
		else if constexpr (sizeof(T) == 4)
			return T(_segment.bytes().u32(base + size_t(i) * 4));
		else
			return T(_segment.bytes().u64(base + size_t(i) * 8));
	}
};

/* list of Text or Data */
template <typename T>
class Blob_list_reader
{
	Segment _segment {};
	List_place _place {};

	static Text _get(Segment const &s, uint32_t at, Text const *) { return s.text(at); }
	static Const_bytes _get(Segment const &s, uint32_t at, Const_bytes const *)
	{
		return s.data(at);
	}

  public:
	Blob_list_reader() = default;
	Blob_list_reader(Segment segment, List_place place) : _segment(segment), _place(place) {}

	uint32_t size() const { return _place.count; }

	bool has(uint32_t i) const { return i < _place.count && _segment.word(_place.at + i) != 0; }

	T operator[](uint32_t i) const
	{
		if (i >= _place.count) return T();
		return _get(_segment, _place.at + i, static_cast<T const *>(nullptr));
	}
};

template <typename READER>
class Struct_list_reader;

/*
 * A struct, or one element of a list of structs
 *
 * Offsets and slots are those of the schema, in units of the value's own size. A struct may
 * be shorter than the reader's schema (written by an older version) or longer.
 */
class Struct_reader
{
	Segment _segment {};
	uint32_t _at = 0;
	uint16_t _data_words = 0;
	uint16_t _pointers = 0;

	uint32_t _slot(uint16_t slot) const { return _at + _data_words + slot; }

  public:
	Struct_reader() = default;

	/* element 'i' of a list; a struct is a list of one */
	Struct_reader(Segment segment, List_place place, uint32_t i) : _segment(segment)
	{
		if (i >= place.count) return;
		_at = place.at + i * (uint32_t(place.data_words) + place.pointers);
		_data_words = place.data_words;
		_pointers = place.pointers;
	}

	/* what the writer's schema had; both 0 for a null pointer */
	uint16_t data_words() const { return _data_words; }
	uint16_t pointers() const { return _pointers; }

	Segment const &segment() const { return _segment; }

	/* byte offset of the struct within the message, for errors */
	uint64_t offset() const { return FRAMING + uint64_t(_at) * WORD; }

	/* unsigned integer number 'index' of the data section */
	template <typename T>
	T load(uint32_t index) const
	{
		if (uint64_t(index) * sizeof(T) + sizeof(T) > uint64_t(_data_words) * WORD) return 0;
		return _segment.bytes().load<T>(size_t(_at) * WORD + index * sizeof(T));
	}

	/* byte offset of that integer within the message; 0 if the struct is too short to have it */
	template <typename T>
	uint64_t place(uint32_t index) const
	{
		uint64_t const at = uint64_t(index) * sizeof(T);
		return at + sizeof(T) > uint64_t(_data_words) * WORD ? 0 : offset() + at;
	}

	bool bit(uint32_t index) const { return (load<uint8_t>(index / 8) >> (index % 8)) & 1; }

	Pointer pointer(uint16_t slot) const
	{
		return { slot < _pointers ? _segment.word(_slot(slot)) : 0 };
	}

	bool has(uint16_t slot) const { return !pointer(slot).null(); }

	Struct_reader structure(uint16_t slot) const
	{
		if (slot >= _pointers) return {};
		return Struct_reader(_segment, _segment.structure(_slot(slot)), 0);
	}

	Const_bytes data(uint16_t slot) const
	{
		return slot < _pointers ? _segment.data(_slot(slot)) : Const_bytes();
	}

	Text text(uint16_t slot) const
	{
		return slot < _pointers ? _segment.text(_slot(slot)) : Text();
	}

	List_place list(uint16_t slot, Element element) const
	{
		return slot < _pointers ? _segment.list(_slot(slot), element) : List_place();
	}

	template <typename T>
	Value_list_reader<T> values(uint16_t slot) const
	{
		return { _segment, list(slot, element_of<T>()) };
	}

	template <typename T>
	Blob_list_reader<T> blobs(uint16_t slot) const
	{
		return { _segment, list(slot, Element::POINTER) };
	}

	template <typename READER>
	Struct_list_reader<READER> structs(uint16_t slot) const
	{
		return { _segment, list(slot, Element::STRUCT) };
	}
};

/* list of structs; READER is a generated reader */
template <typename READER>
class Struct_list_reader
{
	Segment _segment {};
	List_place _place {};

  public:
	Struct_list_reader() = default;
	Struct_list_reader(Segment segment, List_place place) : _segment(segment), _place(place) {}

	uint32_t size() const { return _place.count; }

	READER operator[](uint32_t i) const { return READER(Struct_reader(_segment, _place, i)); }
};

/*
 * Words of a framed message
 *
 * UNSUPPORTED for several segments, TRUNCATED if bytes are missing, INVALID for bytes behind
 * the segment or no word at all, LIMIT above 'max_words'. Offsets are those of 'message'.
 */
Result<Segment> open_segment(Const_bytes message, uint32_t max_words = MAX_WORDS);

/* root struct of a segment; empty where the root pointer is null or not one of a struct */
inline Struct_reader root(Segment const &segment)
{
	return Struct_reader(segment, segment.structure(0), 0);
}

}

#endif /* CAPIMG__CORE__WIRE_READ_H */
