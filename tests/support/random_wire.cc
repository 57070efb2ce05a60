#include "tests/support/random_wire.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace Capimg::Test
{

using namespace Wire;

static constexpr std::size_t BUFFER = 4 * 1024 * 1024;
static constexpr unsigned MAX_LEVEL = 12; /* of structs within each other, below MAX_DEPTH */

static bool pointer(Field const &field)
{
	return field.type == Type::TEXT || field.type == Type::DATA || field.type == Type::STRUCT ||
		   field.type == Type::LIST;
}

Random_wire::Random_wire(std::uint64_t seed)
	: _random(seed),
	  _buffer(BUFFER),
	  _builder(Bytes(_buffer.data(), BUFFER)),
	  _budget(std::uint32_t(20 + seed % 300))
{}

/* size of a section: usually what the schema says */
std::uint16_t Random_wire::_section(std::uint16_t usual)
{
	if (_chance(70)) return usual;
	return std::uint16_t(_chance(50) ? below(usual + 1u) : usual + below(4));
}

void Random_wire::_set16(Target const &t, std::uint32_t index, std::uint16_t value)
{
	if ((index + 1) * 16u > t.data_words * 64u) return;
	std::uint64_t const at = std::uint64_t(t.at) * WORD + index * 2u;
	_builder.store(at, value);
}

void Random_wire::_data(Target const &t)
{
	for (unsigned i = 0; i < t.data_words; i++) {
		std::uint64_t word = _chance(40) ? 0 : _random();
		if (_chance(30)) word &= _random() & _random();
		_builder.store(std::uint64_t(t.at + i) * WORD, word);
	}
}

/* of all unions; what else a union's members hold is random already */
void Random_wire::_tags(Target const &t, Struct_shape const &shape)
{
	if (shape.members) {
		std::uint64_t const tag =
			_chance(85) ? below(shape.members) : shape.members + below(0x10000u - shape.members);
		_set16(t, shape.tag_offset, std::uint16_t(tag));
	}
	for (unsigned i = 0; i < shape.field_count; i++) {
		Field const &field = shape.fields[i];
		if (field.type == Type::GROUP) _tags(t, *field.shape);
		if (field.type == Type::ENUM && _chance(70))
			_set16(t, field.offset, std::uint16_t(below(9)));
	}
}

Struct_reader Random_wire::_reader(Target const &t) const
{
	Segment const segment(Const_bytes(_buffer.data() + FRAMING, _builder.used() - FRAMING));
	return Struct_reader(segment, { t.at, 1, t.data_words, t.pointers }, 0);
}

/* what the schema says of a slot; null and 'free' for what it does not know */
Field const *Random_wire::_expected(Target const &t, Struct_shape const &shape, std::uint16_t slot,
									bool &free) const
{
	free = true;
	if (slot >= shape.pointers) return nullptr;

	Slot const &s = shape.slots[slot];
	if (!s.members) {
		free = s.candidate_count == 0;
		return free ? nullptr : s.candidates[0];
	}
	std::uint16_t const tag = _reader(t).load<Capimg::uint16_t>(s.tag_offset);
	free = tag >= s.members;
	for (unsigned i = 0; i < s.candidate_count; i++)
		if (s.candidates[i]->discriminant == tag) return s.candidates[i];
	return nullptr;
}

void Random_wire::_fill(Target const &t, Struct_shape const *shape, unsigned depth)
{
	_data(t);
	if (shape) _tags(t, *shape);

	for (unsigned i = 0; i < t.pointers; i++) {
		std::uint32_t const slot = t.at + t.data_words + i;
		if (!_budget || depth >= MAX_LEVEL || _chance(30)) continue;
		_budget--;

		bool free = true;
		Field const *const field = shape ? _expected(t, *shape, std::uint16_t(i), free) : nullptr;
		if (field && pointer(*field))
			_field(slot, *field, depth + 1);
		else if (free)
			_anything(slot, depth + 1);
	}
}

void Random_wire::_structure(std::uint32_t slot, Struct_shape const *shape, unsigned depth)
{
	Target t { 0, _section(shape ? shape->data_words : std::uint16_t(below(4))),
			   _section(shape ? shape->pointers : std::uint16_t(below(4))) };
	t.at = _builder.structure(slot, t.data_words, t.pointers);
	if (t.data_words + t.pointers) _fill(t, shape, depth);
}

void Random_wire::_structs(std::uint32_t slot, Struct_shape const *shape, unsigned depth)
{
	Target t { 0, _section(shape ? shape->data_words : std::uint16_t(below(4))),
			   _section(shape ? shape->pointers : std::uint16_t(below(4))) };
	unsigned const stride = t.data_words + t.pointers;
	std::uint32_t const count = stride && _chance(85) ? std::uint32_t(below(6)) : 0;

	t.at = _builder.struct_list(slot, count, t.data_words, t.pointers);
	for (std::uint32_t i = 0; i < count; i++, t.at += stride) _fill(t, shape, depth);
}

void Random_wire::_values(std::uint32_t slot, Element element)
{
	std::uint32_t const count = element == Element::VOID ? 0 : std::uint32_t(below(20));
	std::uint32_t const at = _builder.list(slot, element, count);
	std::uint64_t const bits = std::uint64_t(count) * element_bits(element);

	for (std::uint64_t i = 0; i < (bits + 7) / 8; i++) {
		unsigned const used = unsigned(std::min<std::uint64_t>(8, bits - 8 * i));
		_builder.store(std::uint64_t(at) * WORD + i, std::uint8_t(_random() & ((1u << used) - 1)));
	}
}

void Random_wire::_text(std::uint32_t slot)
{
	static char const *const PIECES[] { "a",  "Z",    "/",  "\xc3\xa9",         "\xe2\x82\xac",
										"\"", "\x01", "\\", "\xf0\x9f\x90\xa7", "\x7f" };
	std::string text;
	for (std::uint64_t n = below(12); n; n--) text += PIECES[below(std::size(PIECES))];
	_builder.text(slot, Text(text.data(), text.size()));
}

void Random_wire::_field(std::uint32_t slot, Field const &field, unsigned depth)
{
	if (field.type == Type::TEXT) return _text(slot);
	if (field.type == Type::DATA) return _values(slot, Element::BYTE);
	if (field.type == Type::STRUCT) return _structure(slot, field.shape, depth);
	if (field.element == Type::STRUCT) return _structs(slot, field.shape, depth);

	Element const element = element_of(field.element);
	if (element != Element::POINTER) return _values(slot, element);

	std::uint32_t const count = std::uint32_t(below(5));
	std::uint32_t const at = _builder.list(slot, element, count);
	for (std::uint32_t i = 0; i < count; i++) {
		if (_chance(30)) continue;
		field.element == Type::TEXT ? _text(at + i) : _values(at + i, Element::BYTE);
	}
}

void Random_wire::_anything(std::uint32_t slot, unsigned depth)
{
	switch (below(4)) {
	case 0: return _structure(slot, nullptr, depth);
	case 1: return _structs(slot, nullptr, depth);
	case 2: return _values(slot, Element(below(6)));
	default: break;
	}
	std::uint32_t const count = std::uint32_t(below(4));
	std::uint32_t const at = _builder.list(slot, Element::POINTER, count);
	for (std::uint32_t i = 0; i < count; i++)
		if (_chance(60) && depth < MAX_LEVEL) _anything(at + i, depth + 1);
}

std::vector<std::byte> Random_wire::message(Struct_shape const &root)
{
	_structure(0, &root, 0);
	Result<Const_bytes> const message = _builder.finish();
	if (message.failed())
		throw std::logic_error(std::string("random message: ") + error_text(message.error().code));
	_buffer.resize(message->size());
	return _buffer;
}

}
