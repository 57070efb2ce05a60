#include "list_pairs.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "message_json.h"

namespace Capimg
{

using namespace Wire;

namespace
{

struct List_key
{
	std::string_view shape;
	std::array<std::string_view, 4> fields;
};

/* structs that a field, or several together, name within their list */
constexpr List_key KEYS[] {
	{ "Region", { "address" } },
	{ "CapabilityEntry", { "index" } },
	{ "BadgeTree", { "root" } },
	{ "BadgeNode", { "address" } },
	{ "RawBadge", { "place", "address", "thread", "word" } },
	{ "ProvidedSession", { "label", "arguments" } },
	{ "AbsentRange", { "offset" } },
	{ "CodeRange", { "start" } },
	{ "Note", { "owner", "type" } },
};

/* the fields of a shape's key, null behind the last */
std::array<Field const *, 4> key_fields(Struct_shape const &shape)
{
	std::array<Field const *, 4> found {};
	for (List_key const &key : KEYS) {
		if (key.shape != shape.name) continue;
		for (std::size_t k = 0; k < key.fields.size(); k++)
			for (unsigned i = 0; i < shape.field_count; i++)
				if (shape.fields[i].name() == key.fields[k]) found[k] = &shape.fields[i];
	}
	return found;
}

std::string_view text_of(Struct_reader const &reader, Field const &field)
{
	Text const text = reader.text(std::uint16_t(field.offset));
	return { text.string(), text.size() };
}

struct Named
{
	std::array<std::uint64_t, 4> numbers {};
	std::array<std::string_view, 2> texts {};
	std::uint32_t number = 0;

	auto name() const { return std::tie(numbers, texts); }
	auto all() const { return std::tie(numbers, texts, number); }
};

using Names = std::vector<Named>;

Names names_of(Struct_shape const &shape, Segment const &segment, List_place const &list,
			   bool second, Canonical_ref const &canonical)
{
	auto const fields = key_fields(shape);
	Names names(list.count);

	for (std::uint32_t i = 0; i < list.count; i++) {
		Struct_reader const element(segment, list, i);
		Named &named = names[i];
		named.number = i;
		if (!fields[0]) named.numbers[0] = i;

		std::size_t number = 0, text = 0;
		for (Field const *field : fields) {
			if (!field) break;
			if (field->type == Type::TEXT) {
				named.texts[text++] = text_of(element, *field);
			} else {
				std::uint64_t const value = scalar_value(*field, element);
				named.numbers[number++] =
					field->ref ? canonical(second, std::uint32_t(value)) : value;
			}
		}
	}

	auto const less = [](Named const &x, Named const &y) { return x.all() < y.all(); };
	if (!std::ranges::is_sorted(names, less)) std::ranges::sort(names, less);
	return names;
}

}

std::vector<List_pair> list_pairs(Struct_shape const &shape, Segment const &segment_a,
								  List_place const &a, Segment const &segment_b,
								  List_place const &b, Canonical_ref const &canonical)
{
	Names const names_a = names_of(shape, segment_a, a, false, canonical);
	Names const names_b = names_of(shape, segment_b, b, true, canonical);

	std::vector<List_pair> pairs;
	pairs.reserve(std::max(names_a.size(), names_b.size()));
	for (std::size_t i = 0, k = 0; i < names_a.size() || k < names_b.size();) {
		bool const has_a = i < names_a.size(), has_b = k < names_b.size();
		bool const take_a = has_a && (!has_b || names_a[i].name() <= names_b[k].name());
		bool const take_b = has_b && (!has_a || names_b[k].name() <= names_a[i].name());

		pairs.push_back({ take_a ? names_a[i].number : List_pair::NONE,
						  take_b ? names_b[k].number : List_pair::NONE });
		i += take_a;
		k += take_b;
	}
	return pairs;
}

std::string element_name(Struct_shape const &shape, Struct_reader const &element,
						 std::uint32_t number)
{
	auto const fields = key_fields(shape);
	if (!fields[0]) return "[" + std::to_string(number) + "]";

	std::string name = "[";
	for (Field const *field : fields) {
		if (!field) break;
		if (name.size() > 1) name += ' ';
		if (field->type == Type::TEXT) {
			name += text_of(element, *field);
			continue;
		}
		Json const value = scalar_json(*field, field->type, scalar_value(*field, element));
		name += value.is_string() ? value.get<std::string>() : value.dump();
	}
	return name + "]";
}

}
