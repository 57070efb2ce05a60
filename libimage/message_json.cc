#include "message_json.h"

#include "byte_span.h"
#include "enum_names.h"
#include "generic_json.h"
#include "strict_json.h"

namespace Capimg
{

using namespace Wire;

bool is_pointer(Type type)
{
	return type == Type::TEXT || type == Type::DATA || type == Type::STRUCT || type == Type::LIST;
}

/* bits that a value of the type takes in the data section */
static std::uint32_t bits_of(Type type)
{
	return is_pointer(type) || type == Type::VOID || type == Type::GROUP
			   ? 0
			   : element_bits(element_of(type));
}

bool field_within(Field const &field, std::uint32_t words)
{
	return (std::uint64_t(field.offset) + 1) * bits_of(field.type) <= std::uint64_t(words) * 64;
}

bool tag_within(Struct_shape const &shape, std::uint32_t words)
{
	return (std::uint64_t(shape.tag_offset) + 1) * 16 <= std::uint64_t(words) * 64;
}

static void add_bits(std::vector<std::uint64_t> &words, std::uint64_t index, std::uint32_t bits)
{
	if (!bits) return;
	std::uint64_t const value = bits == 64 ? ~std::uint64_t(0) : (std::uint64_t(1) << bits) - 1;
	std::uint64_t const at = index * bits;
	if (at / 64 < words.size()) words[at / 64] |= value << (at % 64);
}

static void add_known_bits(Struct_shape const &shape, Struct_reader const &reader,
						   std::vector<std::uint64_t> &words)
{
	if (shape.members) add_bits(words, shape.tag_offset, 16);

	for (unsigned i = 0; i < shape.field_count; i++) {
		Field const &field = shape.fields[i];
		if (!active(shape, field, reader)) continue;
		if (field.type == Type::GROUP)
			add_known_bits(*field.shape, reader, words);
		else
			add_bits(words, field.offset, bits_of(field.type));
	}
}

std::vector<std::uint64_t> known_bits(Struct_shape const &shape, Struct_reader const &reader)
{
	std::vector<std::uint64_t> words(shape.data_words);
	add_known_bits(shape, reader, words);
	return words;
}

bool known_slot(Struct_shape const &shape, Struct_reader const &reader, std::uint16_t slot)
{
	if (slot >= shape.pointers) return false;
	Slot const &s = shape.slots[slot];
	if (!s.members) return s.candidate_count > 0;
	return reader.load<Capimg::uint16_t>(s.tag_offset) < s.members;
}

std::uint64_t scalar_value(Field const &field, Struct_reader const &from)
{
	switch (bits_of(field.type)) {
	case 1: return from.bit(field.offset);
	case 8: return from.load<Capimg::uint8_t>(field.offset);
	case 16: return from.load<Capimg::uint16_t>(field.offset);
	case 32: return from.load<Capimg::uint32_t>(field.offset);
	default: return from.load<Capimg::uint64_t>(field.offset);
	}
}

/* 'value' as it stands in the message, not extended; OUT has the functions of Json_writer */
template <typename OUT>
static void put_scalar(OUT &out, Field const &field, Type type, std::uint64_t value)
{
	if (field.hex) return out.hex(value);

	switch (type) {
	case Type::BOOL: return out.boolean(value);
	case Type::INT8: return out.integer(std::int8_t(value));
	case Type::INT16: return out.integer(std::int16_t(value));
	case Type::INT32: return out.integer(std::int32_t(value));
	case Type::INT64: return out.signed_decimal(std::int64_t(value));
	case Type::UINT64: return out.decimal(value);
	case Type::ENUM: {
		std::string_view const name = enum_name(field, std::uint16_t(value));
		return name.empty() ? out.number(value) : out.text(name);
	}
	default: return out.number(value);
	}
}

namespace
{

/* takes one scalar, as Json_writer would write it */
struct Scalar_json
{
	Json value {};

	void hex(std::uint64_t v) { value = hex_text(v); }
	void boolean(bool v) { value = v; }
	void integer(std::int64_t v) { value = v; }
	void signed_decimal(std::int64_t v) { value = std::to_string(v); }
	void decimal(std::uint64_t v) { value = std::to_string(v); }
	void number(std::uint64_t v) { value = v; }
	void text(std::string_view v) { value = std::string(v); }
};

}

Json scalar_json(Field const &field, Type type, std::uint64_t value)
{
	Scalar_json json;
	put_scalar(json, field, type, value);
	return json.value;
}

namespace
{

class Message_writer
{
	/* what an object stands for; an element has the size that its list says */
	enum class Kind { STRUCT, ELEMENT, GROUP };

