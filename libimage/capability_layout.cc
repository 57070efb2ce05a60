#include "capability_layout.h"

#include <cstdint>

#include "core/cap_descriptor.h"
#include "core/cap_read.h"
#include "json_value.h"

namespace Capimg
{

namespace
{

/* strides are at most MAX_CAP_STRIDE, so that all offsets fit */
constexpr std::uint16_t NO_OFFSET = 0xffff;

std::uint16_t schema_offset(std::uint32_t offset)
{
	return offset >= NO_OFFSET ? NO_OFFSET : std::uint16_t(offset);
}

}

Schema::Kernel schema_kernel(Cap_kernel kernel) { return Schema::Kernel(schema_kernel_of(kernel)); }

Cap_kernel core_kernel(Schema::Kernel kernel) { return cap_kernel_of(Metadata::Kernel(kernel)); }

void build_layout(Cap_map const &map, Schema::CapabilityLayout::Builder layout)
{
	bool const tree = map.structure == Cap_structure::TREE;
	bool const selectors = map.selector_shift != CAP_NO_SELECTOR;

	layout.setWordBytes(map.word_bytes);
	layout.setStructure(tree ? Schema::MapStructure::TREE : Schema::MapStructure::LIST);
	layout.setArray(map.array);
	layout.setCount(std::uint32_t(map.count));
	layout.setStride(map.stride);
	layout.setRoot(map.root);
	layout.setNodeOffset(schema_offset(map.node_offset));
	layout.setDepthOffset(schema_offset(map.depth_offset));
	layout.setIdOffset(schema_offset(map.id_offset));
	layout.setIdWidth(map.id_width);
	layout.setRefOffset(schema_offset(map.ref_offset));
	layout.setRefWidth(map.ref_width);
	layout.setSocketOffset(schema_offset(map.socket_offset));
	layout.setForeignOffset(schema_offset(map.foreign_offset));
	layout.setSelectorShift(selectors ? map.selector_shift : 0);
	layout.setHasSelectors(selectors);
	layout.setInvalidId(map.invalid_id);
	layout.setMaxBadge(map.max_badge);
	layout.setBadgeStep(std::uint32_t(map.badge_step));
	layout.setAllocatorLock(cap_allocator_lock(map));
	layout.setTreeLock(cap_tree_lock(map));
}

std::string layouts_text(Cap_candidate const &candidate)
{
	Cap_layouts const layouts = cap_layouts();
	std::string text;
	for (unsigned i = 0; i < layouts.count; i++) {
		if (!(candidate.layouts & (1u << i))) continue;
		Cap_layout const &layout = layouts.rows[i];
		if (!text.empty()) text += " or ";
		text += std::string(cap_kernel_name(layout.kernel)) + " " + layout.genode;
	}
	return text;
}

std::string candidate_addresses(Cap_find_result const &result)
{
	std::string text;
	for (unsigned i = 0; i < result.count; i++)
		text += (i ? ", " : "") + hex_text(result.candidates[i].map.array);
	return text;
}

}
