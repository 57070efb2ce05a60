/*
 * What makes an object the same one in another image, as far as the manifest says
 *
 * Two tables: the fields that name an object of a kind within its component (label, module, UTCB
 * address, …), from the strongest to the weakest, and the fields that never change in an
 * object's life. Both are names of the schema's fields, evaluated over core's tables.
 */

#ifndef CAPIMG__OBJECT_ROLE_H
#define CAPIMG__OBJECT_ROLE_H

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/generated/image.h"

namespace Capimg
{

/* bytes that two objects have to have in common */
class Role_key
{
	std::string _bytes {};

  public:
	void clear() { _bytes.clear(); }

	void number(std::uint64_t value)
	{
		for (int shift = 0; shift < 64; shift += 8) _bytes += char(value >> shift);
	}

	void text(std::string_view text)
	{
		number(text.size());
		_bytes += text;
	}

	bool empty() const { return _bytes.empty(); }
	std::string_view bytes() const { return _bytes; }
	std::uint64_t digest() const;

	bool operator==(Role_key const &) const = default;
};

/*
 * One way to know an object of a kind
 *
 * 'fields' by space, "session.clientId" for one of a struct in it, those of the object itself
 * ("label") included. A field with '!' in front must say something: no such object has a key if it
 * does not. No fields at all: the only object of its kind.
 */
struct Role
{
	Metadata::Object::Which which;
	char const *fields;
	char const *why; /* for people: "same label" */
	bool sure;
};

/* strongest first */
std::span<Role const> roles();

/* kinds that an import guesses apart from where an object is found: they count as one */
Metadata::Object::Which kind_class(Metadata::Object::Which);

/* canonical number of an object that is referred to; nothing if it has none */
using Resolve_ref = std::function<bool(std::uint32_t id, std::uint64_t &out)>;

/* add the role's fields to the key; false if the object has no such key */
bool add_role(Role_key &, Role const &, Metadata::Object::Reader const &, Resolve_ref const &);

/* both say what they are by a field that never changes, and say different things */
bool different_by_nature(Metadata::Object::Reader const &, Metadata::Object::Reader const &);

}

#endif /* CAPIMG__OBJECT_ROLE_H */
