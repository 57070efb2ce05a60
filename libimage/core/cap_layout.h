/*
 * How releases of Genode keep a component's capabilities in its memory
 *
 * A capability map is an array of entries, one for each capability of the component, and a
 * tree (or list) through those that are looked up by badge. A 'Native_capability' is a pointer
 * to its entry. Layouts differ between kernels, word sizes and releases; 'cap_layouts' holds
 * all that are known.
 *
 * nova and hw have no row: there the data pointer of a 'Native_capability' encodes the
 * selector itself, and the component's memory holds no table to read or rewrite
 * (base-nova/include/nova/capability_space.h,
 * base-hw/src/include/base/internal/capability_space.h).
 *
 * Everything here is constant and may be used from any thread.
 */

#ifndef CAPIMG__CORE__CAP_LAYOUT_H
#define CAPIMG__CORE__CAP_LAYOUT_H

#include "bytes.h"
#include "cap_limits.h"

namespace Capimg
{

/* the numbers are part of the descriptor in images: never renumber */
enum class Cap_kernel : uint8_t {
	NONE = 0,
	FOC = 1,
	LINUX = 2,
	SEL4 = 3,
	FIASCO = 4,
	OKL4 = 5,
	PISTACHIO = 6,
};

static constexpr unsigned CAP_KERNEL_COUNT = 7;

/* Genode's name of the kernel, as in 'base-<name>'; never null */
char const *cap_kernel_name(Cap_kernel);

/* 'NONE' if there is no such kernel, or one without a capability map in memory */
Cap_kernel cap_kernel_by_name(char const *name, size_t length);

enum class Cap_structure : uint8_t {
	TREE = 0, /* Genode's 'Avl_tree': the root is a node that hangs nowhere, the tree is its left */
	LIST = 1, /* Genode's 'List': the root is a pointer to the first entry */
};

/* an offset that the layout does not have */
static constexpr uint32_t CAP_NO_OFFSET = ~0u;

/* 'selector_shift' of a kernel without selectors */
static constexpr uint8_t CAP_NO_SELECTOR = 0xff;

/*
 * Shape of an entry: all that reading and rewriting needs, besides the place
 *
 * Offsets count from the start of an entry, in bytes. Fields are little-endian and not
 * necessarily aligned: on foc with 64 bit, entries are 4-byte aligned only.
 */
struct Cap_form
{
	Cap_kernel kernel = Cap_kernel::NONE;
	Cap_structure structure = Cap_structure::TREE;
	uint8_t word_bytes = 0;     /* 4 or 8 */
	uint8_t id_width = 0;       /* bytes: 2, 4 or 8 */
	uint8_t ref_width = 0;      /* bytes */
	uint8_t selector_shift = 0; /* kcap = index << shift, or CAP_NO_SELECTOR */

	uint32_t stride = 0;      /* bytes from one entry to the next */
	uint32_t node_offset = 0; /* AVL node {left, right, parent, depth}; list: pointer to the next */
	uint32_t depth_offset = CAP_NO_OFFSET;
	uint32_t id_offset = 0;
	uint32_t ref_offset = 0;
	uint32_t socket_offset = CAP_NO_OFFSET;  /* linux: socket descriptor, signed 32 bit */
	uint32_t foreign_offset = CAP_NO_OFFSET; /* linux: the object lives elsewhere, 8 bit */

	uint64_t invalid_id = 0; /* an entry without a Genode capability */
	uint64_t max_badge = 0;  /* highest value that core gives out */
	uint64_t badge_step = 1; /* core gives out multiples only (but for 1 on foc) */

	bool operator==(Cap_form const &) const = default;
};

/* an entry is in use, as the component's own allocator sees it */
constexpr bool cap_used(Cap_form const &form, uint64_t id, uint64_t ref_count)
{
	/* foc tells by the id alone: reference counts below the first user selector stay 0 */
	if (form.kernel == Cap_kernel::FOC) return id != 0;

	return ref_count != 0 || id != form.invalid_id;
}

/* the component keeps an entry with these values in its tree or list */
constexpr bool cap_kept_in_tree(Cap_form const &form, uint64_t id, bool foreign)
{
	if (form.kernel == Cap_kernel::FOC && id == 0) return false;

	return id != form.invalid_id && !foreign;
}

/* how to get from the tree to the array */
enum class Cap_placement : uint8_t {

	/*
	 * The array is part of an allocator object, { vptr, lock (int), entries, pointer to the
	 * entries }, the tree lies elsewhere (base-foc, cap_alloc.h)
	 */
	ALLOCATOR,

	/*
	 * One object, { entries, bit allocator, tree, mutex }; the bit allocator is
	 * { next, bit count (u32), word count (u32), pointer to the bits, bits }
	 * (base, capability_space_tpl.h)
	 */
	BIT_TABLE,

	/* the same without the bit allocator (base-sel4, capability_space_sel4.h) */
	TABLE,
};

/* one known layout */
struct Cap_layout : Cap_form
{
	char const *genode = "";    /* releases, for people */
	uint16_t first_release = 0; /* year * 100 + month, 2602 is 26.02 */
	uint16_t last_release = 0;  /* 9999: as far as is known */
	Cap_placement placement = Cap_placement::ALLOCATOR;
	uint32_t default_count = 0;       /* entries of the array in this release */
	uint32_t first_user_selector = 0; /* entries below are core's; the lowest of the releases */

	/*
	 * What the kernel's IPC names a destination by, where that stands in the entry. Tells
	 * kernels apart whose entries have one shape: value in a free entry, lowest and highest
	 * value in a used one. Width 0: not in the entry.
	 */
	uint32_t dst_offset = 0;
	uint8_t dst_width = 0;
	uint32_t dst_free = 0, dst_min = 0, dst_max = 0;
};

struct Cap_layouts
{
	Cap_layout const *rows;
	unsigned count;

	Cap_layout const *begin() const { return rows; }
	Cap_layout const *end() const { return rows + count; }
};

/* every known layout, newest releases of a kernel first */
Cap_layouts cap_layouts();

/*
 * A capability map in one component: a form and its place
 *
 * This is what the layout descriptor of an image stores; tools read the map from it without
 * knowing the release.
 */
struct Cap_map : Cap_form
{
	uint64_t array = 0; /* address of entry 0 */
	uint64_t count = 0; /* entries */
	uint64_t root = 0; /* address of the tree object or list head; 0: not known, nothing is in it */

	uint64_t size() const { return count * stride; }
	uint64_t slot(uint64_t index) const { return array + index * stride; }

	bool operator==(Cap_map const &) const = default;
};

/*
 * The numbers of a map make sense
 *
 * To be called for every map that comes from an image. After it, 'size', 'slot' and all
 * offsets within an entry are safe to compute. INVALID or LIMIT with the name of the field.
 */
Status check_cap_map(Cap_map const &);

/*
 * Entry that an address points to
 *
 * NOT_FOUND if the address is not the start of an entry of this map.
 */
Result<uint64_t> cap_index(Cap_map const &, uint64_t addr);

}

#endif /* CAPIMG__CORE__CAP_LAYOUT_H */
