#include "diff_fields.h"

#include <algorithm>
#include <array>
#include <set>

#include "byte_span.h"
#include "generic_json.h"
#include "list_pairs.h"
#include "message_json.h"
#include "sha256.h"
#include "sink.h"
#include "strict_json.h"

namespace Capimg
{

using namespace Wire;

static std::string as_string(Text const &text) { return { text.string(), text.size() }; }

/* see the header */
static bool left_out(Field const &field)
{
	static constexpr std::array<std::string_view, 11> PATHS {
		"Object.id",
		"Object.badge",
		"Dataspace.firstBlock",
		"Dataspace.stored",
		"Dataspace.absentReason",
		"Dataspace.absent",
		"Manifest.parent",
		"Manifest.objects",
		"Manifest.capabilitySpaces",
		"CapabilitySpace.entries",
		"CapabilityEntry.object",
	};
	static constexpr std::array<std::string_view, 2> TREES { "Manifest.badgeTrees",
															 "BadgeTree.nodes" };
	std::string_view const path = field.path;
	return std::ranges::find(PATHS, path) != PATHS.end() ||
		   std::ranges::find(TREES, path) != TREES.end();
}

template <typename FN>
void Field_diff::_within(std::string const &name, FN const &fn)
{
	std::size_t const size = _path.size();
	if (!_path.empty() && name[0] != '[') _path += '.';
	_path += name;
	fn();
	_path.resize(size);
}

void Field_diff::_differ(Json old_value, Json new_value)
{
	_report({ _path, std::move(old_value), std::move(new_value) });
}

/* what a reference refers to; ids alone mean nothing in the other image */
Json Field_diff::_object(bool second, std::uint32_t id) const
{
	if (!id) return nullptr;
	std::uint32_t const at = (second ? _match.b() : _match.a()).position(id);
	if (at == Diff_side::NONE) return { { "id", id } };
	return { { "id", id }, { "name", (second ? _names_b : _names_a).name(at) } };
}

Json Field_diff::_scalar(bool second, Field const &field, Type type, std::uint64_t value) const
{
	return field.ref ? _object(second, std::uint32_t(value)) : scalar_json(field, type, value);
}

/* bytes if they are few, else what tells them apart */
static Json data_json(Const_bytes bytes)
{
	static constexpr std::size_t FEW = 64;
	if (bytes.size() <= FEW) return bytes_text(as_span(bytes));

	Sodium_sha256 hash;
	hash.update(bytes);
	State_digest digest;
	hash.finish(digest.bytes);
	return { { "size", bytes.size() },
			 { "sha256", bytes_text(std::as_bytes(std::span(digest.bytes))) } };
}

Json Field_diff::_brief_field(bool second, Field const &field, Struct_reader const &from) const
{
	std::uint16_t const slot = std::uint16_t(field.offset);
	switch (field.type) {
	case Type::GROUP: return _brief(second, *field.shape, from);
	case Type::STRUCT: return _brief(second, *field.shape, from.structure(slot));
	case Type::TEXT: return as_string(from.text(slot));
	case Type::DATA: return data_json(from.data(slot));
	case Type::LIST: return from.list(slot, element_of(field.element)).count;
	case Type::VOID: return nullptr;
	default: return _scalar(second, field, field.type, scalar_value(field, from));
	}
}

/* a struct that the other side does not have; of its lists, how long they are */
Json Field_diff::_brief(bool second, Struct_shape const &shape, Struct_reader const &from) const
{
	Json json = Json::object();
	for (unsigned i = 0; i < shape.field_count; i++)
		if (active(shape, shape.fields[i], from))
			json[shape.fields[i].name()] = _brief_field(second, shape.fields[i], from);
	return json;
}

void Field_diff::_blobs(Field const &field, Struct_reader const &a, Struct_reader const &b)
{
	std::uint16_t const slot = std::uint16_t(field.offset);
	if (field.type == Type::TEXT) {
		if (!(a.text(slot) == b.text(slot)))
			_differ(as_string(a.text(slot)), as_string(b.text(slot)));
	} else if (!(a.data(slot) == b.data(slot))) {
		_differ(data_json(a.data(slot)), data_json(b.data(slot)));
	}
}

/* value 'i' of a list of numbers */
static std::uint64_t list_value(Field const &field, Struct_reader const &from, std::uint32_t i)
{
	std::uint16_t const slot = std::uint16_t(field.offset);
	switch (element_of(field.element)) {
	case Element::BIT: return from.values<bool>(slot)[i];
	case Element::BYTE: return from.values<Capimg::uint8_t>(slot)[i];
	case Element::TWO_BYTES: return from.values<Capimg::uint16_t>(slot)[i];
	case Element::FOUR_BYTES: return from.values<Capimg::uint32_t>(slot)[i];
	default: return from.values<Capimg::uint64_t>(slot)[i];
	}
}

void Field_diff::_values(Field const &field, Struct_reader const &a, Struct_reader const &b)
{
	std::uint16_t const slot = std::uint16_t(field.offset);
	std::uint32_t const count_a = a.list(slot, element_of(field.element)).count;
	std::uint32_t const count_b = b.list(slot, element_of(field.element)).count;

	for (std::uint32_t i = 0; i < std::max(count_a, count_b); i++) {
		bool const has_a = i < count_a, has_b = i < count_b;
		std::uint64_t const x = has_a ? list_value(field, a, i) : 0;
		std::uint64_t const y = has_b ? list_value(field, b, i) : 0;
		if (has_a && has_b &&
			(field.ref ? _match.same(std::uint32_t(x), std::uint32_t(y)) : x == y))
			continue;
		_within("[" + std::to_string(i) + "]", [&] {
			_differ(has_a ? _scalar(false, field, field.element, x) : Json(),
					has_b ? _scalar(true, field, field.element, y) : Json());
		});
	}
}

void Field_diff::_texts(Field const &field, Struct_reader const &a, Struct_reader const &b)
{
	auto const set = [&](Struct_reader const &from) {
		auto const list = from.blobs<Text>(std::uint16_t(field.offset));
		std::multiset<std::string> texts;
		for (std::uint32_t i = 0; i < list.size(); i++) texts.insert(as_string(list[i]));
		return texts;
	};
	auto const set_a = set(a), set_b = set(b);

	std::vector<std::string> gone, came;
	std::ranges::set_difference(set_a, set_b, std::back_inserter(gone));
	std::ranges::set_difference(set_b, set_a, std::back_inserter(came));
	for (std::string const &text : gone) _within("[" + text + "]", [&] { _differ(text, nullptr); });
	for (std::string const &text : came) _within("[" + text + "]", [&] { _differ(nullptr, text); });
}

void Field_diff::_structs(Field const &field, Struct_reader const &a, Struct_reader const &b)
{
	std::uint16_t const slot = std::uint16_t(field.offset);
	List_place const list_a = a.list(slot, Element::STRUCT), list_b = b.list(slot, Element::STRUCT);
	if (!list_a.count && !list_b.count) return;

	auto const canonical = [&](bool second, std::uint32_t id) {
		return _match.canonical(second, id);
	};
	for (List_pair const &pair :
		 list_pairs(*field.shape, a.segment(), list_a, b.segment(), list_b, canonical))
	{
		bool const has_a = pair.a != List_pair::NONE, has_b = pair.b != List_pair::NONE;
		Struct_reader const x(a.segment(), list_a, pair.a), y(b.segment(), list_b, pair.b);

		_within(element_name(*field.shape, has_a ? x : y, has_a ? pair.a : pair.b), [&] {
			if (has_a && has_b) return compare(*field.shape, x, y);
			_differ(has_a ? _brief(false, *field.shape, x) : Json(),
					has_b ? _brief(true, *field.shape, y) : Json());
		});
	}
}

void Field_diff::_field(Field const &field, Struct_reader const &a, Struct_reader const &b)
{
	std::uint16_t const slot = std::uint16_t(field.offset);
	switch (field.type) {
	case Type::VOID: return;
	case Type::GROUP: return _fields(*field.shape, a, b);
	case Type::STRUCT: return compare(*field.shape, a.structure(slot), b.structure(slot));
	case Type::TEXT:
	case Type::DATA: return _blobs(field, a, b);
	case Type::LIST:
		if (field.element == Type::STRUCT) return _structs(field, a, b);
		if (field.element == Type::TEXT) return _texts(field, a, b);
		return _values(field, a, b);
	default: break;
	}

	std::uint64_t const x = scalar_value(field, a), y = scalar_value(field, b);
	if (field.ref ? _match.same(std::uint32_t(x), std::uint32_t(y)) : x == y) return;
	_differ(_scalar(false, field, field.type, x), _scalar(true, field, field.type, y));
}

/* name of the member that a union has, or its number */
static Json member_json(Struct_shape const &shape, Capimg::uint16_t tag)
{
	for (unsigned i = 0; i < shape.field_count; i++)
		if (shape.fields[i].discriminant == tag) return shape.fields[i].name();
	return tag;
}

static Json pointer_json(Struct_reader const &from, std::uint16_t slot)
{
	if (!from.has(slot)) return nullptr;
	Memory_sink sink;
	Json_writer json(sink);
	write_generic(json, from, slot);
	json.finish();
	auto const &bytes = sink.bytes();
	return parse_json({ reinterpret_cast<char const *>(bytes.data()), bytes.size() }, {});
}

void Field_diff::_unknown(Struct_shape const &shape, Struct_reader const &a, Struct_reader const &b)
{
	std::uint32_t const words = std::max(a.data_words(), b.data_words());
	bool any = false;
	for (std::uint32_t i = 0; i < words && !any; i++)
		any = a.load<Capimg::uint64_t>(i) != b.load<Capimg::uint64_t>(i);

	if (any) {
		auto const known_a = known_bits(shape, a), known_b = known_bits(shape, b);
		for (std::uint32_t i = 0; i < words; i++) {
			std::uint64_t const mask = i < known_a.size() ? ~(known_a[i] | known_b[i]) : ~0ull;
			std::uint64_t const x = a.load<Capimg::uint64_t>(i) & mask;
			std::uint64_t const y = b.load<Capimg::uint64_t>(i) & mask;
			if (x == y) continue;
			_within("unknown.words[" + std::to_string(i) + "]",
					[&] { _differ(hex_text(x), hex_text(y)); });
		}
	}

	for (std::uint32_t i = 0; i < std::max(a.pointers(), b.pointers()); i++) {
		std::uint16_t const slot = std::uint16_t(i);
		bool const is_a = a.has(slot) && !known_slot(shape, a, slot);
		bool const is_b = b.has(slot) && !known_slot(shape, b, slot);
		if (!is_a && !is_b) continue;
		Json x = is_a ? pointer_json(a, slot) : Json(), y = is_b ? pointer_json(b, slot) : Json();
		if (x == y) continue;
		_within("unknown.pointers[" + std::to_string(i) + "]",
				[&] { _differ(std::move(x), std::move(y)); });
	}
}

void Field_diff::_fields(Struct_shape const &shape, Struct_reader const &a, Struct_reader const &b)
{
	if (shape.members) {
		auto const x = a.load<Capimg::uint16_t>(shape.tag_offset);
		auto const y = b.load<Capimg::uint16_t>(shape.tag_offset);
		if (x != y) _within("kind", [&] { _differ(member_json(shape, x), member_json(shape, y)); });
	}
	for (unsigned i = 0; i < shape.field_count; i++) {
		Field const &field = shape.fields[i];
		if (left_out(field) || !active(shape, field, a) || !active(shape, field, b)) continue;

		/* the struct of an object's kind is not worth a name */
		if (&shape == &Metadata::Object::shape && field.discriminant != NO_UNION)
			_field(field, a, b);
		else
			_within(field.name(), [&] { _field(field, a, b); });
	}
}

void Field_diff::compare(Struct_shape const &shape, Struct_reader const &a, Struct_reader const &b)
{
	_fields(shape, a, b);
	_unknown(shape, a, b);
}

}
