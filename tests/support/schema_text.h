/*
 * Schemas made from text, and the versions before and behind one
 */

#ifndef CAPIMG__TESTS__SUPPORT__SCHEMA_TEXT_H
#define CAPIMG__TESTS__SUPPORT__SCHEMA_TEXT_H

#include <string>

#include <capnp/schema-parser.h>
#include <kj/filesystem.h>

namespace Capimg::Test
{

/* throws std::runtime_error if the file cannot be read */
std::string file_text(std::string const &path);

/*
 * A later minor version: each struct gets fields of many types, some of which fill holes of the
 * old layout; each union a member; each enum a value
 */
std::string newer_schema(std::string const &text);

/* an earlier one: each struct and enum lacks what has the highest number, if that leaves enough */
std::string older_schema(std::string const &text);

/* a schema compiled from text; the structs live as long as this object */
class Parsed_schema
{
	capnp::SchemaParser _parser {};
	kj::Own<kj::Filesystem> _disk = kj::newDiskFilesystem();
	kj::Own<kj::Directory const> _memory;
	capnp::ParsedSchema _file;

  public:
	/* throws kj::Exception for a text that does not compile */
	explicit Parsed_schema(std::string const &text);

	capnp::ParsedSchema const &file() const { return _file; }

	capnp::StructSchema structure(char const *name) const
	{
		return _file.getNested(name).asStruct();
	}
};

}

#endif /* CAPIMG__TESTS__SUPPORT__SCHEMA_TEXT_H */
