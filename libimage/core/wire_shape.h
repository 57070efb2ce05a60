/*
 * Tables that describe the structs of a schema
 *
 * Generated from schema/image.capnp by the compiler plugin (generated/image.cc). They drive
 * the checker, and whatever handles all fields alike. Constant data; any thread may read it.
 */

#ifndef CAPIMG__CORE__WIRE_SHAPE_H
#define CAPIMG__CORE__WIRE_SHAPE_H

#include "wire_read.h"

namespace Capimg::Wire
{

enum class Type : uint8_t {
	VOID,
	BOOL,
	INT8,
	INT16,
	INT32,
	INT64,
	UINT8,
	UINT16,
	UINT32,
	UINT64,
	ENUM,
	TEXT,
	DATA,
	STRUCT,
	LIST,
	GROUP
};

struct Struct_shape;

/* 'discriminant' of a field that is not a member of a union */
static constexpr uint16_t NO_UNION = 0xffff;

struct Field
{
	char const *path; /* "Dataspace.firstBlock", for errors */
	uint8_t name_at;  /* where in 'path' the name begins */
	Type type;
	Type element;              /* of a LIST, else VOID */
	bool hex;                  /* $hex */
	uint16_t discriminant;     /* value of the union's tag for this field, or NO_UNION */
	uint32_t offset;           /* in units of its own size; bits for BOOL; slot of a pointer */
	char const *ref;           /* text of $ref, or null */
	Struct_shape const *shape; /* of STRUCT, GROUP, LIST of STRUCT, else null */

	char const *name() const { return path + name_at; }
};

/*
 * What may be in one pointer slot
 *
 * Members of a union share slots: 'discriminant' says which field is there, and no other
 * field of the union is. A slot outside of any union has one candidate.
 */
struct Slot
{
	Field const *const *candidates;
	uint16_t candidate_count;
	uint16_t members;    /* tags of the union that this schema knows, 0 without a union */
	uint32_t tag_offset; /* of the union's tag, in units of 16 bit */
};

struct Struct_shape
{
	char const *name;
	uint64_t id; /* of the schema node */
	uint16_t data_words;
	uint16_t pointers;
	bool has_refs;       /* a field of its own, or of a group in it, has a $ref */
	uint16_t members;    /* of its unnamed union, 0 without one */
	uint32_t tag_offset; /* in units of 16 bit */
	uint16_t field_count;
	Field const *fields; /* in the order of the schema's text */
	Slot const *slots;   /* 'pointers' of them, null for a group */
};

/* size of the elements of a list, as its pointer has to encode it */
constexpr Element element_of(Type type)
{
	constexpr Element TABLE[] {
		Element::VOID,       Element::BIT,         Element::BYTE,      Element::TWO_BYTES,
		Element::FOUR_BYTES, Element::EIGHT_BYTES, Element::BYTE,      Element::TWO_BYTES,
		Element::FOUR_BYTES, Element::EIGHT_BYTES, Element::TWO_BYTES, Element::POINTER,
		Element::POINTER,    Element::STRUCT,      Element::POINTER,   Element::VOID,
	};
	return TABLE[unsigned(type)];
}

/* the field's value is there: it is in no union, or the one that the union's tag says */
inline bool active(Struct_shape const &shape, Field const &field, Struct_reader const &reader)
{
	return field.discriminant == NO_UNION ||
		   field.discriminant == reader.load<uint16_t>(shape.tag_offset);
}

/*
 * Call 'fn(field, id, offset)' for each reference of a struct, those in its groups included
 *
 * 'reader' is a struct of 'shape' in a checked message. 'offset' is the byte within the
 * message where the struct, or the list of references, begins. 0 ("none") is passed on, too.
 */
template <typename FN>
void for_each_ref(Struct_shape const &shape, Struct_reader const &reader, FN const &fn)
{
	for (unsigned i = 0; i < shape.field_count; i++) {
		Field const &field = shape.fields[i];
		if (!active(shape, field, reader)) continue;

		if (field.type == Type::GROUP) {
			/* groups do not nest (see the plugin), so this is one level at most */
			for_each_ref(*field.shape, reader, fn);
		} else if (field.ref && field.type == Type::UINT32) {
			fn(field, reader.load<uint32_t>(field.offset), reader.offset());
		} else if (field.ref) {
			Value_list_reader<uint32_t> const ids = reader.values<uint32_t>(uint16_t(field.offset));
			for (uint32_t k = 0; k < ids.size(); k++) fn(field, ids[k], ids.offset());
		}
	}
}

}

#endif /* CAPIMG__CORE__WIRE_SHAPE_H */
