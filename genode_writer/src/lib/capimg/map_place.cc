#include "capimg/map_place.h"

#include "libimage/core/cap_descriptor.h"

namespace Capimg::Engine
{

/*
 * The tree object or list head is the map's own
 *
 * Told where a map is, the search takes one in any state, also amid an operation. What then seems
 * to be its root may be none, or nothing leads to it; a place is remembered for good. Where
 * nobody holds the lock, the damage is the component's own.
 */
static bool settled(Memory const &memory, Cap_candidate const &c, Bytes work)
{
	if (!c.map.root) return false;

	/* a list's head is told by pointing to the first entry, as capabilities do as well */
	if (!c.tree && c.map.structure == Cap_structure::TREE) return true;

	Cap_reader reader(memory, c.map, work);
	(void)reader.open();
	return reader.locks().tree == Lock_state::FREE;
}

Status Map_place::locate(Origin &origin, Memory const &memory, Bytes work)
{
	if (_found || _none) return ok;

	Metadata::Kernel const kernel = origin.description().kernel;
	if (kernel != Metadata::Kernel::UNKNOWN && cap_kernel_of(kernel) == Cap_kernel::NONE) {
		_none = true;
		return ok;
	}

	Cap_hints hints = origin.hints();
	if (hints.kernel == Cap_kernel::NONE) hints.kernel = cap_kernel_of(kernel);
	bool const has_map = hints.kernel != Cap_kernel::NONE || hints.has_addr;

	Cap_find_result result {};
	if (Status const status = find_cap_maps(memory, hints, work, result)) return status;
	_exhausted = result.exhausted;

	Result<Cap_map> const best = result.best();
	if (best.failed()) {
		/* linux: the origin does not know what is at which address */
		bool const blind = memory.extent_from(0).failed();
		bool const none = best.error().code == Code::NOT_FOUND && (!has_map || blind);
		return none ? ok : best.error();
	}
	if (Status const status = check_cap_map(*best)) return status;
	if (!settled(memory, result.candidates[0], work))
		return { Code::NOT_FOUND, best->array, "capMap", best->root };
	_candidate = result.candidates[0];
	_found = true;
	return ok;
}

namespace
{

/* text in a buffer of fixed size, cut where that is full */
class Short_text
{
	char _text[Map_place::RELEASE_SIZE] {};
	size_t _size = 0;

  public:
	void add(char const *text)
	{
		while (*text && _size + 1 < sizeof(_text)) _text[_size++] = *text++;
	}

	bool empty() const { return !_size; }
	Wire::Text text() const { return Wire::Text(_text, _size); }
};

}

/* strides are at most MAX_CAP_STRIDE, so that all offsets fit */
static uint16_t offset_of(uint32_t offset) { return uint16_t(min<uint32_t>(offset, 0xffff)); }

void Map_place::describe(Metadata::Capability_space::Writer const &space) const
{
	if (!_found && !_none) return;

	auto const layout = space.init_layout();
	if (_none) return;

	Cap_map const &m = map();
	bool const selectors = m.selector_shift != CAP_NO_SELECTOR;

	layout.word_bytes(m.word_bytes);
	layout.structure(m.structure == Cap_structure::TREE ? Metadata::Map_structure::TREE
														: Metadata::Map_structure::LIST);
	layout.array(m.array);
	layout.count(uint32_t(m.count));
	layout.stride(m.stride);
	layout.root(m.root);
	layout.node_offset(offset_of(m.node_offset));
	layout.depth_offset(offset_of(m.depth_offset));
	layout.id_offset(offset_of(m.id_offset));
	layout.id_width(m.id_width);
	layout.ref_offset(offset_of(m.ref_offset));
	layout.ref_width(m.ref_width);
	layout.socket_offset(offset_of(m.socket_offset));
	layout.foreign_offset(offset_of(m.foreign_offset));
	layout.selector_shift(selectors ? m.selector_shift : 0);
	layout.has_selectors(selectors);
	layout.invalid_id(m.invalid_id);
	layout.max_badge(m.max_badge);
	layout.badge_step(uint32_t(m.badge_step));
	layout.allocator_lock(cap_allocator_lock(m));
	layout.tree_lock(cap_tree_lock(m));

	Short_text release;
	Cap_layouts const layouts = cap_layouts();
	for (unsigned i = 0; i < layouts.count; i++) {
		if (!(_candidate.layouts & (1u << i))) continue;
		if (!release.empty()) release.add(" or ");
		release.add(cap_kernel_name(layouts.rows[i].kernel));
		release.add(" ");
		release.add(layouts.rows[i].genode);
	}
	layout.release(release.text());
}

}