	Json_writer &_json;

	void _value(Field const &, Struct_reader const &);
	void _pointer(Field const &, Struct_reader const &);
	void _list(Field const &, Struct_reader const &);
	template <typename T, typename FN>
	void _values(Field const &, Struct_reader const &, FN const &);
	bool _present(Struct_shape const &, Field const &, Struct_reader const &) const;
	void _unknown(Struct_shape const &, Struct_reader const &, Kind);
	void _scope(Struct_shape const &, Struct_reader const &, Kind);

  public:
	explicit Message_writer(Json_writer &json) : _json(json) {}

	void structure(Struct_shape const &shape, Struct_reader const &reader)
	{
		_scope(shape, reader, Kind::STRUCT);
	}
};

/* begins the object "unknown" when its first member comes */
class Unknown_object
{
	Json_writer &_json;
	bool _begun = false;

  public:
	explicit Unknown_object(Json_writer &json) : _json(json) {}

	Json_writer &key(std::string_view name)
	{
		if (!_begun) _json.key("unknown").begin_object();
		_begun = true;
		return _json.key(name);
	}

	void end() const
	{
		if (_begun) _json.end_object();
	}
};

/* an object within an object that begins when its first member comes */
class Unknown_table
{
	Unknown_object &_parent;
	Json_writer &_json;
	std::string_view const _name;
	bool _begun = false;

  public:
	Unknown_table(Unknown_object &parent, Json_writer &json, std::string_view name)
		: _parent(parent), _json(json), _name(name)
	{}

	Json_writer &key(std::string_view name)
	{
		if (!_begun) _parent.key(_name).begin_object();
		_begun = true;
		return _json.key(name);
	}

