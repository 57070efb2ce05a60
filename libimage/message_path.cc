#include "message_json.h"

namespace Capimg
{

using namespace Wire;

/*
 * Objects stand in the order in which they are met, each behind what was met before it: what
 * holds a byte is below the last pointer whose object does not start behind it.
 */
namespace
{

struct Step
{
	std::string name {};
	Struct_shape const *shape = nullptr; /* null: what is there holds no structs */
	Struct_reader reader {};
};

std::uint64_t byte_of(std::uint32_t word) { return FRAMING + std::uint64_t(word) * WORD; }

/* where the object of a slot starts */
std::uint64_t target_of(Struct_reader const &from, std::uint16_t slot)
{
	std::int64_t const words =
		std::int64_t(from.data_words()) + slot + 1 + from.pointer(slot).offset();
	return from.offset() + std::uint64_t(words * std::int64_t(WORD));
}

/* the last element that does not start behind 'offset' */
Step element(Field const &field, Struct_reader const &from, std::uint64_t offset)
{
	List_place const place = from.list(std::uint16_t(field.offset), Element::STRUCT);
	std::uint32_t const stride = std::uint32_t(place.data_words) + place.pointers;
	std::uint64_t const first = byte_of(place.at);
	if (!place.count || offset < first) return { field.name() };

	/* pointers of an element lead behind the list */
	std::uint32_t low = 0;
	if (offset < first + std::uint64_t(place.count) * stride * WORD) {
		low = std::uint32_t((offset - first) / (stride * WORD));
		return { std::string(field.name()) + "[" + std::to_string(low) + "]", nullptr, {} };
	}
	for (std::uint32_t i = 0; i < place.count; i++) {
		Struct_reader const reader(from.segment(), place, i);
		for (std::uint16_t slot = 0; slot < reader.pointers(); slot++) {
			if (!reader.has(slot)) continue;
			if (target_of(reader, slot) <= offset) low = i;
			break;
		}
	}
	return { std::string(field.name()) + "[" + std::to_string(low) + "]", field.shape,
			 Struct_reader(from.segment(), place, low) };
}

void find_last(Struct_shape const &shape, Struct_reader const &from, std::uint64_t offset,
			   std::string const &prefix, std::uint64_t &start, Field const *&last,
			   std::string &last_prefix)
{
	for (unsigned i = 0; i < shape.field_count; i++) {
		Field const &field = shape.fields[i];
		if (!active(shape, field, from)) continue;
		if (field.type == Type::GROUP) {
			find_last(*field.shape, from, offset, prefix + field.name() + ".", start, last,
					  last_prefix);
			continue;
		}
		std::uint16_t const slot = std::uint16_t(field.offset);
		if (!is_pointer(field.type) || !from.has(slot)) continue;
		std::uint64_t const target = target_of(from, slot);
		if (target > offset || target < start) continue;
		start = target;
		last = &field;
		last_prefix = prefix;
	}
}

}

std::string message_path(Struct_shape const &shape, Struct_reader const &root, std::uint64_t offset)
{
	std::string path;
	Step step { {}, &shape, root };

	/* each turn goes one level down */
	for (unsigned depth = 0; step.shape && depth < MAX_DEPTH; depth++) {
		Struct_reader const from = step.reader;
		std::uint64_t start = 0;
		Field const *field = nullptr;
		std::string prefix;
		find_last(*step.shape, from, offset, "", start, field, prefix);
		if (!field) break;

		if (field->type == Type::STRUCT)
			step = { field->name(), field->shape, from.structure(std::uint16_t(field->offset)) };
		else if (field->type == Type::LIST && field->element == Type::STRUCT)
			step = element(*field, from, offset);
		else
			step = { field->name() };
		path += (path.empty() ? "" : ".") + prefix + step.name;
	}
	return path;
}

}
