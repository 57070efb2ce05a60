#include "capimg/region_walk.h"

#include "libimage/core/manifest_check.h"

namespace Capimg::Engine
{

/* regions ascend and are disjoint: the first one that reaches to 'address' or beyond */
static uint32_t region_from(Wire::Struct_list_reader<Metadata::Region::Reader> const &regions,
							uint64_t address)
{
	uint32_t low = 0, high = regions.size();
	while (low < high) {
		uint32_t const middle = low + (high - low) / 2;
		Metadata::Region::Reader const region = regions[middle];
		if (region.address() + (region.size() - 1) < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

Status Region_walk::_enter(uint32_t map, uint64_t base, uint64_t first, uint64_t last)
{
	if (_depth >= Limit::MAX_REGION_MAP_DEPTH)
		return { Code::LIMIT, 0, "region map depth", map, Limit::MAX_REGION_MAP_DEPTH };

	/* references were checked with the manifest */
	auto const regions = _objects[find_object(_objects, map)].region_map().regions();
	uint64_t const wanted = _from > base ? first + (_from - base) : first;
	_stack[_depth++] = { regions, region_from(regions, wanted), base, first, last };
	return ok;
}

/* what of a region is seen through 'frame': a piece, or a map below; false for neither */
bool Region_walk::_visit(Frame const &frame, Metadata::Region::Reader const &region,
						 Address_piece &piece, uint32_t &map)
{
	uint64_t const first = max(region.address(), frame.first);
	uint64_t const last = min(region.address() + (region.size() - 1), frame.last);
	if (first > last) return false;

	uint32_t const i = find_object(_objects, region.dataspace());
	if (i == _objects.size() || _objects[i].which() != Metadata::Object::Which::DATASPACE)
		return false;

	Metadata::Dataspace::Reader const dataspace = _objects[i].dataspace();
	piece = { frame.base + (first - frame.first), last - first + 1, region.dataspace(),
			  region.offset() + (first - region.address()) };
	if (piece.last() < _from || piece.address > _to) return false;

	map = dataspace.region_map();
	if (map) return true;

	/* the rest of the last page of a dataspace that is not whole pages is not its own */
	if (!dataspace.stored() || piece.offset >= dataspace.size()) return false;
	piece.size = min(piece.size, dataspace.size() - piece.offset);
	if (piece.last() < _from) return false;

	if (uint64_t const before = _from > piece.address ? _from - piece.address : 0) {
		piece.address += before;
		piece.offset += before;
		piece.size -= before;
	}
	return true;
}

Result<Address_piece> Region_walk::next()
{
	if (_root) {
		uint32_t const root = _root;
		_root = 0;
		if (Status const status = _enter(root, 0, 0, ~uint64_t(0))) return status;
	}

	while (_depth) {
		Frame &frame = _stack[_depth - 1];
		if (frame.next >= frame.regions.size()) {
			_depth--;
			continue;
		}
		if (++_steps > MAX_STEPS)
			return Error { Code::LIMIT, 0, "regions of nested maps", _steps, MAX_STEPS };

		Metadata::Region::Reader const region = frame.regions[frame.next++];

		/* whatever follows lies behind */
		bool const behind = region.address() > frame.last ||
							(region.address() > frame.first &&
							 region.address() - frame.first > _to - min(frame.base, _to));
		if (behind || frame.base > _to) {
			_depth--;
			continue;
		}

		Address_piece piece {};
		uint32_t map = 0;
		if (!_visit(frame, region, piece, map)) continue;
		if (!map) return piece;

		uint64_t const first = piece.offset, last = first + (piece.size - 1);
		if (Status const status = _enter(map, piece.address, first, last)) return status;
	}
	return Error { Code::NOT_FOUND, _from, "memory", 0, 0 };
}

}
