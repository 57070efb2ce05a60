/*
 * The files that the generator writes
 *
 *   image.h        enums, and a reader and a writer of each struct
 *   image.cc       tables of all fields (wire_shape.h)
 *   image_visit.h  visit each field of a struct with its name and value
 *   image_copy.h   copy a struct field by field from a reader to a writer
 *
 * Each function returns the text of one file. The same model gives the same text.
 */

#ifndef CAPIMG__SCHEMA__PLUGIN__EMIT_H
#define CAPIMG__SCHEMA__PLUGIN__EMIT_H

#include "model.h"

namespace Capimg::Plugin
{

std::string accessors(Schema_model const &);
std::string tables(Schema_model const &);
std::string visitors(Schema_model const &);
std::string copiers(Schema_model const &);

/* comment at the begin of each file: what it is, and the command that writes it */
std::string preamble(Schema_model const &, std::string const &what);

/* type of a plain value in C++: 'uint32_t', 'bool', 'Kernel' */
std::string value_type(Type, std::string const &enum_name);

/* 'Object::Which::THREAD' */
std::string tag(Struct_model const &, Field_model const &);

/* name of the file without its extension: 'image' */
std::string stem(Schema_model const &);

/* '#ifndef CAPIMG__CORE__GENERATED__IMAGE_H' for 'image_h' */
std::string guard(std::string const &file_name);

}

#endif /* CAPIMG__SCHEMA__PLUGIN__EMIT_H */
