#include <algorithm>
#include <charconv>
#include <map>
#include <memory>

#include "core/wire_write.h"
#include "enum_names.h"
#include "generic_json.h"
#include "message_json.h"
#include "message_scope.h"

namespace Capimg
{

using namespace Wire;

namespace
{

/* the builder's buffer is too small: the caller tries again with a larger one */
struct No_space
{};

/* a struct that is being built */
struct Target
{
	std::uint32_t at;
	Struct_size size;

	std::uint32_t slot(std::uint32_t i) const { return at + size.data_words + i; }
	std::uint64_t byte() const { return std::uint64_t(at) * WORD; }
};

class Message_builder
{
	Bytes const _buffer;
	Builder _builder;

	void _check(Json_path const &);
	Struct_reader _reader(Target const &) const;

	void _fill(Target const &, Scopes const &);
	void _tag(Target const &, Scope const &);
	void _scalar(Target const &, Field const &, Json const &, Json_path const &);
	void _words(Target const &, Scope const &);
	void _store(std::uint64_t at, std::uint32_t bits, std::uint64_t value);

	void _pointer(std::uint32_t slot, Scope const &, Field const &, Json const &);
	void _list(std::uint32_t slot, Scope const &, Field const &, Json const &, Json_path const &);
	void _structs(std::uint32_t slot, Scope const &, Field const &, Json::array_t const &,
				  Json_path const &);

  public:
	explicit Message_builder(Bytes buffer) : _buffer(buffer), _builder(buffer) {}

	void structure(std::uint32_t slot, Struct_shape const &, Json const &, Json_path const &);

