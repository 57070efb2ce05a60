#include "capability_layout.h"

#include <cstdint>

#include "core/avl_walk.h"
#include "core/cap_descriptor.h"

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

/* base-foc's allocator has its lock, an int, directly before the entries: cap_alloc.h */
std::uint64_t allocator_lock(Cap_map const &map)
{
	return map.kernel == Cap_kernel::FOC && map.array >= 4 ? map.array - 4 : 0;
}

/* all kernels have the lock directly behind the tree object or list head */
std::uint64_t tree_lock(Cap_map const &map)
{
	bool const tree = map.structure == Cap_structure::TREE;
	return map.root ? map.root + (tree ? avl_tree_size(map.word_bytes) : map.word_bytes) : 0;
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
	layout.setAllocatorLock(allocator_lock(map));
	layout.setTreeLock(tree_lock(map));
}

}
