#include "cap_place.h"

#include "cap_walk.h"

namespace Capimg
{

/*
 * Entries that may contradict a layout: memory may have been captured while threads were in the
 * midst of changing one each
 */
static constexpr uint64_t TOLERATED_CONTRADICTIONS = 8;

/* 32 bit suffice for what lies in one array, and need no library to divide on any machine */
static uint32_t greatest_common_divisor(uint32_t a, uint32_t b)
{
	while (b) {
		uint32_t const rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

/* entries between two addresses, more than any map has if they are far apart */
static uint32_t entries(uint64_t from, uint64_t to, Cap_layout const &l)
{
	uint64_t const size = to - from;
	return (size > 0xffffffff ? 0xffffffff : uint32_t(size)) / l.stride;
}

/* 'distance' is a multiple of the stride, and not too large for any array */
static bool whole_entries(uint64_t distance, Cap_layout const &l)
{
	return distance <= 0xffffffff && uint32_t(distance) % l.stride == 0;
}

Entry_look look_at_entry(Cap_layout const &l, Const_bytes entry)
{
	Cap_fields const f = cap_fields(l, entry);
	bool const used = cap_used(l, f.id, f.ref_count);

	/* Fiasco.OC's allocator clears what it frees, and starts out cleared */
	if (l.kernel == Cap_kernel::FOC && !used)
		return { entry.all_zero() ? Entry_look::FREE : Entry_look::MALFORMED, 0 };

	Entry_look look { used ? Entry_look::USED : Entry_look::FREE, 0 };

	if (l.structure == Cap_structure::TREE) {
		uint64_t const left = Memory_view::load(entry, l.node_offset, l.word_bytes);
		uint64_t const right = Memory_view::load(entry, l.node_offset + l.word_bytes, l.word_bytes);
		uint64_t const parent =
			Memory_view::load(entry, l.node_offset + 2u * l.word_bytes, l.word_bytes);

		/* entries are constructed, and a node that leaves its tree loses its links */
		bool const linked = parent != 0;
		if (!entry.u8(l.depth_offset)) return {};
		if (!linked && (left || right)) return {};
		if (linked && !used) return {};

		bool const expected = used && cap_kept_in_tree(l, f.id, f.foreign);
		if (linked && !expected) look.contradictions++;

		/* Fiasco.OC alone takes entries out of the tree that stay in use */
		if (!linked && expected && l.kernel != Cap_kernel::FOC) look.contradictions++;
	}

	if (l.dst_width) {
		uint32_t const dst = entry.u32(l.dst_offset);
		bool const good = dst == l.dst_free || (used && dst >= l.dst_min && dst <= l.dst_max);

		/* a gap up to the node is never written; where releases differ, 'foreign' stands there */
		uint32_t const end = l.dst_offset + l.dst_width;
		bool const gap = l.foreign_offset == CAP_NO_OFFSET && end + 4 <= l.node_offset;
		if (!good || (gap && entry.u32(end))) look.contradictions++;
	}

	if (l.foreign_offset != CAP_NO_OFFSET) {
		uint8_t const foreign = entry.u8(l.foreign_offset);
		if (foreign > 1 || (!used && !foreign)) look.contradictions++;
	}
	return look;
}

Status tree_extent(Memory_view &view, unsigned word, uint64_t root, Tree_extent &out)
{
	out = {};
	out.root = root;

	for (Avl_walk walk(view, word, root);;) {
		Result<Avl_walk::Step> const step = walk.next();
		if (step.failed()) {
			out.nodes = walk.nodes();
			return step.error().code == Code::NOT_FOUND ? ok : step.error();
		}

		uint64_t const addr = step->addr;
		if (!out.lowest) out.lowest = out.highest = addr;
		uint64_t const distance = addr < out.lowest ? out.lowest - addr : addr - out.lowest;
		out.divisor =
			distance > 0xffffffff ? 1 : greatest_common_divisor(out.divisor, uint32_t(distance));
		out.lowest = min(out.lowest, addr);
		out.highest = max(out.highest, addr);
	}
}

bool allocator_before(Memory_view &view, unsigned word, uint64_t array)
{
	uint64_t const front = word + 4u;
	if (array < front || ((array - front) & (word - 1))) return false;

	uint64_t lock = 0, vptr = 0;
	return view.value(array - 4, 4, lock) && lock <= 1 && view.value(array - front, word, vptr) &&
		   vptr != 0;
}

/* lowest address not below 'bound' from which on there are entries without a gap up to 'first' */
uint64_t Cap_placer::_lowest_entry(Cap_layout const &l, uint64_t first, uint64_t bound)
{
	while (first >= l.stride && first - l.stride >= bound && _budget.spend()) {
		Const_bytes const entry = _view.at(first - l.stride, l.stride);
		if (entry.empty() || look_at_entry(l, entry).kind == Entry_look::MALFORMED) break;
		first -= l.stride;
	}
	return first;
}

/* the pointer to the array stands behind its last entry */
bool Cap_placer::_allocator_ends(Cap_layout const &l, uint64_t first, uint64_t end, Cap_map &map)
{
	uint64_t array = 0;
	if (!_view.value(align_up(end, l.word_bytes), l.word_bytes, array)) return false;
	if (array > first || !whole_entries(first - array, l)) return false;
	if (!allocator_before(_view, l.word_bytes, array)) return false;

	map.array = array;
	map.count = entries(array, end, l);
	return true;
}

/*
 * The bit allocator stands behind the last entry, and the tree behind its bits
 *
 * The allocator rounds the number of entries up to a multiple of the bits of a word; how many
 * there really are can be seen by going back to the first one.
 */
bool Cap_placer::_bit_table_ends(Cap_layout const &l, uint64_t first, uint64_t end, bool fixed,
								 Cap_map &map)
{
	unsigned const word = l.word_bytes;
	unsigned const word_bits = 8 * word;
	if (end & (word - 1)) return false;

	Const_bytes const head = _view.at(end, 2 * word + 8);
	if (head.empty()) return false;

	uint32_t const bits = head.u32(word), words = head.u32(word + 4);
	uint64_t const pointer = Memory_view::load(head, word + 8, word);
	if (!bits || bits % word_bits || words != bits / word_bits) return false;
	if (pointer != end + 2 * word + 8 || bits > Limit::MAX_CAP_ENTRIES) return false;

	uint64_t const most = uint64_t(bits) * l.stride;
	uint64_t const lowest = _lowest_entry(l, first, end > most ? end - most : 0);
	if (fixed && lowest != first) return false;

	uint32_t const count = entries(lowest, end, l);
	if (count > bits || bits - count >= word_bits) return false;

	uint64_t const root = pointer + bits / 8;
	if (map.root && map.root != root) return false;

	map.array = lowest;
	map.count = count;
	map.root = root;
	return true;
}

/* the tree stands behind the last entry */
bool Cap_placer::_table_ends(Cap_layout const &l, uint64_t first, uint64_t end, bool fixed,
							 Cap_map &map)
{
	if (map.root && map.root != end) return false;

	if (!map.root) {
		uint64_t policy = 0;
		Avl_node tree;
		if (!read_avl_node(_view, end, l.word_bytes, tree) || tree.parent || tree.right ||
			!tree.depth || !_view.value(end + avl_node_size(l.word_bytes), l.word_bytes, policy) ||
			!policy)
			return false;
		if (tree.left ? tree.left < first || tree.left >= end : tree.depth != 1) return false;
	}

	uint64_t const most = uint64_t(Limit::MAX_CAP_ENTRIES) * l.stride;
	map.array = _lowest_entry(l, first, end > most ? end - most : 0);
	if (fixed && map.array != first) return false;

	map.count = entries(map.array, end, l);
	map.root = end;
	return true;
}

/* go from entry to entry, from 'end' on, until what stands there ends the array */
bool Cap_placer::_find_end(Cap_layout const &l, uint64_t first, uint64_t end, bool fixed,
						   Cap_map &map)
{
	for (; entries(first, end, l) <= Limit::MAX_CAP_ENTRIES; end += l.stride) {
		if (!_budget.spend()) return false;

		bool ends = false;
		switch (l.placement) {
		case Cap_placement::ALLOCATOR:
			ends = _allocator_ends(l, first, end, map) && (!fixed || map.array == first);
			break;
		case Cap_placement::BIT_TABLE: ends = _bit_table_ends(l, first, end, fixed, map); break;
		case Cap_placement::TABLE: ends = _table_ends(l, first, end, fixed, map); break;
		}
		if (ends) return map.count <= Limit::MAX_CAP_ENTRIES;

		Const_bytes const entry = _view.at(end, l.stride);
		if (entry.empty() || look_at_entry(l, entry).kind == Entry_look::MALFORMED) return false;
	}
	return false;
}

/* the tree object above the first entry that has a parent; 0 if there is none */
uint64_t Cap_placer::_climb(Cap_map const &map)
{
	for (uint64_t i = 0; i < map.count && _budget.spend(); i++) {
		Avl_node node;
		uint64_t addr = map.slot(i) + map.node_offset;
		if (!read_avl_node(_view, addr, map.word_bytes, node)) return 0;

		/* a cycle ends this, too: the entry's tree is damaged then */
		unsigned level = 0;
		for (; node.parent && level <= Limit::MAX_TREE_DEPTH; level++) {
			addr = node.parent;
			if (!read_avl_node(_view, addr, map.word_bytes, node)) break;
		}
		if (level && !node.parent) return addr;
	}
	return 0;
}

/* look at all entries; false if the array is none of this layout */
bool Cap_placer::_evaluate(Cap_layout const &l, Cap_candidate &c)
{
	c.used = c.contradictions = 0;
	if (!_budget.spend(c.map.count)) return false;

	for (uint64_t i = 0; i < c.map.count; i++) {
		Const_bytes const entry = _view.at(c.map.slot(i), l.stride);
		if (entry.empty()) return false;

		Entry_look const look = look_at_entry(l, entry);
		if (look.kind == Entry_look::MALFORMED) return false;
		if (look.kind == Entry_look::USED) c.used++;
		if (look.contradictions) c.contradictions++;
	}
	return c.contradictions <= TOLERATED_CONTRADICTIONS;
}

static Status walk_all(Memory_view &view, Cap_map const &map, uint64_t &nodes)
{
	nodes = 0;
	for (Cap_walk walk(view, map);; nodes++) {
		Result<Cap_walk::Step> const step = walk.next();
		if (step.failed()) return step.error().code == Code::NOT_FOUND ? ok : step.error();
	}
}

static Cap_map map_of(Cap_layout const &layout)
{
	Cap_map map {};
	static_cast<Cap_form &>(map) = layout;
	return map;
}

bool Cap_placer::from_tree(Cap_layout const &l, Tree_extent const &tree, Cap_candidate &c)
{
	if (tree.lowest < l.node_offset || tree.divisor % l.stride) return false;

	uint64_t const first = tree.lowest - l.node_offset;
	uint64_t const last = tree.highest - l.node_offset;
	if (entries(first, last, l) >= Limit::MAX_CAP_ENTRIES) return false;

	c = {};
	c.map = map_of(l);
	c.map.root = tree.root;

	/* order of badges, within the part of the array that is known so far */
	Cap_map part = c.map;
	part.array = first;
	part.count = entries(first, last, l) + 1;
	if (check_cap_map(part) || walk_all(_view, part, c.nodes)) return false;

	return _find_end(l, first, last + l.stride, false, c.map) && !check_cap_map(c.map) &&
		   _evaluate(l, c);
}

bool Cap_placer::from_array(Cap_layout const &l, uint64_t array, Cap_candidate &c)
{
	c = {};
	c.map = map_of(l);

	/* there is no map without entries: the first one must look like one */
	Const_bytes const entry = _view.at(array, l.stride);
	if (entry.empty() || look_at_entry(l, entry).kind == Entry_look::MALFORMED) return false;

	if (!_find_end(l, array, array + l.stride, true, c.map)) return false;
	if (!c.map.root) c.map.root = _climb(c.map);
	if (check_cap_map(c.map) || !_evaluate(l, c)) return false;

	c.tree = walk_all(_view, c.map, c.nodes);
	return true;
}

}
