/*
 * The schema as the generator sees it
 *
 * Built from the compiler's request. What the freestanding accessors do not support is refused
 * here, so that the schema cannot come to need it unseen: interfaces, constants, generics,
 * types within a struct, AnyPointer, floating point, lists of lists and of Void, explicit
 * defaults, groups within a group or a union, structs that contain themselves, and empty
 * structs. A struct that cannot contain itself bounds the depth of all messages.
 */

#ifndef CAPIMG__SCHEMA__PLUGIN__MODEL_H
#define CAPIMG__SCHEMA__PLUGIN__MODEL_H

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <capnp/schema.capnp.h>

namespace Capimg::Plugin
{

/* the schema uses something that the generator does not support; 'what()' names the place */
struct Unsupported : std::runtime_error
{
	using std::runtime_error::runtime_error;
};

/* as Wire::Type, in the same order (wire_shape.h) */
enum class Type {
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

struct Enum_model
{
	std::string name; /* Map_structure */
	std::string schema_name;
	std::vector<std::string> enumerants; /* as in the schema, by number */
};

struct Struct_model;

struct Field_model
{
	std::string schema_name; /* firstBlock */
	std::string name;        /* first_block */
	Type type = Type::VOID;
	Type element = Type::VOID;
	uint32_t offset = 0;
	std::optional<uint16_t> discriminant;
	std::optional<std::string> ref;
	bool hex = false;

	uint64_t type_id = 0;                   /* of an enum or struct, also as element */
	std::string type_name;                  /* its name in C++ */
	std::shared_ptr<Struct_model> group {}; /* GROUP only */

	/* the value lies in the pointer section */
	bool pointer() const { return type >= Type::TEXT && type <= Type::LIST; }
};

struct Struct_model
{
	std::string schema_name; /* RegionMap; Thread.registers for a group */
	std::string name;        /* Region_map; Thread::Registers */
	uint64_t id = 0;
	uint16_t data_words = 0;
	uint16_t pointers = 0;
	uint16_t members = 0;            /* of the unnamed union */
	uint32_t tag_offset = 0;         /* in units of 16 bit */
	std::vector<Field_model> fields; /* in the order of the schema's text */

	bool has_refs() const;

	/* pointer fields in the order of their slots, then of their tags */
	std::vector<Field_model const *> pointer_fields() const;
};

struct Schema_model
{
	std::string file;                  /* image.capnp */
	std::vector<Enum_model> enums;     /* in the order of the schema's text */
	std::vector<Struct_model> structs; /* each behind those that it contains */
};

/* throws 'Unsupported' */
Schema_model model_of(capnp::schema::CodeGeneratorRequest::Reader request);

}

#endif /* CAPIMG__SCHEMA__PLUGIN__MODEL_H */
