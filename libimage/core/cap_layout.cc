#include "cap_layout.h"

namespace Capimg
{

static constexpr char const *KERNEL_NAMES[] {
	"none", "foc", "linux", "sel4", "fiasco", "okl4", "pistachio",
};

static_assert(sizeof(KERNEL_NAMES) / sizeof(KERNEL_NAMES[0]) == CAP_KERNEL_COUNT);

char const *cap_kernel_name(Cap_kernel kernel)
{
	unsigned const i = unsigned(kernel);
	return KERNEL_NAMES[i < CAP_KERNEL_COUNT ? i : 0];
}

Cap_kernel cap_kernel_by_name(char const *name, size_t length)
{
	for (unsigned i = 1; i < CAP_KERNEL_COUNT; i++) {
		size_t n = 0;
		while (KERNEL_NAMES[i][n]) n++;
		if (n == length && equal_memory(KERNEL_NAMES[i], name, n)) return Cap_kernel(i);
	}
	return Cap_kernel::NONE;
}

/*
 * Fiasco.OC: base-foc/src/include/base/internal/{capability_data,cap_alloc,cap_map}.h
 *
 * Until 17.11 the members behind the AVL node stand in the tail padding of the node; since
 * 18.02 the node's members are a struct of their own and keep their padding. Ids are 16 bit
 * wide until 24.11. Core gives out multiples of 4 (core/include/cap_id_alloc.h).
 */
static constexpr Cap_layout foc_tree(uint8_t word, uint16_t first, uint16_t last,
									 char const *genode)
{
	bool const packed = last < 1802;
	bool const wide = first >= 2502;
	uint32_t const ref = packed ? 3u * word + 1 : 4u * word;
	uint8_t const width = wide ? 4 : 2;
	uint32_t const id = uint32_t(align_up(ref + 1, width));

	Cap_layout l {};
	l.kernel = Cap_kernel::FOC;
	l.word_bytes = word;
	l.stride = uint32_t(align_up(id + width, word));
	l.depth_offset = 3u * word;
	l.ref_offset = ref;
	l.ref_width = 1;
	l.id_offset = id;
	l.id_width = width;
	l.selector_shift = 12;
	l.invalid_id = wide ? 0xffffffff : 0xffff;
	l.max_badge = wide ? (1u << 28) - 1 : 0xfffe;
	l.badge_step = 4;
	l.genode = genode;
	l.first_release = first;
	l.last_release = last;
	l.placement = Cap_placement::ALLOCATOR;
	l.default_count = 4096;
	l.first_user_selector = wide ? 0x300 : 0x200; /* 0x300 since 19.05 */
	return l;
}

/*
 * The list that the checkpoint/restore project of argos-research put in place of 16.08's tree:
 * cap_map.h and capability_data.h among its patched files
 */
static constexpr Cap_layout foc_list(uint8_t word)
{
	Cap_layout l = foc_tree(word, 1608, 1608, "16.08 (rtcr)");
	l.structure = Cap_structure::LIST;
	l.depth_offset = CAP_NO_OFFSET;
	l.ref_offset = word;
	l.id_offset = word + 2u;
	l.stride = 2u * word;
	return l;
}

struct Destination
{
	uint8_t width;
	uint32_t free, min, max;
};

/*
 * Capability_space_tpl: base/src/include/base/internal/{capability_space_tpl,capability_data}.h,
 * base-linux/src/include/base/internal/{capability_space_tpl,rpc_destination}.h
 *
 * An entry is { ref count, key, destination } and an AVL node. All keys have the size of a word.
 */
static constexpr Cap_layout table(Cap_kernel kernel, uint8_t word, uint16_t first,
								  char const *genode, Destination dst, bool foreign)
{
	uint32_t const data = 2u * word + dst.width + (foreign ? 4u : 0u);
	uint64_t const invalid = word == 4 ? 0xffffffffu : ~uint64_t(0);

	Cap_layout l {};
	l.kernel = kernel;
	l.word_bytes = word;
	l.node_offset = uint32_t(align_up(data, word));
	l.depth_offset = l.node_offset + 3u * word;
	l.stride = l.node_offset + 4u * word;
	l.ref_offset = 0;
	l.ref_width = 1;
	l.id_offset = word;
	l.id_width = word;
	l.selector_shift = CAP_NO_SELECTOR;
	l.invalid_id = invalid;
	l.max_badge = invalid - 1;
	l.genode = genode;
	l.first_release = first;
	l.last_release = 9999;
	l.placement = Cap_placement::BIT_TABLE;
	l.default_count = 4096;
	l.dst_offset = 2u * word;
	l.dst_width = dst.width;
	l.dst_free = dst.free;
	l.dst_min = dst.min;
	l.dst_max = dst.max;
	if (kernel == Cap_kernel::LINUX) l.socket_offset = l.dst_offset;
	if (foreign) l.foreign_offset = l.dst_offset + 4u;
	return l;
}

/* a file descriptor; Linux allows 1 Mi per process unless told otherwise */
static constexpr Destination SOCKET { 4, 0xffffffff, 0, 1u << 20 };

/* thread id: version 10 bit, thread 7, task 11, version 4; task 0 is the kernel's */
static constexpr Destination FIASCO_THREAD { 4, 0xffffffff, 1u << 17, 0xfffffffe };

/* thread id: version 14 bit, number 18; number 0 is no thread */
static constexpr Destination X2_THREAD { 4, 0, 1u << 14, 0xffffffff };

static constexpr Cap_layout linux_layout(uint8_t word, bool with_foreign)
{
	if (with_foreign) return table(Cap_kernel::LINUX, word, 2005, "20.05-26.02", SOCKET, true);

	Cap_layout l = table(Cap_kernel::LINUX, word, 1608, "16.08-20.02", SOCKET, false);
	l.last_release = 2002;
	return l;
}

/*
 * seL4: base-sel4/src/include/base/internal/capability_space_sel4.h
 *
 * The selector is the index. 15 Ki entries until 17.05, then 8 Ki, 6 Ki in 26.02.
 */
static constexpr Cap_layout sel4(uint8_t word)
{
	Cap_layout l = table(Cap_kernel::SEL4, word, 1608, "16.08-26.02", {}, false);
	l.placement = Cap_placement::TABLE;
	l.selector_shift = 0;
	l.default_count = 6144;
	l.first_user_selector = 256;
	return l;
}

/* these kernels run on x86 with 32 bit only */
static constexpr Cap_layout l4(Cap_kernel kernel, Destination dst)
{
	return table(kernel, 4, 1608, "16.08-26.02", dst, false);
}

static constexpr Cap_layout LAYOUTS[] {
	foc_tree(8, 2502, 9999, "25.02-26.02"),
	foc_tree(4, 2502, 9999, "25.02-26.02"),
	foc_tree(8, 1802, 2411, "18.02-24.11"),
	foc_tree(4, 1802, 2411, "18.02-24.11"),
	foc_tree(8, 1608, 1711, "16.08-17.11"),
	foc_tree(4, 1608, 1711, "16.08-17.11"),
	foc_list(8),
	foc_list(4),
	linux_layout(8, true),
	linux_layout(4, true),
	linux_layout(8, false),
	linux_layout(4, false),
	sel4(8),
	sel4(4),
	l4(Cap_kernel::FIASCO, FIASCO_THREAD),
	l4(Cap_kernel::OKL4, X2_THREAD),
	l4(Cap_kernel::PISTACHIO, X2_THREAD),
};

static_assert(uint64_t(Limit::MAX_CAP_ENTRIES) * Limit::MAX_CAP_STRIDE <= 0xffffffff);
static_assert(sizeof(LAYOUTS) / sizeof(LAYOUTS[0]) <= 32, "a search keeps a bit for each row");

/* the sizes that were confirmed with a debugger on 26.02, x86_64 */
static_assert(LAYOUTS[0].stride == 40 && LAYOUTS[0].ref_offset == 32 && LAYOUTS[0].id_offset == 36);
static_assert(LAYOUTS[8].stride == 56 && LAYOUTS[8].node_offset == 24);
static_assert(LAYOUTS[8].socket_offset == 16 && LAYOUTS[8].foreign_offset == 20);
static_assert(LAYOUTS[12].stride == 48 && LAYOUTS[12].node_offset == 16);

Cap_layouts cap_layouts() { return { LAYOUTS, sizeof(LAYOUTS) / sizeof(LAYOUTS[0]) }; }

Status check_cap_map(Cap_map const &map)
{
	struct Check
	{
		bool good;
		Code code;
		char const *field;
		uint64_t value, limit;
	};

	auto inside = [&](uint32_t offset, uint32_t width) {
		return within(offset, width, map.stride);
	};
	auto optional = [&](uint32_t offset, uint32_t width) {
		return offset == CAP_NO_OFFSET || inside(offset, width);
	};

	uint32_t const word = map.word_bytes;
	bool const tree = map.structure == Cap_structure::TREE;
	uint64_t const top = word == 8 ? ~uint64_t(0) : 0xffffffffu;
	uint64_t const id_top =
		map.id_width >= 8 ? ~uint64_t(0) : (uint64_t(1) << (8 * map.id_width)) - 1;

	Check const checks[] {
		{ map.kernel != Cap_kernel::NONE && unsigned(map.kernel) < CAP_KERNEL_COUNT, Code::INVALID,
		  "kernel", uint64_t(map.kernel), CAP_KERNEL_COUNT - 1 },
		{ word == 4 || word == 8, Code::INVALID, "wordBytes", word, 8 },
		{ tree || map.structure == Cap_structure::LIST, Code::INVALID, "structure",
		  uint64_t(map.structure), 1 },
		{ map.stride > 0 && map.stride <= Limit::MAX_CAP_STRIDE && map.stride % 4 == 0,
		  Code::INVALID, "stride", map.stride, Limit::MAX_CAP_STRIDE },
		{ map.count > 0 && map.count <= Limit::MAX_CAP_ENTRIES, Code::LIMIT, "count", map.count,
		  Limit::MAX_CAP_ENTRIES },
		{ map.array <= top && map.count * map.stride <= top - map.array, Code::INVALID, "array",
		  map.array, top },
		{ map.root <= top, Code::INVALID, "root", map.root, top },
		{ inside(map.node_offset, tree ? 3 * word + 1 : word), Code::INVALID, "nodeOffset",
		  map.node_offset, map.stride },
		{ tree ? map.depth_offset == map.node_offset + 3 * word : map.depth_offset == CAP_NO_OFFSET,
		  Code::INVALID, "depthOffset", map.depth_offset, map.stride },
		{ map.id_width == 2 || map.id_width == 4 || map.id_width == 8, Code::INVALID, "idWidth",
		  map.id_width, 8 },
		{ inside(map.id_offset, map.id_width), Code::INVALID, "idOffset", map.id_offset,
		  map.stride },
		{ map.ref_width == 1 || map.ref_width == 2 || map.ref_width == 4, Code::INVALID, "refWidth",
		  map.ref_width, 4 },
		{ inside(map.ref_offset, map.ref_width), Code::INVALID, "refOffset", map.ref_offset,
		  map.stride },
		{ optional(map.socket_offset, 4), Code::INVALID, "socketOffset", map.socket_offset,
		  map.stride },
		{ optional(map.foreign_offset, 1), Code::INVALID, "foreignOffset", map.foreign_offset,
		  map.stride },
		{ map.selector_shift < 32 || map.selector_shift == CAP_NO_SELECTOR, Code::INVALID,
		  "selectorShift", map.selector_shift, 31 },
		{ map.invalid_id <= id_top, Code::INVALID, "invalidId", map.invalid_id, id_top },
		{ map.max_badge <= id_top, Code::INVALID, "maxBadge", map.max_badge, id_top },
		{ map.badge_step > 0, Code::INVALID, "badgeStep", map.badge_step, 0 },
	};

	for (Check const &check : checks)
		if (!check.good) return { check.code, 0, check.field, check.value, check.limit };

	return ok;
}

Result<uint64_t> cap_index(Cap_map const &map, uint64_t addr)
{
	if (addr < map.array || addr - map.array >= map.size())
		return Error { Code::NOT_FOUND, addr, "slot" };

	/* a map is smaller than 4 GiB, and dividing 64 bit would need a library on 32-bit machines */
	uint32_t const offset = uint32_t(addr - map.array);
	if (offset % map.stride) return Error { Code::NOT_FOUND, addr, "slot" };
	return uint64_t(offset / map.stride);
}

}
