#include "region_names.h"

#include <algorithm>

namespace Capimg
{

namespace
{

struct Kind_name
{
	Schema::DataspaceKind kind;
	char const *name;
};

constexpr Kind_name KIND_NAMES[] {
	{ Schema::DataspaceKind::SEGMENT, "segment" },
	{ Schema::DataspaceKind::RAM, "RAM" },
	{ Schema::DataspaceKind::ROM, "ROM" },
	{ Schema::DataspaceKind::MANAGED, "managed" },
	{ Schema::DataspaceKind::IO_MEMORY, "I/O memory" },
	{ Schema::DataspaceKind::DMA, "DMA memory" },
};

char const *kind_name(Schema::DataspaceKind kind)
{
	for (Kind_name const &row : KIND_NAMES)
		if (row.kind == kind) return row.name;
	return "memory";
}

}

Region_names::Region_names(Image const &image, std::uint32_t pd) : _image(image)
{
	for (auto const object : image.manifest().getObjects()) {
		if (!object.isPdSession() || (pd && object.getId() != pd)) continue;

		auto const session = object.getPdSession();
		auto const space = image.object(session.getAddressSpace());
		if (!space || !space->isRegionMap()) break;

		for (auto const region : space->getRegionMap().getRegions()) {
			auto const dataspace = image.object(region.getDataspace());
			if (!dataspace || !dataspace->isDataspace()) continue;
			std::uint32_t const map = dataspace->getDataspace().getRegionMap();
			if (!map) continue;
			char const *const name = map == session.getStackArea()    ? "stack area"
									 : map == session.getLinkerArea() ? "linker area"
																	  : nullptr;
			if (name)
				_areas.push_back(
					{ region.getAddress(), region.getAddress() + (region.getSize() - 1), name });
		}
		break;
	}
	for (auto const space : image.manifest().getCapabilitySpaces())
		if (std::uint64_t const array = space.getLayout().getArray(); array)
			if (!pd || space.getPd() == pd) _maps.push_back(array);
	std::ranges::sort(_maps);
}

std::string Region_names::name(Address_space::Piece const &piece) const
{
	std::string text;
	auto const area = std::ranges::lower_bound(_areas, piece.address, {}, &Area::last);
	if (area != _areas.end() && piece.address >= area->address)
		text = std::string(area->name) + ", ";

	auto const object = _image.object(piece.dataspace);
	if (!object || !object->isDataspace()) return text + "memory";

	auto const dataspace = object->getDataspace();
	text += kind_name(dataspace.getKind());
	if (dataspace.getModule().size()) text += std::string(" ") + dataspace.getModule().cStr();
	if (object->getLabel().size()) text += std::string(" '") + object->getLabel().cStr() + "'";

	auto const map = std::ranges::lower_bound(_maps, piece.address);
	if (map != _maps.end() && *map <= piece.last()) text += ", capability map";
	return text;
}

std::string rights_text(Address_space::Piece const &piece)
{
	return { piece.readable ? 'r' : '-', piece.writeable ? 'w' : '-',
			 piece.executable ? 'x' : '-' };
}

}
