#include "generic_json.h"

#include <algorithm>
#include <array>

#include "byte_span.h"

namespace Capimg
{

using namespace Wire;

/* those of lists of values, by the number that a pointer has for them */
static constexpr std::array<std::string_view, 6> ELEMENT_NAMES { "void",      "bit",
																 "byte",      "twoBytes",
																 "fourBytes", "eightBytes" };

static constexpr std::uint64_t MAX_SECTION = 0xffff;

/* ---- message to JSON ---- */

static Const_bytes bytes_at(Segment const &segment, std::uint32_t word, std::uint64_t size)
{
	return value_or_throw(segment.bytes().slice(std::uint64_t(word) * WORD, size, "unknown"));
}

/* "data" and "pointers" of an object that was begun */
static void write_sections(Json_writer &json, Struct_reader const &from)
{
	std::vector<std::byte> data(from.data_words() * WORD);
	for (unsigned i = 0; i < from.data_words(); i++)
		Bytes(data.data(), data.size()).u64(i * WORD, from.load<Capimg::uint64_t>(i));

	json.key("data").bytes(data);
	json.key("pointers").begin_array();
	for (unsigned i = 0; i < from.pointers(); i++) write_generic(json, from, std::uint16_t(i));
	json.end_array();
}

static void write_values(Json_writer &json, Struct_reader const &from, std::uint16_t slot)
{
	Pointer const pointer = from.pointer(slot);
	List_place const place = from.list(slot, pointer.element());
	std::uint64_t const bits = std::uint64_t(place.count) * element_bits(pointer.element());

	json.key("list").begin_object();
	json.key("element").text(ELEMENT_NAMES[std::size_t(pointer.element())]);
	json.key("count").number(place.count);
	json.key("data").bytes(as_span(bytes_at(from.segment(), place.at, (bits + 7) / 8)));
	json.end_object();
}

static void write_pointers(Json_writer &json, Struct_reader const &from, std::uint16_t slot)
{
	List_place const place = from.list(slot, Element::POINTER);

	json.key("pointers").begin_array();
	for (std::uint32_t i = 0; i < place.count; i++)
		write_generic(json, Struct_reader(from.segment(), { place.at, place.count, 0, 1 }, i), 0);
	json.end_array();
}

static void write_structs(Json_writer &json, Struct_reader const &from, std::uint16_t slot)
{
	List_place const place = from.list(slot, Element::STRUCT);

	json.key("structs").begin_object();
	json.key("dataWords").number(place.data_words);
	json.key("pointerCount").number(place.pointers);
	json.key("elements").begin_array();
	for (std::uint32_t i = 0; i < place.count; i++) {
		json.begin_object();
		write_sections(json, Struct_reader(from.segment(), place, i));
		json.end_object();
	}
	json.end_array();
	json.end_object();
}

void write_generic(Json_writer &json, Struct_reader const &from, std::uint16_t slot)
{
	Pointer const pointer = from.pointer(slot);
	if (pointer.null()) return json.null();

	json.begin_object();
	if (pointer.kind() == Pointer::STRUCT) {
		json.key("struct").begin_object();
		write_sections(json, from.structure(slot));
		json.end_object();
	} else if (pointer.element() == Element::POINTER)
		write_pointers(json, from, slot);
	else if (pointer.element() == Element::STRUCT)
		write_structs(json, from, slot);
	else
		write_values(json, from, slot);
	json.end_object();
}

/* ---- JSON to message ---- */

/* words of "data", which is whole words */
static std::vector<std::byte> data_section(Json const &value, Json_path const &path)
{
	std::vector<std::byte> bytes = bytes_value(value, path);
	if (bytes.size() % WORD || bytes.size() / WORD > MAX_SECTION)
		path.fail("must be whole words of 8 bytes, 65535 of them at most");
	return bytes;
}

static Json::array_t const &pointer_section(Json const &value, Json_path const &path)
{
	Json::array_t const &pointers = array_value(value, path);
	if (pointers.size() > MAX_SECTION) path.fail("a struct has 65535 pointers at most");
	return pointers;
}

static void store(Builder &builder, std::uint32_t word, std::span<std::byte const> bytes)
{
	for (std::size_t i = 0; i < bytes.size(); i++)
		builder.store(std::uint64_t(word) * WORD + i, std::uint8_t(bytes[i]));
}

static void build_pointers(Builder &builder, std::uint32_t first, Json::array_t const &pointers,
						   Json_path const &path)
{
	for (std::size_t i = 0; i < pointers.size(); i++)
		build_generic(builder, first + std::uint32_t(i), pointers[i], path.element(i));
}

static void build_struct(Builder &builder, std::uint32_t slot, Json const &value,
						 Json_path const &path)
{
	Json_object const object(value, path, { "data", "pointers" });
	Json_path const pointers_path = path.child("pointers");
	auto const data = data_section(object.at("data"), path.child("data"));
	auto const &pointers = pointer_section(object.at("pointers"), pointers_path);

	std::uint32_t const at =
		builder.structure(slot, std::uint16_t(data.size() / WORD), std::uint16_t(pointers.size()));
	if (builder.status()) return;
	store(builder, at, data);
	build_pointers(builder, at + std::uint32_t(data.size() / WORD), pointers, pointers_path);
}

static void build_values(Builder &builder, std::uint32_t slot, Json const &value,
						 Json_path const &path)
{
	Json_object const object(value, path, { "element", "count", "data" });
	Json_path const element_path = path.child("element"), data_path = path.child("data");

	std::string const &name = text_value(object.at("element"), element_path);
	auto const found = std::ranges::find(ELEMENT_NAMES, name);
	if (found == ELEMENT_NAMES.end())
		element_path.fail("there is no such size of elements",
						  "one of void, bit, byte, twoBytes, fourBytes, eightBytes");
	Element const element = Element(found - ELEMENT_NAMES.begin());

	std::uint32_t const count =
		std::uint32_t(number_value(object.at("count"), path.child("count"), MAX_ELEMENTS));
	auto const data = bytes_value(object.at("data"), data_path);
	std::uint64_t const bits = std::uint64_t(count) * element_bits(element);

	if (element == Element::VOID && count)
		path.child("count").fail("a list of elements that take no space must be empty");
	if (data.size() != (bits + 7) / 8)
		data_path.fail("must be " + std::to_string((bits + 7) / 8) + " bytes");
	if (bits % 8 && unsigned(data.back()) >> (bits % 8))
		data_path.fail("bits behind the last element must be 0");

	std::uint32_t const at = builder.list(slot, element, count);
	if (!builder.status()) store(builder, at, data);
}

static void build_pointer_list(Builder &builder, std::uint32_t slot, Json const &value,
							   Json_path const &path)
{
	Json::array_t const &pointers = array_value(value, path);
	if (pointers.size() > MAX_ELEMENTS) path.fail(Code::LIMIT, "the list has too many elements");

	std::uint32_t const at = builder.list(slot, Element::POINTER, std::uint32_t(pointers.size()));
	if (!builder.status()) build_pointers(builder, at, pointers, path);
}

static void build_structs(Builder &builder, std::uint32_t slot, Json const &value,
						  Json_path const &path)
{
	Json_object const object(value, path, { "dataWords", "pointerCount", "elements" });
	Json_path const elements_path = path.child("elements");

	auto const section = [&](char const *key) {
		return std::uint16_t(number_value(object.at(key), path.child(key), MAX_SECTION));
	};
	std::uint16_t const data_words = section("dataWords"), pointers = section("pointerCount");
	std::uint32_t const stride = std::uint32_t(data_words) + pointers;

	Json::array_t const &elements = array_value(object.at("elements"), elements_path);
	if (elements.size() > MAX_ELEMENTS)
		elements_path.fail(Code::LIMIT, "the list has too many elements");
	if (!stride && !elements.empty())
		elements_path.fail("a list of structs that take no space must be empty");

	std::uint32_t const at =
		builder.struct_list(slot, std::uint32_t(elements.size()), data_words, pointers);
	if (builder.status()) return;

	for (std::size_t i = 0; i < elements.size(); i++) {
		Json_path const element_path = elements_path.element(i);
		Json_path const data_path = element_path.child("data");
		Json_path const pointers_path = element_path.child("pointers");
		Json_object const element(elements[i], element_path, { "data", "pointers" });

		auto const data = bytes_value(element.at("data"), data_path);
		auto const &slots = array_value(element.at("pointers"), pointers_path);
		if (data.size() != data_words * WORD)
			data_path.fail("must be " + std::to_string(data_words * WORD) + " bytes");
		if (slots.size() != pointers)
			pointers_path.fail("must be " + std::to_string(pointers) + " pointers");

		std::uint32_t const word = at + std::uint32_t(i) * stride;
		store(builder, word, data);
		build_pointers(builder, word + data_words, slots, pointers_path);
	}
}

void build_generic(Builder &builder, std::uint32_t slot, Json const &value, Json_path const &path)
{
	struct Row
	{
		std::string_view key;
		void (*build)(Builder &, std::uint32_t, Json const &, Json_path const &);
	};
	static constexpr Row ROWS[] {
		{ "struct", build_struct },
		{ "list", build_values },
		{ "pointers", build_pointer_list },
		{ "structs", build_structs },
	};

	if (builder.status() || value.is_null()) return;

	Json_object const object(value, path, { "struct", "list", "pointers", "structs" });
	if (value.size() != 1) path.fail("must have one member, which is the kind of the object");

	for (Row const &row : ROWS)
		if (Json const *const member = object.find(row.key))
			row.build(builder, slot, *member, path.child(row.key));
}

}
