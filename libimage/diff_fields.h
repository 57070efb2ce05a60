/*
 * Where two structs of the metadata differ, over core's tables
 *
 * Knows no struct: names, unions and references come from the tables, as they do for JSON
 * (message_json.h). References are equal if they name the same object. Elements of lists go
 * by what names them (list_pairs.h), lists of texts are sets. What the schema does not know is
 * compared as well. Left out is how an image is stored, and what is compared elsewhere:
 * ids, badges, blocks of dataspaces, the parent, the lists of objects, entries and nodes.
 */

#ifndef CAPIMG__DIFF_FIELDS_H
#define CAPIMG__DIFF_FIELDS_H

#include <functional>
#include <string>

#include "object_match.h"
#include "object_names.h"

namespace Capimg
{

struct Field_change
{
	std::string path {};             /* "registers.x86x64.ip", "regions[0x1000].size" */
	Json old_value {}, new_value {}; /* as message_json.h has them; null: not there */
};

class Field_diff
{
  public:
	using Report = std::function<void(Field_change const &)>;

  private:
	Object_match const &_match;
	Object_names const &_names_a, &_names_b;
	Report const &_report;
	std::string _path {};

	template <typename FN>
	void _within(std::string const &name, FN const &fn);
	void _differ(Json old_value, Json new_value);
	Json _object(bool second, std::uint32_t id) const;
	Json _scalar(bool second, Wire::Field const &, Wire::Type, std::uint64_t) const;
	Json _brief(bool second, Wire::Struct_shape const &, Wire::Struct_reader const &) const;
	Json _brief_field(bool second, Wire::Field const &, Wire::Struct_reader const &) const;

	/* of a struct, or of a group in it */
	void _fields(Wire::Struct_shape const &, Wire::Struct_reader const &,
				 Wire::Struct_reader const &);
	void _field(Wire::Field const &, Wire::Struct_reader const &, Wire::Struct_reader const &);
	void _blobs(Wire::Field const &, Wire::Struct_reader const &, Wire::Struct_reader const &);
	void _values(Wire::Field const &, Wire::Struct_reader const &, Wire::Struct_reader const &);
	void _texts(Wire::Field const &, Wire::Struct_reader const &, Wire::Struct_reader const &);
	void _structs(Wire::Field const &, Wire::Struct_reader const &, Wire::Struct_reader const &);
	void _unknown(Wire::Struct_shape const &, Wire::Struct_reader const &,
				  Wire::Struct_reader const &);

  public:
	/* everything must outlive the object */
	Field_diff(Object_match const &match, Object_names const &a, Object_names const &b,
			   Report const &report)
		: _match(match), _names_a(a), _names_b(b), _report(report)
	{}

	/* call 'report' for each difference, in the order of the schema */
	void compare(Wire::Struct_shape const &shape, Wire::Struct_reader const &a,
				 Wire::Struct_reader const &b);
};

}

#endif /* CAPIMG__DIFF_FIELDS_H */