	std::size_t finish(Json_path const &path)
	{
		std::size_t const size = _builder.used();
		if (_builder.finish().failed()) _check(path);
		return size;
	}
};

/* the builder's error, if there is one, is that of the value at 'path' */
void Message_builder::_check(Json_path const &path)
{
	Status const status = _builder.status();
	if (!status) return;
	if (status.code == Code::NO_SPACE) throw No_space();
	path.fail(status.code, error_text(status.code));
}

Struct_reader Message_builder::_reader(Target const &target) const
{
	Segment const segment(Const_bytes(_buffer.base() + FRAMING, _builder.used() - FRAMING));
	return Struct_reader(segment, { target.at, 1, target.size.data_words, target.size.pointers },
						 0);
}

/* ---- values of the data section ---- */

void Message_builder::_store(std::uint64_t at, std::uint32_t bits, std::uint64_t value)
{
	for (unsigned i = 0; i < bits / 8; i++) _builder.store(at + i, std::uint8_t(value >> (8 * i)));
}

[[noreturn]] void fail_outside(Json_path const &path)
{
	path.fail("this field is beyond the size that \"unknown\" gives the struct",
			  "remove the field, or \"dataWords\" and \"pointerCount\" in \"unknown\"");
}

void Message_builder::_tag(Target const &target, Scope const &scope)
{
	if (!scope.shape.members || !scope.tag) return;
	if (!tag_within(scope.shape, target.size.data_words))
		fail_outside(scope.member ? scope.path.child(scope.member->name()) : scope.path);
	_store(target.byte() + std::uint64_t(scope.shape.tag_offset) * 2, 16, scope.tag);
}

std::uint64_t enum_value(Field const &field, Json const &value, Json_path const &path)
{
	if (!value.is_string()) return number_value(value, path, 0xffff);

	std::vector<std::string_view> const &names = enum_names(field);
	std::string_view const name = value.get_ref<std::string const &>();
	auto const at = std::ranges::find(names, name);
	if (at != names.end()) return std::uint64_t(at - names.begin());

	std::string const nearest = nearest_name(name, names);
	path.fail("there is no value of this name",
			  nearest.empty() ? "" : "did you mean \"" + nearest + "\"?");
}

/* a value of a field, or of an element of a list, as it stands in the message */
std::uint64_t scalar_value(Field const &field, Type type, Json const &value, Json_path const &path)
{
	std::uint32_t const bits = element_bits(element_of(type));
	std::uint64_t const max = bits >= 64 ? ~std::uint64_t(0) : (std::uint64_t(1) << bits) - 1;
	std::int64_t const signed_max = std::int64_t(max >> 1);

	if (type == Type::BOOL) return bool_value(value, path);
	if (type == Type::ENUM) return enum_value(field, value, path);
	if (field.hex) return hex_value(value, path, max);

	switch (type) {
	case Type::UINT64: return decimal_value(value, path);
	case Type::INT64: return std::uint64_t(signed_decimal_value(value, path));
	case Type::INT8:
	case Type::INT16:
	case Type::INT32:
		return std::uint64_t(integer_value(value, path, -signed_max - 1, signed_max)) & max;
	default: return number_value(value, path, max);
	}
}

void Message_builder::_scalar(Target const &target, Field const &field, Json const &value,
							  Json_path const &path)
{
	std::uint64_t const number = scalar_value(field, field.type, value, path);
	if (!field_within(field, target.size.data_words)) fail_outside(path);

	if (field.type == Type::BOOL) {
		std::uint64_t const at = target.byte() + field.offset / 8;
		std::uint8_t const bit = std::uint8_t(number << (field.offset % 8));
		_builder.store(at, std::uint8_t(_builder.load(at) | bit));
		return;
	}
	std::uint32_t const bits = element_bits(element_of(field.type));
	_store(target.byte() + std::uint64_t(field.offset) * (bits / 8), bits, number);
}

/* a number in decimal without leading zeros, as a key; above 'max' if it is none */
std::uint32_t key_number(std::string_view key)
{
	std::uint32_t number = 0;
	auto const result = std::from_chars(key.data(), key.data() + key.size(), number);
	bool const whole = result.ec == std::errc() && result.ptr == key.data() + key.size();
	return whole && std::to_string(number) == key ? number : ~std::uint32_t(0);
}

/* bits that belong to no field */
void Message_builder::_words(Target const &target, Scope const &scope)
{
	if (!scope.unknown || !scope.unknown->contains("words")) return;

	Json_path const unknown_path = scope.path.child("unknown"), path = unknown_path.child("words");
	auto const known = known_bits(scope.shape, _reader(target));

	for (auto const &[key, value] : object_value((*scope.unknown)["words"], path)) {
		Json_path const word_path = path.child(key);
		std::uint64_t const bits = hex_value(value, word_path);
		std::uint32_t const i = key_number(key);

		if (i >= target.size.data_words) word_path.fail("the struct has no word of this number");
		if (i < known.size() && (bits & known[i]))
			word_path.fail("some of these bits belong to a field",
						   "leave only bits of " + hex_text(~known[i]));

		for (unsigned k = 0; k < WORD; k++) {
			std::uint64_t const at = target.byte() + i * WORD + k;
			_builder.store(at, std::uint8_t(_builder.load(at) | bits >> (8 * k)));
		}
	}
}

/* ---- objects ---- */

/* for lists of values */
void store_bit(Builder &builder, std::uint64_t base, std::uint64_t i, bool value)
{
	std::uint8_t const bit = std::uint8_t(unsigned(value) << (i % 8));
	builder.store(base + i / 8, std::uint8_t(builder.load(base + i / 8) | bit));
}

void Message_builder::_structs(std::uint32_t slot, Scope const &scope, Field const &field,
							   Json::array_t const &values, Json_path const &path)
{
	Struct_size const size = element_size(scope, field);
	std::uint32_t const stride = std::uint32_t(size.data_words) + size.pointers;
	if (!stride && !values.empty()) path.fail("the elements of a list must have a size");

	std::uint32_t const at =
		_builder.struct_list(slot, std::uint32_t(values.size()), size.data_words, size.pointers);
	_check(path);

	for (std::size_t i = 0; i < values.size(); i++) {
		Scopes const scopes = read_scopes(*field.shape, values[i], path.element(i));
		if (scopes[0].unknown && (scopes[0].unknown->contains("dataWords") ||
								  scopes[0].unknown->contains("pointerCount")))
			scopes[0].path.child("unknown").fail(
				"all elements of a list have one size",
				"give it as \"elements\" in \"unknown\" of the object that holds the list");
		_fill({ at + std::uint32_t(i) * stride, size }, scopes);
	}
}

void Message_builder::_list(std::uint32_t slot, Scope const &scope, Field const &field,
							Json const &value, Json_path const &path)
{
	Json::array_t const &values = array_value(value, path);
	if (values.size() > MAX_ELEMENTS) path.fail(Code::LIMIT, error_text(Code::LIMIT));
	if (field.element == Type::STRUCT) return _structs(slot, scope, field, values, path);

	Element const element = Wire::element_of(field.element);
	std::uint32_t const at = _builder.list(slot, element, std::uint32_t(values.size()));
	_check(path);
	std::uint64_t const base = std::uint64_t(at) * WORD;
	std::uint32_t const bits = element_bits(element);

	for (std::size_t i = 0; i < values.size(); i++) {
		Json_path const element_path = path.element(i);
		std::uint32_t const pointer = at + std::uint32_t(i);

		if (element == Element::POINTER && values[i].is_null()) continue;
		if (field.element == Type::TEXT) {
			std::string const &text = text_value(values[i], element_path);
			_builder.text(pointer, Text(text.data(), text.size()));
		} else if (field.element == Type::DATA) {
			auto const bytes = bytes_value(values[i], element_path);
			_builder.data(pointer, Const_bytes(bytes.data(), bytes.size()));
		} else if (element == Element::BIT) {
			store_bit(_builder, base, i, bool_value(values[i], element_path));
		} else {
			_store(base + i * (bits / 8), bits,
				   scalar_value(field, field.element, values[i], element_path));
		}
		_check(element_path);
	}
}

void Message_builder::_pointer(std::uint32_t slot, Scope const &scope, Field const &field,
							   Json const &value)
{
	Json_path const path = scope.path.child(field.name());

	if (field.type == Type::TEXT) {
		std::string const &text = text_value(value, path);
		_builder.text(slot, Text(text.data(), text.size()));
		_check(path);
	} else if (field.type == Type::DATA) {
		auto const bytes = bytes_value(value, path);
		_builder.data(slot, Const_bytes(bytes.data(), bytes.size()));
		_check(path);
	} else if (field.type == Type::STRUCT) {
		structure(slot, *field.shape, value, path);
	} else {
		_list(slot, scope, field, value, path);
	}
}

/* data section first, then what is below the struct, in the order of its pointers */
void Message_builder::_fill(Target const &target, Scopes const &scopes)
{
	struct Pointer_value
	{
		Scope const *scope;
		Field const *field; /* null: not known */
		Json const *value;
		std::string_view key {};
	};
	std::multimap<std::uint32_t, Pointer_value> pointers;

	for (Scope const &scope : scopes) {
		_tag(target, scope);
		for (auto const &[field, value] : scope.fields) {
			Json_path const path = scope.path.child(field->name());
			if (field->type == Type::GROUP) continue;
			if (field->type == Type::VOID) {
				if (!value->is_null()) path.fail("must be null: there is no value");
			} else if (!is_pointer(field->type)) {
				_scalar(target, *field, *value, path);
			} else if (!value->is_null()) {
				if (field->offset >= target.size.pointers) fail_outside(path);
				pointers.insert({ field->offset, { &scope, field, value } });
			}
		}
	}

	Scope const &own = scopes[0];
	_words(target, own);

	Json_path const unknown_path = own.path.child("unknown"),
					slots_path = unknown_path.child("pointers");
	if (own.unknown && own.unknown->contains("pointers")) {
		Struct_reader const reader = _reader(target);
		for (auto const &[key, value] : object_value((*own.unknown)["pointers"], slots_path)) {
			std::uint32_t const slot = key_number(key);
			if (slot >= target.size.pointers)
				slots_path.child(key).fail("the struct has no pointer of this number");
			if (known_slot(own.shape, reader, std::uint16_t(slot)))
				slots_path.child(key).fail("the schema knows this pointer",
										   "give it by the name of its field");
			pointers.insert({ slot, { &own, nullptr, &value, key } });
		}
	}

	for (auto const &[slot, pointer] : pointers) {
		if (pointer.field) {
			_pointer(target.slot(slot), *pointer.scope, *pointer.field, *pointer.value);
			continue;
		}
		Json_path const path = slots_path.child(pointer.key);
		build_generic(_builder, target.slot(slot), *pointer.value, path);
		_check(path);
	}
}

void Message_builder::structure(std::uint32_t slot, Struct_shape const &shape, Json const &value,
								Json_path const &path)
{
	Scopes const scopes = read_scopes(shape, value, path);
	Struct_size const size = read_struct_size(scopes[0].unknown, path.child("unknown"), shape);

	std::uint32_t const at = _builder.structure(slot, size.data_words, size.pointers);
	_check(path);
	_fill({ at, size }, scopes);
}

}

std::vector<std::byte> message_from_json(Json const &value, Json_path const &path,
										 Struct_shape const &shape, Limits const &limits)
{
	std::size_t const most = FRAMING + std::size_t(std::min(limits.words, MAX_WORDS)) * WORD;

	for (std::size_t capacity = std::min<std::size_t>(most, 64 * 1024);;
		 capacity = std::min(most, capacity * 8))
	{
		/* not zeroed: the builder does it for what it uses */
		std::unique_ptr<std::byte[]> const buffer(new std::byte[capacity]);
		try {
			Message_builder builder(Bytes(buffer.get(), capacity));
			builder.structure(0, shape, value, path);
			std::size_t const size = builder.finish(path);

			/* what the tables know but this file does not is a refusal, never a broken message */
			Result<Struct_reader> const root = check({ buffer.get(), size }, shape, limits);
			if (root.failed())
				path.fail(root.error().code, std::string("the message would be refused: ") +
												 root.error().field + ": " +
												 error_text(root.error().code));
			return std::vector<std::byte>(buffer.get(), buffer.get() + size);
		} catch (No_space const &) {
			if (capacity == most)
				path.fail(Code::LIMIT,
						  "the message is larger than " + std::to_string(most) + " bytes");
		}
	}
}

}
