#include "caps_refs.h"

#include <iostream>
#include <set>

#include "enum_text.h"
#include "printable.h"

namespace Capimg
{

Caps_refs::Caps_refs(Image const &image, Address_space const &space, Capability_view const &view,
					 unsigned number)
	: _image(image),
	  _space(space),
	  _view(view),
	  _refs(image, space, view.map()),
	  _names(image, image.manifest().getCapabilitySpaces()[number].getPd())
{
	for (auto const tree : image.manifest().getBadgeTrees()) {
		if (tree.getRole() != Schema::TreeRole::OBJECT_POOL) continue;
		for (auto const node : tree.getNodes())
			_places[node.getAddress() + tree.getCapabilityOffset()] = { tree.getRoot(),
																		node.getAddress() };
	}
}

static std::string plural(std::size_t count, char const *what)
{
	return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

void Caps_refs::_print_entry(Capability_view::Entry const &entry, Terminal const &out) const
{
	auto const refs = _refs.of(entry.index);
	std::string const name =
		entry.kcap ? hex_text(*entry.kcap) : "entry " + std::to_string(entry.index);
	std::string const kind = capability_text(_image, entry);

	std::cout << out.style(Style::BOLD, name) << "  badge " << hex_text(entry.badge) << ", "
			  << (kind.empty() ? state_text(entry.state) : kind);
	if (entry.object) std::cout << " (object " << entry.object << ")";
	if (entry.stale()) std::cout << ", stale";
	std::cout << ": ";
	if (refs.empty()) {
		std::cout << "held nowhere\n";
		return;
	}
	std::cout << "held by " << plural(refs.size(), "word") << "\n";

	std::optional<Address_space::Piece> piece;
	for (Capability_refs::Ref const &ref : refs) {
		if (!piece || ref.address > piece->last()) {
			piece = _space.piece(ref.address);
			std::cout << "  " << hex_text(piece->address) << ".." << hex_text(piece->last()) << " "
					  << rights_text(*piece) << " dataspace " << piece->dataspace << ", "
					  << printable(_names.name(*piece)) << "\n";
		}
		std::cout << "    " << hex_text(ref.address);
		if (auto const place = _places.find(ref.address); place != _places.end())
			std::cout << "  Object_pool " << hex_text(place->second.tree) << " node "
					  << hex_text(place->second.node);
		std::cout << "\n";
	}
}

void Caps_refs::print(Terminal const &out) const
{
	std::size_t nowhere = 0;
	for (Capability_view::Entry const &entry : _view.entries()) {
		_print_entry(entry, out);
		nowhere += _refs.of(entry.index).empty();
	}

	std::cout << "\n"
			  << _view.entries().size() - nowhere << " of " << _view.entries().size()
			  << " capabilities are held by " << plural(_refs.all().size(), "word")
			  << " of captured memory.\n";
	if (nowhere)
		std::cout << "Held nowhere: leaked; or used by its selector alone, as thread gates and "
					 "receive windows are;\nor only in a register, or in memory that was not "
					 "captured.\n";
}

void Caps_refs::write_refs(Json_writer &writer, std::uint32_t index) const
{
	writer.key("refs").begin_array();
	for (Capability_refs::Ref const &ref : _refs.of(index)) {
		auto const piece = _space.piece(ref.address);
		writer.begin_object();
		writer.key("address").hex(ref.address);
		writer.key("dataspace").number(piece->dataspace);
		writer.key("region").hex(piece->address);
		if (auto const place = _places.find(ref.address); place != _places.end()) {
			writer.key("pool").hex(place->second.tree);
			writer.key("node").hex(place->second.node);
		}
		writer.end_object();
	}
	writer.end_array();
}

void Caps_refs::write_regions(Json_writer &writer) const
{
	std::set<std::uint64_t> regions;
	for (Capability_refs::Ref const &ref : _refs.all())
		regions.insert(_space.piece(ref.address)->address);

	writer.key("regions").begin_array();
	for (std::uint64_t const address : regions) {
		auto const piece = _space.piece(address);
		writer.value({ { "address", hex_text(piece->address) },
					   { "size", hex_text(piece->size) },
					   { "dataspace", piece->dataspace },
					   { "offset", hex_text(piece->offset) },
					   { "rights", rights_text(*piece) },
					   { "name", _names.name(*piece) } });
	}
	writer.end_array();
	writer.key("internalRefs").number(_refs.internal());
}

}
