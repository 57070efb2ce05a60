#include "cap_list.h"

#include "cap_walk.h"

namespace Capimg
{

/* pointer of an entry to the next; 0 at the end, or where nothing is known */
uint64_t Cap_list_finder::_next(Cap_map const &map, uint64_t slot)
{
	uint64_t next = 0;
	return _view.value(slot + map.node_offset, map.word_bytes, next) ? next : 0;
}

/*
 * The word at 'addr' is the pointer that an allocator has behind its array
 *
 * Nothing is followed for nearly all words: most do not point to lower addresses nearby.
 */
bool Cap_list_finder::_array_before(uint64_t addr, uint64_t value, Cap_map &map) const
{
	unsigned const word = _layout.word_bytes;
	if (value >= addr || addr - value > 0xffffffff) return false;

	uint32_t const count = uint32_t(addr - value) / _layout.stride;
	if (count == 0 || count > Limit::MAX_CAP_ENTRIES) return false;
	if (align_up(value + count * _layout.stride, word) != addr) return false;
	if ((value & (word - 1)) != 4 % word) return false;

	map = {};
	static_cast<Cap_form &>(map) = _layout;
	map.array = value;
	map.count = count;
	return true;
}

/* every entry is well formed, every link leads to an entry in use; marks what is linked to */
bool Cap_list_finder::_entries(Cap_candidate &c)
{
	Cap_map const &map = c.map;
	if (_bits.size() < (map.count + 7) / 8) return false;

	Bytes const bits(_bits.base(), size_t((map.count + 7) / 8));
	bool cleared = false;

	for (uint64_t i = 0; i < map.count; i++) {
		if (!_budget.spend()) return false;

		Const_bytes const entry = _view.at(map.slot(i), map.stride);
		if (entry.empty()) return false;

		Entry_look const look = look_at_entry(_layout, entry);
		if (look.kind == Entry_look::MALFORMED) return false;
		if (look.kind == Entry_look::FREE) continue;
		c.used++;

		uint64_t const next = Memory_view::load(entry, map.node_offset, map.word_bytes);
		if (!next) continue;

		Result<uint64_t> const index = cap_index(map, next);
		if (index.failed() || *index == i) return false;

		/* only now: most arrays end at their first entry */
		if (!cleared && !_budget.spend(map.count / 64)) return false;
		if (!cleared) bits.zero();
		cleared = true;

		size_t const at = size_t(*index / 8);
		uint8_t const bit = uint8_t(1u << (*index % 8));
		if (Const_bytes(bits).u8(at) & bit) c.contradictions++;
		bits.u8(at, uint8_t(Const_bytes(bits).u8(at) | bit));
	}
	if (!cleared) bits.zero();
	return true;
}

/* the list starts at the entry that no other one links to, and from which most are reached */
bool Cap_list_finder::_longest_chain(Cap_candidate &c, uint64_t &head)
{
	Cap_map const &map = c.map;
	c.nodes = 0;

	for (uint64_t i = 0; i < map.count; i++) {
		if (!_budget.spend()) return false;
		if (Const_bytes(_bits).u8(size_t(i / 8)) >> (i % 8) & 1) continue;

		Const_bytes const entry = _view.at(map.slot(i), map.stride);
		Cap_fields const f = cap_fields(map, entry);
		if (!cap_used(map, f.id, f.ref_count) || f.id == map.invalid_id) continue;

		uint64_t length = 0;
		for (uint64_t slot = map.slot(i); slot && length <= map.count; slot = _next(map, slot)) {
			if (!_budget.spend()) return false;
			length++;
		}
		if (length > map.count) c.tree = { Code::CYCLE, map.slot(i), "next", map.slot(i) };

		if (length > c.nodes) {
			c.nodes = length;
			head = map.slot(i);
		}
	}
	return true;
}

/*
 * The list head: a pointer to the first entry, followed by a spin lock
 *
 * Capability variables point to the first entry, too. The list head and the allocator are
 * both static objects of the base library: the nearest to the array is taken.
 */
Status Cap_list_finder::_root(Cap_candidate &c, uint64_t head)
{
	unsigned const word = _layout.word_bytes;
	uint64_t best = ~uint64_t(0);

	if (!_budget.spend(_bounds.total / 4)) return ok;

	Memory_scan scan(_view.memory(), _buffer);
	Const_bytes window;
	for (uint64_t pos = 0; scan.next(pos, word, word + 4, window);) {
		size_t const positions = (window.size() - (word + 4)) / word + 1;
		for (size_t i = 0; i < positions; i++) {
			uint8_t const *const at = window.base() + i * word;
			uint64_t const value = word == 8 ? load_word<uint64_t>(at) : load_word<uint32_t>(at);
			if (value != head || load_word<uint32_t>(at + word) > 1) continue;

			uint64_t const addr = pos + i * word;
			if (addr >= c.map.array && addr - c.map.array < c.map.size()) continue;

			uint64_t const distance = addr < c.map.array ? c.map.array - addr : addr - c.map.array;
			if (distance < best) {
				best = distance;
				c.map.root = addr;
			}
		}
		if (uint64_t(positions) * word > ~uint64_t(0) - pos) break;
		pos += uint64_t(positions) * word;
	}
	return scan.status();
}

Status Cap_list_finder::_complete(Cap_candidate &c, uint64_t min_nodes, bool &good)
{
	uint64_t head = 0;
	good = false;
	if (!_entries(c) || !_longest_chain(c, head) || c.nodes < min_nodes) return ok;

	if (c.nodes)
		if (Status const s = _root(c, head)) return s;
	if (check_cap_map(c.map) || (!c.map.root && min_nodes)) return ok;

	uint64_t nodes = 0;
	for (Cap_walk walk(_view, c.map);; nodes++) {
		Result<Cap_walk::Step> const step = walk.next();
		if (!step.failed()) continue;
		if (step.error().code != Code::NOT_FOUND) c.tree = step.error();
		break;
	}
	good = !c.tree || !min_nodes;
	return ok;
}

/* words that may point back to an array, from one window of memory */
struct Cap_list_finder::Pointers
{
	static constexpr unsigned MAX = 64;

