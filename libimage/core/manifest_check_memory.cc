#include "manifest_check_memory.h"

namespace Capimg
{

using namespace Metadata;

/* 'block_size' is a power of two: no division, which 32-bit targets would need a library for */
static uint64_t blocks_of(uint64_t size, uint32_t block_size)
{
	return (size >> __builtin_ctz(block_size)) + ((size & (block_size - 1)) != 0);
}

Status Block_account::_check_absent(Dataspace::Reader const &dataspace)
{
	auto const absent = dataspace.absent();
	uint64_t floor = 0;

	for (uint32_t i = 0; i < absent.size(); i++) {
		auto const range = absent[i];
		uint64_t const at = range.wire().offset();

		if (!range.size() || !within(range.offset(), range.size(), dataspace.size()))
			return { Code::INVALID, at, "AbsentRange.size", range.size(), dataspace.size() };
		if (range.offset() < floor)
			return { Code::OUT_OF_ORDER, at, "AbsentRange.offset", range.offset(), floor };
		if (range.reason() == Metadata::Absent_reason::NONE)
			return { Code::INVALID, at, "AbsentRange.reason", 0, 0 };
		floor = range.offset() + range.size();
	}
	return ok;
}

Status Block_account::check(Dataspace::Reader const &dataspace)
{
	uint64_t const at = dataspace.wire().offset();
	uint64_t const size = dataspace.size();

	if (!size) return { Code::INVALID, at, "Dataspace.size", 0, 0 };

	if (!dataspace.digest().empty() && dataspace.digest().size() != 32)
		return { Code::INVALID, at, "Dataspace.digest", dataspace.digest().size(), 32 };

	if (!dataspace.stored()) {
		if (dataspace.first_block())
			return { Code::INVALID, at, "Dataspace.firstBlock", dataspace.first_block(), 0 };
		if (dataspace.absent().size())
			return { Code::INVALID, at, "Dataspace.absent", dataspace.absent().size(), 0 };
		return ok;
	}

	if (dataspace.absent_reason() != Metadata::Absent_reason::NONE)
		return { Code::INVALID, at, "Dataspace.absentReason", uint64_t(dataspace.absent_reason()),
				 0 };

	if (dataspace.first_block() != _next)
		return { Code::OUT_OF_ORDER, at, "Dataspace.firstBlock", dataspace.first_block(), _next };

	uint64_t const blocks = blocks_of(size, _context.block_size);
	if (blocks > _context.blocks - _next)
		return { Code::INVALID, at, "Dataspace.size", size, _context.blocks };

	_next += blocks;
	return _check_absent(dataspace);
}

Status Block_account::finish() const
{
	if (_next != _context.blocks)
		return { Code::INVALID, 0, "Manifest.objects (blocks)", _next, _context.blocks };
	return ok;
}

static Status check_region(Region::Reader const &region, uint64_t map_size, uint64_t &floor,
						   bool &full)
{
	uint64_t const at = region.wire().offset();

	if (!region.size() || !region.dataspace())
		return { Code::INVALID, at, region.size() ? "Region.dataspace" : "Region.size", 0, 0 };

	if (full || region.address() < floor)
		return { Code::OUT_OF_ORDER, at, "Region.address", region.address(), floor };

	/* the last byte may be the last one of the address space */
	uint64_t const space = map_size ? map_size - 1 : ~uint64_t(0);
	if (region.address() > space || region.size() - 1 > space - region.address())
		return { Code::INVALID, at, "Region.size", region.size(), space };

	floor = region.address() + region.size();
	full = !floor;
	return ok;
}

Status check_region_map(Wire::Struct_list_reader<Object::Reader> const &objects,
						Object::Reader const &object, Manifest_context const &context)
{
	Region_map::Reader const map = object.region_map();
	auto const regions = map.regions();

	if (regions.size() > Limit::MAX_REGIONS)
		return { Code::LIMIT, map.wire().offset(), "RegionMap.regions", regions.size(),
				 Limit::MAX_REGIONS };

	uint64_t floor = 0;
	bool full = false;

	for (uint32_t i = 0; i < regions.size(); i++) {
		Region::Reader const region = regions[i];
		uint64_t const at = region.wire().offset();

		if (Status const status = check_region(region, map.size(), floor, full)) return status;

		/* references were checked before: there is such an object */
		Object::Reader const target = objects[find_object(objects, region.dataspace())];
		if (target.which() != Object::Which::DATASPACE) continue;

		/* a dataspace is attached in whole pages */
		Dataspace::Reader const dataspace = target.dataspace();
		uint64_t const page = context.page_size;
		uint64_t const rest = dataspace.size() & (page - 1);
		uint64_t pages = dataspace.size();
		if (rest && !add(pages, page - rest, pages)) pages = ~uint64_t(0);

		if (!within(region.offset(), region.size(), pages))
			return { Code::INVALID, at, "Region.offset", region.offset(), dataspace.size() };

		if (dataspace.region_map() && dataspace.region_map() <= object.id())
			return { Code::CYCLE, at, "Region.dataspace", region.dataspace(), object.id() };
	}
	return ok;
}

}
