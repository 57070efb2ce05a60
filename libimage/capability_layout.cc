#include "capability_layout.h"

#include <cstdint>

#include "core/cap_read.h"
#include "json_value.h"

namespace Capimg
{

namespace
{

struct Kernel_row
{
	Cap_kernel core;
	Schema::Kernel schema;
};

constexpr Kernel_row KERNELS[] {
	{ Cap_kernel::FOC, Schema::Kernel::FOC },
	{ Cap_kernel::LINUX, Schema::Kernel::LINUX },
	{ Cap_kernel::SEL4, Schema::Kernel::SEL4 },
	{ Cap_kernel::FIASCO, Schema::Kernel::FIASCO },
	{ Cap_kernel::OKL4, Schema::Kernel::OKL4 },
	{ Cap_kernel::PISTACHIO, Schema::Kernel::PISTACHIO },
};

static_assert(sizeof(KERNELS) / sizeof(KERNELS[0]) == CAP_KERNEL_COUNT - 1);

/* strides are at most MAX_CAP_STRIDE, so that all offsets fit */
constexpr std::uint16_t NO_OFFSET = 0xffff;

std::uint16_t schema_offset(std::uint32_t offset)
{
	return offset >= NO_OFFSET ? NO_OFFSET : std::uint16_t(offset);
}

std::uint32_t core_offset(std::uint16_t offset)
{
	return offset == NO_OFFSET ? CAP_NO_OFFSET : offset;
}

}

Schema::Kernel schema_kernel(Cap_kernel kernel)
{
	for (Kernel_row const &row : KERNELS)
		if (row.core == kernel) return row.schema;
	return Schema::Kernel::UNKNOWN;
}

Cap_kernel core_kernel(Schema::Kernel kernel)
{
	for (Kernel_row const &row : KERNELS)
		if (row.schema == kernel) return row.core;
	return Cap_kernel::NONE;
}

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

Cap_map read_layout(Schema::CapabilityLayout::Reader layout, Schema::Kernel kernel)
{
	Cap_map map {};
	map.kernel = core_kernel(kernel);
	map.structure = layout.getStructure() == Schema::MapStructure::LIST ? Cap_structure::LIST
																		: Cap_structure::TREE;
	map.word_bytes = layout.getWordBytes();
	map.id_width = layout.getIdWidth();
	map.ref_width = layout.getRefWidth();
	map.selector_shift = layout.getHasSelectors() ? layout.getSelectorShift() : CAP_NO_SELECTOR;
	map.stride = layout.getStride();
	map.node_offset = core_offset(layout.getNodeOffset());
	map.depth_offset = core_offset(layout.getDepthOffset());
	map.id_offset = core_offset(layout.getIdOffset());
	map.ref_offset = core_offset(layout.getRefOffset());
	map.socket_offset = core_offset(layout.getSocketOffset());
	map.foreign_offset = core_offset(layout.getForeignOffset());
	map.invalid_id = layout.getInvalidId();
	map.max_badge = layout.getMaxBadge();
	map.badge_step = layout.getBadgeStep();
	map.array = layout.getArray();
	map.count = layout.getCount();
	map.root = layout.getRoot();
	return map;
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