	void end() const
	{
		if (_begun) _json.end_object();
	}
};

template <typename T, typename FN>
void Message_writer::_values(Field const &field, Struct_reader const &from, FN const &fn)
{
	auto const values = [&] {
		if constexpr (std::is_arithmetic_v<T>)
			return from.values<T>(std::uint16_t(field.offset));
		else
			return from.blobs<T>(std::uint16_t(field.offset));
	}();

	_json.begin_array();
	for (std::uint32_t i = 0; i < values.size(); i++) fn(values, i);
	_json.end_array();
}

static std::string_view as_view(Text const &text) { return { text.string(), text.size() }; }

void Message_writer::_list(Field const &field, Struct_reader const &from)
{
	auto const number = [&](auto const &values, std::uint32_t i) {
		put_scalar(_json, field, field.element, std::uint64_t(values[i]));
	};

	switch (element_of(field.element)) {
	case Element::BIT: return _values<bool>(field, from, number);
	case Element::BYTE: return _values<Capimg::uint8_t>(field, from, number);
	case Element::TWO_BYTES: return _values<Capimg::uint16_t>(field, from, number);
	case Element::FOUR_BYTES: return _values<Capimg::uint32_t>(field, from, number);
	case Element::EIGHT_BYTES: return _values<Capimg::uint64_t>(field, from, number);
	default: break;
	}

	if (field.element == Type::TEXT)
		return _values<Text>(field, from, [&](auto const &values, std::uint32_t i) {
			values.has(i) ? _json.text(as_view(values[i])) : _json.null();
		});
	if (field.element == Type::DATA)
		return _values<Const_bytes>(field, from, [&](auto const &values, std::uint32_t i) {
			values.has(i) ? _json.bytes(as_span(values[i])) : _json.null();
		});

	/* lists of structs; the plugin makes no other ones */
	List_place const place = from.list(std::uint16_t(field.offset), Element::STRUCT);
	_json.begin_array();
	for (std::uint32_t i = 0; i < place.count; i++)
		_scope(*field.shape, Struct_reader(from.segment(), place, i), Kind::ELEMENT);
	_json.end_array();
}

void Message_writer::_pointer(Field const &field, Struct_reader const &from)
{
	std::uint16_t const slot = std::uint16_t(field.offset);
	if (!from.has(slot)) return _json.null();

	switch (field.type) {
	case Type::TEXT: return _json.text(as_view(from.text(slot)));
	case Type::DATA: return _json.bytes(as_span(from.data(slot)));
	case Type::STRUCT: return structure(*field.shape, from.structure(slot));
	default: return _list(field, from);
	}
}

void Message_writer::_value(Field const &field, Struct_reader const &from)
{
	if (field.type == Type::GROUP) return _scope(*field.shape, from, Kind::GROUP);
	if (field.type == Type::VOID) return _json.null();
	if (is_pointer(field.type)) return _pointer(field, from);
	put_scalar(_json, field, field.type, scalar_value(field, from));
}

/* the field has a key */
bool Message_writer::_present(Struct_shape const &shape, Field const &field,
							  Struct_reader const &from) const
{
	if (!active(shape, field, from)) return false;

	bool const tagged = field.discriminant != NO_UNION && tag_within(shape, from.data_words());
	if (is_pointer(field.type)) return tagged || from.has(std::uint16_t(field.offset));
	if (field.type == Type::VOID) return tagged || field.discriminant == NO_UNION;
	return field.type == Type::GROUP || field_within(field, from.data_words());
}

void Message_writer::_unknown(Struct_shape const &shape, Struct_reader const &from, Kind kind)
{
	Unknown_object unknown(_json);

	if (kind == Kind::STRUCT && from.data_words() != shape.data_words)
		unknown.key("dataWords").number(from.data_words());
	if (kind == Kind::STRUCT && from.pointers() != shape.pointers)
		unknown.key("pointerCount").number(from.pointers());

	std::uint16_t const tag = from.load<Capimg::uint16_t>(shape.tag_offset);
	if (shape.members && tag >= shape.members) unknown.key("tag").number(tag);

	if (kind != Kind::GROUP) {
		auto const known = known_bits(shape, from);
		Unknown_table words(unknown, _json, "words");
		for (unsigned i = 0; i < from.data_words(); i++) {
			std::uint64_t const mask = i < known.size() ? known[i] : 0;
			std::uint64_t const rest = from.load<Capimg::uint64_t>(i) & ~mask;
			if (rest) words.key(std::to_string(i)).hex(rest);
		}
		words.end();

		Unknown_table pointers(unknown, _json, "pointers");
		for (unsigned i = 0; i < from.pointers(); i++) {
			std::uint16_t const slot = std::uint16_t(i);
			if (!from.has(slot) || known_slot(shape, from, slot)) continue;
			pointers.key(std::to_string(i));
			write_generic(_json, from, slot);
		}
		pointers.end();
	}

	Unknown_table elements(unknown, _json, "elements");
	for (unsigned i = 0; i < shape.field_count; i++) {
		Field const &field = shape.fields[i];
		std::uint16_t const slot = std::uint16_t(field.offset);
		if (field.type != Type::LIST || field.element != Type::STRUCT) continue;
		if (!active(shape, field, from) || !from.has(slot)) continue;

		List_place const place = from.list(slot, Element::STRUCT);
		if (place.data_words == field.shape->data_words && place.pointers == field.shape->pointers)
			continue;
		elements.key(field.name()).begin_object();
		_json.key("dataWords").number(place.data_words);
		_json.key("pointerCount").number(place.pointers);
		_json.end_object();
	}
	elements.end();
	unknown.end();
}

/* a struct, or a group, whose fields are those of the struct around it */
void Message_writer::_scope(Struct_shape const &shape, Struct_reader const &from, Kind kind)
{
	_json.begin_object();
	for (unsigned i = 0; i < shape.field_count; i++) {
		Field const &field = shape.fields[i];
		if (!_present(shape, field, from)) continue;
		_json.key(field.name());
		_value(field, from);
	}
	_unknown(shape, from, kind);
	_json.end_object();
}

}

void write_message(Json_writer &json, Struct_shape const &shape, Struct_reader const &root)
{
	Message_writer(json).structure(shape, root);
}

Json message_value(Struct_shape const &shape, Struct_reader const &root)
{
	Memory_sink sink;
	Json_writer json(sink);
	write_message(json, shape, root);
	json.finish();

	std::vector<std::byte> const &bytes = sink.bytes();
	return parse_json({ reinterpret_cast<char const *>(bytes.data()), bytes.size() }, {});
}

}
