#include "capability_refs.h"

#include <algorithm>

#include "core/cap_refs.h"
#include "image_error.h"
#include "json_value.h"
#include "scan_memory.h"

namespace Capimg
{

Capability_refs::Capability_refs(Image const &image, Address_space const &space, Cap_map const &map,
								 std::size_t limit)
{
	/* the size of working memory depends on numbers of the image */
	throw_if(check_cap_map(map), image.path());

	Scan_memory const memory(image, space);
	std::vector<std::byte> work(Cap_ref_scan::work_size(map));
	Cap_ref_scan scan(memory, map, { work.data(), work.size() });

	for (;;) {
		Result<Cap_ref> const ref = scan.next();
		if (ref.failed()) {
			if (ref.error().code != Code::NOT_FOUND)
				throw Image_error::from(ref.error(), image.path());
			break;
		}
		if (ref->internal) {
			_internal++;
			continue;
		}
		if (_refs.size() == limit)
			throw Image_error(
				{ image.path(),
				  Code::LIMIT,
				  {},
				  "address " + hex_text(ref->addr),
				  "more than " + std::to_string(limit) + " words of memory point to capabilities",
				  "'capimg search --pointer' shows those to one of them" });
		_refs.push_back({ ref->addr, std::uint32_t(ref->index) });
	}

	/* by address they are already */
	std::ranges::stable_sort(_refs, {}, &Ref::index);
}

std::span<Capability_refs::Ref const> Capability_refs::of(std::uint32_t index) const
{
	/* not 'equal_range': clang 14 has no 'subrange' with this library */
	auto const begin = std::ranges::lower_bound(_refs, index, {}, &Ref::index);
	auto const end = std::ranges::upper_bound(_refs, index, {}, &Ref::index);
	return { begin, end };
}

}
