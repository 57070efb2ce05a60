#include <algorithm>
#include <array>

#include "list_pairs.h"
#include "object_matcher.h"

namespace Capimg
{

/* ---- what belongs to objects that are the same ---- */

/* references to what is a part of the object, or made for it */
static bool owns(Wire::Field const &field)
{
	static constexpr std::array<std::string_view, 13> OWNING {
		"PdSession.addressSpace",  "PdSession.stackArea",  "PdSession.linkerArea",
		"PdSession.nativePd",      "CpuSession.nativeCpu", "RmSession.regionMaps",
		"RomSession.dataspace",    "Service.root",         "Thread.gate",
		"Dataspace.regionMap",     "Region.dataspace",     "SignalSource.semaphore",
		"ProvidedSession.session",
	};
	return std::ranges::find(OWNING, field.path) != OWNING.end();
}

void Matcher::_behind_list(Wire::Field const &field, Wire::Struct_reader const &a,
						   Wire::Struct_reader const &b, std::uint8_t reason, bool owning)
{
	std::uint16_t const slot = std::uint16_t(field.offset);

	if (field.ref && owns(field) == owning) {
		auto const ids_a = a.values<Capimg::uint32_t>(slot),
				   ids_b = b.values<Capimg::uint32_t>(slot);
		for (std::uint32_t i = 0; i < std::min(ids_a.size(), ids_b.size()); i++)
			_candidate(_a.position(ids_a[i]), _b.position(ids_b[i]), reason);
	}
	if (field.element != Wire::Type::STRUCT || !field.shape->has_refs) return;

	Wire::List_place const list_a = a.list(slot, Wire::Element::STRUCT);
	Wire::List_place const list_b = b.list(slot, Wire::Element::STRUCT);
	auto const canonical = [&](bool second, std::uint32_t id) {
		return _match.canonical(second, id);
	};
	for (List_pair const &pair :
		 list_pairs(*field.shape, a.segment(), list_a, b.segment(), list_b, canonical))
		if (pair.a != List_pair::NONE && pair.b != List_pair::NONE)
			_behind(*field.shape, Wire::Struct_reader(a.segment(), list_a, pair.a),
					Wire::Struct_reader(b.segment(), list_b, pair.b), reason, owning);
}

void Matcher::_behind(Wire::Struct_shape const &shape, Wire::Struct_reader const &a,
					  Wire::Struct_reader const &b, std::uint8_t reason, bool owning)
{
	for (unsigned i = 0; i < shape.field_count; i++) {
		Wire::Field const &field = shape.fields[i];
		if (!active(shape, field, a) || !active(shape, field, b)) continue;

		std::uint16_t const slot = std::uint16_t(field.offset);
		if (field.type == Wire::Type::GROUP)
			_behind(*field.shape, a, b, reason, owning);
		else if (field.type == Wire::Type::STRUCT)
			_behind(*field.shape, a.structure(slot), b.structure(slot), reason, owning);
		else if (field.type == Wire::Type::LIST)
			_behind_list(field, a, b, reason, owning);
		else if (field.ref && owns(field) == owning)
			_candidate(_a.position(a.load<Capimg::uint32_t>(field.offset)),
					   _b.position(b.load<Capimg::uint32_t>(field.offset)), reason);
	}
}

/* grows while it is walked: what belongs to an object has things that belong to it, too */
void Matcher::_behind_all(bool owning)
{
	for (std::size_t i = 0; i < _new.size(); i++) {
		auto const [a, b] = _new[i];
		_behind(Metadata::Object::shape, _a.object(a).wire(), _b.object(b).wire(),
				owning ? OWNER : REFERENCE, owning);
	}
}

}
