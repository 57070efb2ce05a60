/*
 * Writing a Cap'n Proto message into a caller's buffer
 *
 * Objects stand in the order in which a reader meets them that follows all pointers depth
 * first (docs/FORMAT.md). The builder writes each object when it is opened and never moves
 * one, so the caller must open them in that order: the pointer fields of a struct in the
 * order of their numbers, each with all that is below it, elements of a list ascending. Plain
 * values may be set at any time until 'finish'. The same fields set give the same bytes as
 * Cap'n Proto's own library when it copies a message.
 *
 * The first error sticks: all later calls do nothing, and 'finish' returns it.
 *
 *   NO_SPACE   the buffer is full; 'value' is the size that the object needed
 *   BAD_STATE  an object was opened out of order, twice, or after 'finish'
 *   LIMIT      more elements or a deeper nesting than the encoding or wire.h allow
 *   INVALID    a text is not UTF-8 or has a NUL inside
 *
 * Writers are small values that refer to the builder, which must outlive them. Not
 * thread-safe. No heap; a builder is about 300 bytes.
 */

#ifndef CAPIMG__CORE__WIRE_WRITE_H
#define CAPIMG__CORE__WIRE_WRITE_H

#include "wire.h"

namespace Capimg::Wire
{

class Struct_writer;

class Builder : Noncopyable
{
	/* words of one open object that hold pointers; 'next' is the lowest that may be set */
	struct Open
	{
		uint32_t begin = 0;
		uint32_t next = 0;
		uint32_t end = 0;
	};

	Bytes _buffer;
	uint32_t _capacity; /* words */
	uint32_t _cursor = 0;
	Status _error {};
	bool _finished = false;
	unsigned _depth = 0;
	Open _open[MAX_DEPTH + 1] {}; /* the first is the root pointer itself */

	Builder(Bytes buffer, uint32_t capacity);

	bool _usable() const { return !_error && !_finished; }
	void _fail(Error);
	bool _enter(uint32_t slot);
	uint32_t _allocate(uint64_t words);
	void _open_slots(uint32_t begin, uint64_t count);
	void _word(uint32_t at, Pointer);
	uint32_t _blob(uint32_t slot, uint64_t size);

  public:
	/* the message takes 8 bytes of framing and its words; 'buffer' needs no alignment */
	explicit Builder(Bytes buffer);

	/* writes nothing, for 'used': bytes that a message takes; 'finish' returns no bytes */
	Builder();

	/* root of the message, to be called once and first; STRUCT is a generated struct */
	template <typename STRUCT>
	typename STRUCT::Writer init_root();

	/* first error, or OK */
	Status status() const { return _error; }

	/* bytes of the message so far */
	size_t used() const { return FRAMING + size_t(_cursor) * WORD; }

	/* the complete message, at the begin of the buffer; writers write nothing from then on */
	Result<Const_bytes> finish();

	/*
	 * For the writers below; 'slot' is the word of a pointer, results are words, 0 on failure
	 */
	uint32_t structure(uint32_t slot, uint16_t data_words, uint16_t pointers);
	uint32_t list(uint32_t slot, Element, uint32_t count);
	uint32_t struct_list(uint32_t slot, uint32_t count, uint16_t data_words, uint16_t pointers);
	void data(uint32_t slot, Const_bytes);
	void text(uint32_t slot, Text);

	/* an index was outside of its list */
	void out_of_range(uint32_t index, uint32_t count)
	{
		_fail({ Code::BAD_ARGUMENT, used(), "index", index, count });
	}

	/* value at byte 'at' of the segment, unless failed or finished */
	template <typename T>
	void store(uint64_t at, T value)
	{
		if (_usable()) _buffer.store(size_t(FRAMING + at), value);
	}

	uint8_t load(uint64_t at) const { return Const_bytes(_buffer).u8(size_t(FRAMING + at)); }
};

/* list of values of fixed width */
template <typename T>
class Value_list_writer
{
	Builder *_builder = nullptr;
	uint32_t _at = 0;
	uint32_t _count = 0;

  public:
	Value_list_writer() = default;
	Value_list_writer(Builder &builder, uint32_t at, uint32_t count)
		: _builder(&builder), _at(at), _count(count)
	{}

	uint32_t size() const { return _count; }

	void set(uint32_t i, T value) const
	{
		if (!_builder) return;
		if (i >= _count) return _builder->out_of_range(i, _count);
		uint64_t const base = uint64_t(_at) * WORD;
		if constexpr (element_of<T>() == Element::BIT) {
			uint8_t const mask = uint8_t(1u << (i % 8)), old = _builder->load(base + i / 8);
			_builder->store<uint8_t>(base + i / 8, uint8_t(value ? old | mask : old & ~mask));
		} else if constexpr (sizeof(T) == 1)
			_builder->store(base + i, uint8_t(value));
		else if constexpr (sizeof(T) == 2)
			_builder->store(base + uint64_t(i) * 2, uint16_t(value));
		else if constexpr (sizeof(T) == 4)
			_builder->store(base + uint64_t(i) * 4, uint32_t(value));
		else
			_builder->store(base + uint64_t(i) * 8, uint64_t(value));
	}
};

/* list of Text or Data; an element that is not set stays null */
template <typename T>
class Blob_list_writer
{
	Builder *_builder = nullptr;
	uint32_t _at = 0;
	uint32_t _count = 0;

