#include "address_space.h"

#include <algorithm>

#include "image_error.h"

namespace Capimg
{

/* the part of a region map that is seen through the regions above it */
struct Address_space::Window
{
	std::uint64_t base = 0;  /* address in the component of 'first' */
	std::uint64_t first = 0; /* first and last address within the map */
	std::uint64_t last = ~std::uint64_t(0);
	bool readable = true, writeable = true, executable = true;
};

Address_space::Address_space(Image const &image, std::uint32_t pd) : _image(image)
{
	for (auto const object : image.manifest().getObjects()) {
		if (!object.isPdSession() || (pd && object.getId() != pd)) continue;

		/* overlapping windows of hostile images could multiply regions without end */
		std::uint64_t budget = image.limits().regions;
		if (std::uint32_t const map = object.getPdSession().getAddressSpace())
			_flatten(map, {}, 0, budget);
		return;
	}
	if (pd)
		throw Image_error({ image.path(),
							Code::DANGLING,
							{},
							"PD session " + std::to_string(pd),
							"there is no PD session of this id",
							{} });
}

void Address_space::_flatten(std::uint32_t map, Window const &window, unsigned depth,
							 std::uint64_t &budget)
{
	if (depth >= Limit::MAX_REGION_MAP_DEPTH)
		throw Image_error({ _image.path(),
							Code::LIMIT,
							{},
							"region map " + std::to_string(map),
							"region maps are nested too deeply",
							{} });

	/* references may name objects of kinds that a newer schema has */
	auto const object = _image.object(map);
	if (!object || !object->isRegionMap()) return;

	/* they ascend: only those in the window are looked at */
	auto const regions = object->getRegionMap().getRegions();
	unsigned low = 0;
	for (unsigned high = regions.size(); low < high;) {
		unsigned const middle = low + (high - low) / 2;
		if (regions[middle].getAddress() + (regions[middle].getSize() - 1) < window.first)
			low = middle + 1;
		else
			high = middle;
	}

	for (unsigned i = low; i < regions.size(); i++) {
		auto const region = regions[i];
		if (!budget--)
			throw Image_error({ _image.path(),
								Code::LIMIT,
								{},
								"region map " + std::to_string(map),
								"nested region maps have too many regions",
								"the limit can be changed with --max-regions" });

		if (region.getAddress() > window.last) break;

		std::uint64_t const first = std::max(region.getAddress(), window.first);
		std::uint64_t const last =
			std::min(region.getAddress() + (region.getSize() - 1), window.last);

		Piece const piece { window.base + (first - window.first),
							last - first + 1,
							region.getDataspace(),
							region.getOffset() + (first - region.getAddress()),
							window.readable && region.getReadable(),
							window.writeable && region.getWriteable(),
							window.executable && region.getExecutable() };

		auto const target = _image.object(piece.dataspace);
		if (!target || !target->isDataspace()) continue;

		if (std::uint32_t const nested = target->getDataspace().getRegionMap()) {
			_flatten(nested,
					 { piece.address, piece.offset, piece.offset + (piece.size - 1), piece.readable,
					   piece.writeable, piece.executable },
					 depth + 1, budget);
			continue;
		}

		/* the rest of the last page of a dataspace that is not whole pages is not its own */
		std::uint64_t const size = target->getDataspace().getSize();
		if (piece.offset >= size) continue;
		_pieces.push_back(piece);
		_pieces.back().size = std::min(piece.size, size - piece.offset);
	}
}

std::vector<Address_space::Piece>::const_iterator Address_space::_find(std::uint64_t address) const
{
	return std::lower_bound(_pieces.begin(), _pieces.end(), address,
							[](Piece const &piece, std::uint64_t at) { return piece.last() < at; });
}

std::optional<Address_space::Piece> Address_space::piece(std::uint64_t address) const
{
	auto const found = _find(address);
	if (found == _pieces.end() || found->address > address) return {};
	return *found;
}

Dataspace_reader const &Address_space::_reader(std::uint32_t id) const
{
	Dataspace_reader const &reader = _readers.try_emplace(id, _image, id).first->second;
	if (reader.has_buffer()) return reader;

	/* it may get one now: whoever got one longest ago loses it */
	Dataspace_reader const *&place = _buffers[_next_buffer];
	_next_buffer = (_next_buffer + 1) % _buffers.size();
	if (place) place->drop_buffer();
	place = &reader;
	return reader;
}

Dataspace_reader::Run Address_space::run(std::uint64_t address) const
{
	auto const found = piece(address);
	if (!found) return {};

	std::uint64_t const in_piece = address - found->address;
	Dataspace_reader::Run run = _reader(found->dataspace).run(found->offset + in_piece);
	run.size = std::min(run.size, found->size - in_piece);
	return run;
}

std::uint64_t Address_space::copy(std::uint64_t address, std::span<std::byte> out) const
{
	std::uint64_t absent = 0;
	while (!out.empty()) {
		auto const found = piece(address);
		if (!found)
			throw Image_error({ _image.path(), Code::ABSENT, address, "address",
								"no region of the component is at this address",
								"'capimg inspect " + _image.path() + " regions' lists them" });

		std::uint64_t const in_piece = address - found->address;
		std::size_t const size = std::min<std::uint64_t>(found->size - in_piece, out.size());
		absent += _reader(found->dataspace).read(found->offset + in_piece, out.first(size));
		out = out.subspan(size);
		address += size;
	}
	return absent;
}

Status Address_space::read(Capimg::uint64_t address, Bytes dst) const
{
	std::span<std::byte> out(reinterpret_cast<std::byte *>(dst.base()), dst.size());

	while (!out.empty()) {
		Const_bytes const bytes = peek(address, out.size());
		if (bytes.empty()) return { Code::ABSENT, address, "memory" };

		copy_memory(out.data(), bytes.base(), bytes.size());
		out = out.subspan(bytes.size());
		address += bytes.size();
	}
	return ok;
}

Result<Extent> Address_space::extent_from(Capimg::uint64_t address) const
{
	for (auto at = _find(address); at != _pieces.end(); ++at) {
		Dataspace_reader const &reader = _reader(at->dataspace);
		std::uint64_t offset = address > at->address ? address - at->address : 0;

		/* skip what is absent, then take known runs, but not all of a large piece at once */
		while (offset < at->size && !reader.run(at->offset + offset).known())
			offset += reader.run(at->offset + offset).size;

		std::uint64_t const start = offset;
		for (unsigned runs = 0; offset < at->size && runs < Limit::CHUNK_BLOCKS; runs++) {
			Dataspace_reader::Run const run = reader.run(at->offset + offset);
			if (!run.known()) break;
			offset += run.size;
		}
		offset = std::min(offset, at->size);
		if (start < offset) return Extent { at->address + start, offset - start };
	}
	return Error { Code::NOT_FOUND, address, "memory" };
}

Const_bytes Address_space::peek(Capimg::uint64_t address, Capimg::size_t size) const
{
	auto const found = piece(address);
	if (!found) return {};

	std::uint64_t const in_piece = address - found->address;
	std::span<std::byte const> const bytes =
		_reader(found->dataspace).peek(found->offset + in_piece);
	return { bytes.data(),
			 size_t(std::min<std::uint64_t>({ bytes.size(), size, found->size - in_piece })) };
}

}
