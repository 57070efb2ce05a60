#include "message_scope.h"

#include <algorithm>

namespace Capimg
{

using namespace Wire;

static constexpr std::uint64_t MAX_SECTION = 0xffff;

Struct_size read_struct_size(Json const *value, Json_path const &path, Struct_shape const &shape)
{
	auto const section = [&](char const *key, std::uint16_t usual) {
		auto const at = value ? value->find(key) : Json::const_iterator();
		if (!value || at == value->end()) return usual;
		return std::uint16_t(number_value(*at, path.child(key), MAX_SECTION));
	};
	return { section("dataWords", shape.data_words), section("pointerCount", shape.pointers) };
}

static Field const *find_field(Struct_shape const &shape, std::string_view name)
{
	for (unsigned i = 0; i < shape.field_count; i++)
		if (shape.fields[i].name() == name) return &shape.fields[i];
	return nullptr;
}

/* sort the members of an object into fields and "unknown" */
static void scan(Scope &scope)
{
	for (auto const &[key, value] : object_value(scope.json, scope.path)) {
		if (key == "unknown") {
			scope.unknown = &value;
			continue;
		}
		Field const *const field = find_field(scope.shape, key);
		if (!field) {
			std::vector<std::string_view> names { "unknown" };
			for (unsigned i = 0; i < scope.shape.field_count; i++)
				names.push_back(scope.shape.fields[i].name());
			fail_unknown_key(scope.path, key, names);
		}
		if (field->discriminant != NO_UNION) {
			if (scope.member)
				scope.path.child(key).fail("only one member of a union can be there, and \"" +
											   std::string(scope.member->name()) + "\" is",
										   "remove one of the two");
			scope.member = field;
			scope.tag = field->discriminant;
		}
		scope.fields.emplace_back(field, &value);
	}
}

static void scan_unknown(Scope &scope, bool group)
{
	if (!scope.unknown) return;

	Json_path const path = scope.path.child("unknown");
	Json_object const unknown =
		group
			? Json_object(*scope.unknown, path, { "tag", "elements" })
			: Json_object(*scope.unknown, path,
						  { "dataWords", "pointerCount", "tag", "words", "pointers", "elements" });

	if (Json const *const tag = unknown.find("tag")) {
		Json_path const tag_path = path.child("tag");
		scope.tag = std::uint16_t(number_value(*tag, tag_path, 0xffff));
		if (!scope.shape.members) tag_path.fail("there is no union here");
		if (scope.member)
			tag_path.fail("only one member of a union can be there, and \"" +
						  std::string(scope.member->name()) + "\" is");
		if (scope.tag < scope.shape.members)
			tag_path.fail("the schema knows this member", "give it by its name");
	}

	Json const *const elements = unknown.find("elements");
	if (!elements) return;
	Json_path const elements_path = path.child("elements");
	for (auto const &[key, value] : object_value(*elements, elements_path)) {
		auto const named = [&name = key](auto const &pair) { return pair.first->name() == name; };
		auto const field = std::ranges::find_if(scope.fields, named);
		if (field == scope.fields.end() || field->first->type != Type::LIST ||
			field->first->element != Type::STRUCT || field->second->is_null())
			elements_path.child(key).fail("there is no list of structs with this name here");
		Json_object const sizes(value, elements_path.child(key), { "dataWords", "pointerCount" });
	}
}

Scopes read_scopes(Struct_shape const &shape, Json const &value, Json_path const &path)
{
	auto const group = [](Field const &field) { return field.type == Type::GROUP; };
	std::size_t const groups =
		std::size_t(std::count_if(shape.fields, shape.fields + shape.field_count, group));

	Scopes scopes;
	scopes.reserve(1 + groups); /* paths refer to each other */
	scopes.push_back({ shape, value, path });
	scan(scopes[0]);
	scan_unknown(scopes[0], false);

	for (auto const &[field, member] : scopes[0].fields) {
		if (field->type != Type::GROUP) continue;
		scopes.push_back({ *field->shape, *member, scopes[0].path.child(field->name()) });
		scan(scopes.back());
		scan_unknown(scopes.back(), true);
	}
	return scopes;
}

Struct_size element_size(Scope const &scope, Field const &field)
{
	Json_path const path = scope.path.child("unknown"), elements_path = path.child("elements");
	Json const *sizes = nullptr;
	if (scope.unknown && scope.unknown->contains("elements")) {
		Json const &elements = (*scope.unknown)["elements"];
		auto const at = elements.find(field.name());
		if (at != elements.end()) sizes = &*at;
	}
	return read_struct_size(sizes, elements_path.child(field.name()), *field.shape);
}

}
