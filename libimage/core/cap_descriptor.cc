#include "cap_descriptor.h"

namespace Capimg
{

using namespace Metadata;

namespace
{

struct Kernel_row
{
	Cap_kernel core;
	Kernel schema;
};

constexpr Kernel_row KERNELS[] {
	{ Cap_kernel::FOC, Kernel::FOC },   { Cap_kernel::LINUX, Kernel::LINUX },
	{ Cap_kernel::SEL4, Kernel::SEL4 }, { Cap_kernel::FIASCO, Kernel::FIASCO },
	{ Cap_kernel::OKL4, Kernel::OKL4 }, { Cap_kernel::PISTACHIO, Kernel::PISTACHIO },
};

static_assert(sizeof(KERNELS) / sizeof(KERNELS[0]) == CAP_KERNEL_COUNT - 1);

}

Cap_kernel cap_kernel_of(Kernel kernel)
{
	for (Kernel_row const &row : KERNELS)
		if (row.schema == kernel) return row.core;
	return Cap_kernel::NONE;
}

Kernel schema_kernel_of(Cap_kernel kernel)
{
	for (Kernel_row const &row : KERNELS)
		if (row.core == kernel) return row.schema;
	return Kernel::UNKNOWN;
}

static uint32_t offset_of(uint16_t offset) { return offset == 0xffff ? CAP_NO_OFFSET : offset; }

Cap_map cap_map_of(Capability_layout::Reader const &layout, Kernel kernel)
{
	bool const list = layout.structure() == Map_structure::LIST;

	Cap_map map {};
	map.kernel = cap_kernel_of(kernel);
	map.structure = list ? Cap_structure::LIST : Cap_structure::TREE;
	map.word_bytes = layout.word_bytes();
	map.id_width = layout.id_width();
	map.ref_width = layout.ref_width();
	map.selector_shift = layout.has_selectors() ? layout.selector_shift() : CAP_NO_SELECTOR;
	map.stride = layout.stride();
	map.node_offset = offset_of(layout.node_offset());
	map.depth_offset = offset_of(layout.depth_offset());
	map.id_offset = offset_of(layout.id_offset());
	map.ref_offset = offset_of(layout.ref_offset());
	map.socket_offset = offset_of(layout.socket_offset());
	map.foreign_offset = offset_of(layout.foreign_offset());
	map.invalid_id = layout.invalid_id();
	map.max_badge = layout.max_badge();
	map.badge_step = layout.badge_step();
	map.array = layout.array();
	map.count = layout.count();
	map.root = layout.root();
	return map;
}

}