	struct
	{
		uint64_t addr = 0, value = 0;
	} at[MAX] {};
	unsigned count = 0;

	/* returns how many of the 'positions' words were looked at before this was full */
	template <typename WORD>
	size_t look(uint64_t pos, Const_bytes window, size_t positions, uint64_t reach)
	{
		constexpr size_t W = sizeof(WORD);
		for (size_t i = 0; i < positions; i++) {
			WORD const value = load_word<WORD>(window.base() + i * W);
			uint64_t const addr = pos + i * W;

			/* an array follows an int, and lies before its pointer, not far away */
			if (value % W != 4 % W || addr - value > reach || !value) continue;

			if (count == MAX) return i;
			at[count++] = { addr, value };
		}
		return positions;
	}
};

Status Cap_list_finder::scan(Sink &sink)
{
	unsigned const word = _layout.word_bytes;
	uint64_t const reach = uint64_t(Limit::MAX_CAP_ENTRIES + 1) * _layout.stride;

	Memory_scan scan(_view.memory(), _buffer);
	Const_bytes window;
	for (uint64_t pos = 0; scan.next(pos, word, word, window);) {
		if (word == 4 && pos > 0xffffffffu) break;

		Pointers pointers {};
		size_t const positions = window.size() / word;
		uint64_t const step =
			word * uint64_t(word == 8 ? pointers.look<uint64_t>(pos, window, positions, reach)
									  : pointers.look<uint32_t>(pos, window, positions, reach));

		for (unsigned i = 0; i < pointers.count; i++) {
			Cap_candidate c {};
			bool good = false;
			if (!_array_before(pointers.at[i].addr, pointers.at[i].value, c.map)) continue;
			if (!allocator_before(_view, word, c.map.array)) continue;
			if (Status const s = _complete(c, 2, good)) return s;
			if (good) sink.candidate(c);
		}

		if (step > ~uint64_t(0) - pos) break;
		pos += step;
	}
	return scan.status();
}

Status Cap_list_finder::from_array(uint64_t array, Sink &sink)
{
	unsigned const word = _layout.word_bytes;
	if (!allocator_before(_view, word, array)) return ok;

	/* the pointer behind the array says where it ends */
	for (uint64_t n = 1; n <= Limit::MAX_CAP_ENTRIES && _budget.spend(); n++) {
		uint64_t const end = array + n * _layout.stride;
		uint64_t value = 0;
		if (!_view.value(align_up(end, word), word, value)) break;
		if (value != array) continue;

		Cap_candidate c {};
		bool good = false;
		if (!_array_before(align_up(end, word), value, c.map)) continue;
		if (Status const s = _complete(c, 0, good)) return s;
		if (good) {
			sink.candidate(c);
			break;
		}
	}
	return ok;
}

}
