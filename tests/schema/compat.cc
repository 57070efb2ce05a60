#include "tests/schema/compat.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>

namespace Capimg::Test
{

namespace
{

namespace schema = capnp::schema;

/* the annotations of a field, by the name of their declaration */
struct Annotations
{
	bool hex = false;
	std::optional<std::set<std::string>> ref {};

	Annotations(schema::Field::Reader field, std::map<uint64_t, std::string> const &names)
	{
		for (auto const annotation : field.getAnnotations()) {
			auto const name = names.find(annotation.getId());
			if (name == names.end()) continue;
			if (name->second == "hex") hex = true;
			if (name->second != "ref") continue;

			std::istringstream words(annotation.getValue().getText().cStr());
			ref.emplace();
			for (std::string word; words >> word;) ref->insert(word);
		}
	}

	/* references that were allowed still are */
	bool widens(Annotations const &old) const
	{
		if (ref.has_value() != old.ref.has_value()) return false;
		if (!ref || ref->contains("*")) return true;
		return std::ranges::includes(*ref, *old.ref);
	}
};

class Comparer
{
	std::vector<std::string> _findings {};
	std::map<uint64_t, std::string> _annotations {};

	void _find(std::string const &path, std::string const &what)
	{
		_findings.push_back(path + ": " + what);
	}

	bool _same_type(capnp::Type a, capnp::Type b) const;
	void _enum(std::string const &path, capnp::EnumSchema, capnp::EnumSchema);
	void _field(std::string const &path, capnp::StructSchema::Field, capnp::StructSchema::Field);
	void _struct(std::string const &path, capnp::StructSchema, capnp::StructSchema);
	void _declaration(std::string const &path, capnp::ParsedSchema const &,
					  capnp::ParsedSchema const &);

  public:
	std::vector<std::string> run(capnp::ParsedSchema const &, capnp::ParsedSchema const &);
};

bool Comparer::_same_type(capnp::Type a, capnp::Type b) const
{
	if (a.which() != b.which()) return false;
	if (a.isList()) return _same_type(a.asList().getElementType(), b.asList().getElementType());
	if (a.isStruct()) return a.asStruct().getProto().getId() == b.asStruct().getProto().getId();
	if (a.isEnum()) return a.asEnum().getProto().getId() == b.asEnum().getProto().getId();
	return true;
}

void Comparer::_enum(std::string const &path, capnp::EnumSchema released, capnp::EnumSchema current)
{
	auto const before = released.getEnumerants(), after = current.getEnumerants();
	for (unsigned i = 0; i < before.size(); i++) {
		std::string const name = before[i].getProto().getName().cStr();
		if (i >= after.size())
			_find(path + "." + name, "enumerant is gone");
		else if (name != after[i].getProto().getName().cStr())
			_find(path + "." + name,
				  std::string("enumerant is ") + after[i].getProto().getName().cStr() + " now");
	}
}

void Comparer::_field(std::string const &path, capnp::StructSchema::Field released,
					  capnp::StructSchema::Field current)
{
	auto const before = released.getProto(), after = current.getProto();

	if (before.getDiscriminantValue() != after.getDiscriminantValue())
		_find(path, "moved into, out of or within a union");
	if (before.isGroup() != after.isGroup())
		return _find(path, "became a group, or no longer is one");
	if (before.isGroup())
		return _struct(path, released.getType().asStruct(), current.getType().asStruct());

	if (before.getOrdinal().getExplicit() != after.getOrdinal().getExplicit())
		_find(path, "has another number");
	if (!_same_type(released.getType(), current.getType()))
		_find(path, "has another type");
	else if (before.getSlot().getOffset() != after.getSlot().getOffset())
		_find(path, "has another place");
	if (after.getSlot().getHadExplicitDefault()) _find(path, "has a default");

	Annotations const old(before, _annotations), now(after, _annotations);
	if (old.hex != now.hex) _find(path, "$hex differs");
	if (!now.widens(old)) _find(path, "$ref allows less");
}

void Comparer::_struct(std::string const &path, capnp::StructSchema released,
					   capnp::StructSchema current)
{
	auto const before = released.getProto().getStruct(), after = current.getProto().getStruct();

	if (after.getDataWordCount() < before.getDataWordCount() ||
		after.getPointerCount() < before.getPointerCount())
		_find(path, "became smaller");
	if (before.getDiscriminantCount() &&
		(after.getDiscriminantCount() < before.getDiscriminantCount() ||
		 after.getDiscriminantOffset() != before.getDiscriminantOffset()))
		_find(path, "union lost members or its tag moved");

	for (auto const field : released.getFields()) {
		std::string const name = field.getProto().getName().cStr();
		KJ_IF_MAYBE (now, current.findFieldByName(name))
			_field(path + "." + name, field, *now);
		else
			_find(path + "." + name, "field is gone");
	}
}

void Comparer::_declaration(std::string const &path, capnp::ParsedSchema const &released,
							capnp::ParsedSchema const &current)
{
	auto const before = released.getProto(), after = current.getProto();
	if (before.getId() != after.getId()) _find(path, "has another id");
	if (before.which() != after.which()) return _find(path, "is another kind of declaration");
	if (before.isStruct()) _struct(path, released.asStruct(), current.asStruct());
	if (before.isEnum()) _enum(path, released.asEnum(), current.asEnum());
	if (before.isAnnotation()) _annotations.emplace(before.getId(), path);
}

std::vector<std::string> Comparer::run(capnp::ParsedSchema const &released,
									   capnp::ParsedSchema const &current)
{
	if (released.getProto().getId() != current.getProto().getId()) _find("file", "has another id");

	/* annotations first, for fields are compared with their names */
	for (bool annotations : { true, false }) {
		for (auto const nested : released.getProto().getNestedNodes()) {
			auto const before = released.getNested(nested.getName());
			if (before.getProto().isAnnotation() != annotations) continue;
			KJ_IF_MAYBE (after, current.findNested(nested.getName()))
				_declaration(nested.getName().cStr(), before, *after);
			else
				_find(nested.getName().cStr(), "declaration is gone");
		}
	}
	return _findings;
}

}

std::vector<std::string> incompatibilities(capnp::ParsedSchema const &released,
										   capnp::ParsedSchema const &current)
{
	return Comparer().run(released, current);
}

}
