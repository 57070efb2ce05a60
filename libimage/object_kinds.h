/*
 * The table of object kinds
 *
 * One row for each member of Object's union in schema/image.capnp. JSON, printing, verify and
 * whatever else handles kinds takes what it needs from here and from core's tables of fields;
 * a new kind of session is one row and its struct. Constant data, thread-safe.
 */

#ifndef CAPIMG__OBJECT_KINDS_H
#define CAPIMG__OBJECT_KINDS_H

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/generated/image.h"
#include "json_value.h"

namespace Capimg
{

enum class Object_group { CAPABILITY, SESSION, SERVICE, THREAD, MEMORY, SIGNAL, UNKNOWN };

struct Object_kind
{
	Metadata::Object::Which which;
	Object_group group;
	char const *title;   /* for people: "ROM session" */
	char const *summary; /* fields of its struct that describe one in a line, by space */

	/* name in the schema and in JSON: "romSession" */
	char const *name() const;
};

std::span<Object_kind const> object_kinds();

/* a row called "unknown" for a kind of a newer version */
Object_kind const &object_kind(Metadata::Object::Which);

/* for people, what an entry of a capability map is for: "thread gate"; null if not known */
char const *entry_kind_title(Metadata::Entry_kind);

/* the fields of the struct of an object's kind; null if it has none */
Json object_body(Metadata::Object::Reader const &);

/* "module=ld.lib.so dataspace=12": the summary fields that say something */
std::string object_summary(Metadata::Object::Reader const &);

}

#endif /* CAPIMG__OBJECT_KINDS_H */