	static void _set(Builder &b, uint32_t slot, Text v) { b.text(slot, v); }
	static void _set(Builder &b, uint32_t slot, Const_bytes v) { b.data(slot, v); }

  public:
	Blob_list_writer() = default;
	Blob_list_writer(Builder &builder, uint32_t at, uint32_t count)
		: _builder(&builder), _at(at), _count(count)
	{}

	uint32_t size() const { return _count; }

	void set(uint32_t i, T value) const
	{
		if (!_builder) return;
		if (i >= _count) return _builder->out_of_range(i, _count);
		_set(*_builder, _at + i, value);
	}
};

template <typename STRUCT>
class Struct_list_writer;

class Struct_writer
{
	Builder *_builder = nullptr;
	uint32_t _at = 0;
	uint16_t _data_words = 0;
	uint16_t _pointers = 0;

	/* a field outside of the struct is a bug of the generated code, and writes nothing */
	bool _has(uint16_t slot) const { return _builder && slot < _pointers; }
	uint32_t _slot(uint16_t slot) const { return _at + _data_words + slot; }

  public:
	Struct_writer() = default;
	Struct_writer(Builder &builder, uint32_t at, uint16_t data_words, uint16_t pointers)
		: _builder(&builder), _at(at), _data_words(data_words), _pointers(pointers)
	{}

	/* unsigned integer number 'index' of the data section */
	template <typename T>
	void store(uint32_t index, T value) const
	{
		if (_builder && uint64_t(index) * sizeof(T) + sizeof(T) <= uint64_t(_data_words) * WORD)
			_builder->store(uint64_t(_at) * WORD + uint64_t(index) * sizeof(T), value);
	}

	void bit(uint32_t index, bool value) const
	{
		if (!_builder || index / 64 >= _data_words) return;
		uint64_t const at = uint64_t(_at) * WORD + index / 8;
		uint8_t const mask = uint8_t(1u << (index % 8)), old = _builder->load(at);
		_builder->store<uint8_t>(at, uint8_t(value ? old | mask : old & ~mask));
	}

	void data(uint16_t slot, Const_bytes value) const
	{
		if (_has(slot)) _builder->data(_slot(slot), value);
	}

	void text(uint16_t slot, Text value) const
	{
		if (_has(slot)) _builder->text(_slot(slot), value);
	}

	/* STRUCT is a generated struct; the result is dead on failure */
	template <typename STRUCT>
	typename STRUCT::Writer init_struct(uint16_t slot) const
	{
		uint32_t const at =
			_has(slot) ? _builder->structure(_slot(slot), STRUCT::DATA_WORDS, STRUCT::POINTERS) : 0;
		if (!at) return {};
		return typename STRUCT::Writer(
			Struct_writer(*_builder, at, STRUCT::DATA_WORDS, STRUCT::POINTERS));
	}

	template <typename T>
	Value_list_writer<T> init_values(uint16_t slot, uint32_t count) const
	{
		uint32_t const at = _has(slot) ? _builder->list(_slot(slot), element_of<T>(), count) : 0;
		if (!at) return {};
		return { *_builder, at, count };
	}

	template <typename T>
	Blob_list_writer<T> init_blobs(uint16_t slot, uint32_t count) const
	{
		uint32_t const at = _has(slot) ? _builder->list(_slot(slot), Element::POINTER, count) : 0;
		if (!at) return {};
		return { *_builder, at, count };
	}

	template <typename STRUCT>
	Struct_list_writer<STRUCT> init_structs(uint16_t slot, uint32_t count) const
	{
		uint32_t const at = _has(slot) ? _builder->struct_list(_slot(slot), count,
															   STRUCT::DATA_WORDS, STRUCT::POINTERS)
									   : 0;
		if (!at) return {};
		return { *_builder, at, count };
	}
};

/* list of structs; elements whose pointers are set must be visited in ascending order */
template <typename STRUCT>
class Struct_list_writer
{
	Builder *_builder = nullptr;
	uint32_t _at = 0;
	uint32_t _count = 0;

  public:
	Struct_list_writer() = default;
	Struct_list_writer(Builder &builder, uint32_t at, uint32_t count)
		: _builder(&builder), _at(at), _count(count)
	{}

	uint32_t size() const { return _count; }

	typename STRUCT::Writer operator[](uint32_t i) const
	{
		if (_builder && i >= _count) _builder->out_of_range(i, _count);
		if (i >= _count) return {};
		uint32_t const stride = uint32_t(STRUCT::DATA_WORDS) + STRUCT::POINTERS;
		return typename STRUCT::Writer(
			Struct_writer(*_builder, _at + i * stride, STRUCT::DATA_WORDS, STRUCT::POINTERS));
	}
};

template <typename STRUCT>
typename STRUCT::Writer Builder::init_root()
{
	uint32_t const at = structure(0, STRUCT::DATA_WORDS, STRUCT::POINTERS);
	if (!at) return {};
	return typename STRUCT::Writer(Struct_writer(*this, at, STRUCT::DATA_WORDS, STRUCT::POINTERS));
}

}

#endif /* CAPIMG__CORE__WIRE_WRITE_H */
