#include "object_names.h"

#include "object_kinds.h"

namespace Capimg
{

using Which = Metadata::Object::Which;

static std::string as_string(Wire::Text const &text) { return { text.string(), text.size() }; }

/* where the first region map that shows the dataspace shows it */
std::uint64_t Object_names::_address(std::uint32_t position) const
{
	if (_addresses.empty()) {
		_addresses.assign(_side.size(), NOWHERE);
		for (Address_space::Piece const &piece : _side.memory().pieces()) {
			std::uint32_t const at = _side.position(piece.dataspace);
			if (_addresses[at] == NOWHERE) _addresses[at] = piece.address;
		}
		for (std::uint32_t i = 0; i < _side.size(); i++) {
			if (_side.object(i).which() != Which::REGION_MAP) continue;
			auto const regions = _side.object(i).region_map().regions();
			for (std::uint32_t r = 0; r < regions.size(); r++) {
				std::uint32_t const at = _side.position(regions[r].dataspace());
				if (at != Diff_side::NONE && _addresses[at] == NOWHERE)
					_addresses[at] = regions[r].address();
			}
		}
	}
	return _addresses[position];
}

std::string Object_names::name(std::uint32_t position) const
{
	Diff_side::Object const object = _side.object(position);
	Diff_side::Place const &place = _side.place(position);
	std::string title = object_kind(object.which()).title;

	/* where only the badge is known, the selector may say more */
	if (object.which() == Which::CAPABILITY && place.held())
		if (char const *const use = entry_kind_title(_side.entry(place).kind())) title = use;

	if (std::string const label = as_string(object.label()); !label.empty())
		return title + " '" + label + "'";

	switch (object.which()) {
	case Which::THREAD:
		if (std::string const name = as_string(object.thread().name()); !name.empty())
			return title + " '" + name + "'";
		if (object.thread().native_id())
			return title + " " + std::to_string(object.thread().native_id());
		break;
	case Which::SERVICE: return title + " '" + as_string(object.service().name()) + "'";
	case Which::ROM_SESSION: return title + " '" + as_string(object.rom_session().module()) + "'";
	case Which::SIGNAL_CONTEXT: return title + " at " + hex_text(object.signal_context().imprint());
	case Which::DATASPACE:
		if (_address(position) != NOWHERE) return title + " at " + hex_text(_address(position));
		break;
	default: break;
	}

	if (place.pooled())
		return title + " at Object_pool " + hex_text(_side.pool_root(place)) + " node " +
			   hex_text(place.node);
	if (place.held()) {
		auto const kcap = _side.kcap(place.space, _side.entry(place));
		return title + (kcap ? " at kcap " + hex_text(*kcap)
							 : " at index " + std::to_string(_side.entry(place).index()));
	}
	return title + " " + std::to_string(object.id());
}

Json Object_names::json(std::uint32_t position) const
{
	Diff_side::Object const object = _side.object(position);
	Diff_side::Place const &place = _side.place(position);

	std::optional<std::uint64_t> kcap;
	if (place.held()) kcap = _side.kcap(place.space, _side.entry(place));
	return { { "id", object.id() },
			 { "kind", object_kind(object.which()).name() },
			 { "name", name(position) },
			 { "badge", hex_text(object.badge()) },
			 { "kcap", kcap ? Json(hex_text(*kcap)) : Json(nullptr) } };
}

}
