#include "wire_write.h"

#include "utf8.h"

namespace Capimg::Wire
{

Builder::Builder(Bytes buffer, uint32_t capacity) : _buffer(buffer), _capacity(capacity)
{
	/* the root pointer is the only slot of an object that needs no opening */
	if (_allocate(1) == 0 && !_error) _open_slots(0, 1);
}

Builder::Builder(Bytes buffer)
	: Builder(buffer, buffer.size() < FRAMING
						  ? 0
						  : uint32_t(min<size_t>((buffer.size() - FRAMING) / WORD, MAX_WORDS)))
{}

/* stores to no bytes do nothing; the words are so few that 32 bits hold the size of a message */
Builder::Builder() : Builder(Bytes(), MAX_WORDS - 1) {}

void Builder::_fail(Error error)
{
	if (!_error) _error = error;
}

void Builder::_word(uint32_t at, Pointer pointer) { store(uint64_t(at) * WORD, pointer.bits); }

/* zeroed words at the cursor; what the caller's buffer held must not get into the message */
uint32_t Builder::_allocate(uint64_t words)
{
	if (words > _capacity - _cursor) {
		_fail({ Code::NO_SPACE, used(), "buffer", words * WORD, _buffer.size() });
		return 0;
	}
	uint32_t const at = _cursor;
	_cursor += uint32_t(words);

	Result<Bytes> const fresh =
		_buffer.slice(FRAMING + size_t(at) * WORD, size_t(words) * WORD, "buffer");
	fresh->zero();
	return at;
}

/*
 * Depth first, in the order of the slots: the words with pointers of an open object are
 * ascending, and everything opened after a slot was set lies below it. So a slot is allowed if
 * it belongs to an object that is still open and no later one of the same object was set.
 */
bool Builder::_enter(uint32_t slot)
{
	if (_error) return false;

	unsigned depth = _depth;
	while (depth && !(slot >= _open[depth - 1].begin && slot < _open[depth - 1].end)) depth--;

	if (_finished || depth == 0 || slot < _open[depth - 1].next) {
		_fail({ Code::BAD_STATE, FRAMING + uint64_t(slot) * WORD, "order", slot,
				depth ? _open[depth - 1].next : 0 });
		return false;
	}
	_depth = depth;
	_open[depth - 1].next = slot + 1;
	return true;
}

void Builder::_open_slots(uint32_t begin, uint64_t count)
{
	if (count == 0) return;
	if (_depth == MAX_DEPTH + 1)
		return _fail({ Code::LIMIT, FRAMING + uint64_t(begin) * WORD, "depth", _depth, MAX_DEPTH });
	_open[_depth++] = { begin, begin, begin + uint32_t(count) };
}

static int32_t distance(uint32_t slot, uint32_t target)
{
	return int32_t(target) - int32_t(slot) - 1;
}

uint32_t Builder::structure(uint32_t slot, uint16_t data_words, uint16_t pointers)
{
	if (!_enter(slot)) return 0;

	uint32_t const words = uint32_t(data_words) + pointers;
	if (words == 0) {
		_word(slot, { EMPTY_STRUCT });
		return _cursor;
	}
	uint32_t const at = _allocate(words);
	if (!at) return 0;

	_word(slot, Pointer::structure(distance(slot, at), data_words, pointers));
	_open_slots(at + data_words, pointers);
	return _error ? 0 : at;
}

uint32_t Builder::list(uint32_t slot, Element element, uint32_t count)
{
	if (!_enter(slot)) return 0;

	if (count > MAX_ELEMENTS) {
		_fail({ Code::LIMIT, used(), "count", count, MAX_ELEMENTS });
		return 0;
	}
	uint32_t const at = _allocate(list_words(element, count));
	if (!at) return 0;

	_word(slot, Pointer::list(distance(slot, at), element, count));
	if (element == Element::POINTER) _open_slots(at, count);
	return _error ? 0 : at;
}

uint32_t Builder::struct_list(uint32_t slot, uint32_t count, uint16_t data_words, uint16_t pointers)
{
	if (!_enter(slot)) return 0;

	uint64_t const words = uint64_t(count) * (uint32_t(data_words) + pointers);
	if (words > MAX_ELEMENTS || count > MAX_ELEMENTS) {
		_fail({ Code::LIMIT, used(), "count", count, MAX_ELEMENTS });
		return 0;
	}
	uint32_t const tag = _allocate(words + 1);
	if (!tag) return 0;

	_word(slot, Pointer::list(distance(slot, tag), Element::STRUCT, uint32_t(words)));
	_word(tag, Pointer::structure(int32_t(count), data_words, pointers));
	if (pointers) _open_slots(tag + 1, words);
	return _error ? 0 : tag + 1;
}

uint32_t Builder::_blob(uint32_t slot, uint64_t size)
{
	if (size > MAX_ELEMENTS) {
		_fail({ Code::LIMIT, used(), "count", size, MAX_ELEMENTS });
		return 0;
	}
	return list(slot, Element::BYTE, uint32_t(size));
}

void Builder::data(uint32_t slot, Const_bytes value)
{
	uint32_t const at = _blob(slot, value.size());
	if (at) _buffer.copy_from(FRAMING + size_t(at) * WORD, value);
}

void Builder::text(uint32_t slot, Text value)
{
	size_t const valid = first_invalid_utf8(value.bytes());
	if (valid != value.size())
		return _fail({ Code::INVALID, used(), "text", value.bytes().u8(valid), valid });

	uint32_t const at = _blob(slot, uint64_t(value.size()) + 1);
	if (at) _buffer.copy_from(FRAMING + size_t(at) * WORD, value.bytes());
}

Result<Const_bytes> Builder::finish()
{
	if (!_error && (_finished || _cursor < 1 || _open[0].next == 0))
		_fail({ Code::BAD_STATE, 0, "root", 0, 0 });
	if (_error) return _error;

	_buffer.u32(0, 0);
	_buffer.u32(4, _cursor);
	_finished = true;
	return _buffer.size() ? Const_bytes(_buffer.base(), used()) : Const_bytes();
}

}
