#include "manifest_check_caps.h"

namespace Capimg
{

using namespace Metadata;

static bool valid_width(unsigned width)
{
	return width == 1 || width == 2 || width == 4 || width == 8;
}

/* a field lies within the entry, or there is none where that is allowed */
static Status check_field(Capability_layout::Reader const &layout, uint32_t offset, unsigned width,
						  bool optional, char const *field)
{
	if (optional && offset == NO_FIELD) return ok;
	if (!valid_width(width) || !within(offset, width, layout.stride()))
		return { Code::INVALID, layout.wire().offset(), field, offset, layout.stride() };
	return ok;
}

static Status check_layout(Capability_layout::Reader const &layout)
{
	uint64_t const at = layout.wire().offset();
	unsigned const word = layout.word_bytes();

	if (layout.structure() == Map_structure::NONE) return ok;

	if (word != 4 && word != 8) return { Code::INVALID, at, "CapabilityLayout.wordBytes", word, 8 };

	if (!layout.count() || layout.count() > Limit::MAX_CAPABILITIES)
		return { Code::LIMIT, at, "CapabilityLayout.count", layout.count(),
				 Limit::MAX_CAPABILITIES };

	if (layout.stride() < word || layout.stride() > 4096)
		return { Code::INVALID, at, "CapabilityLayout.stride", layout.stride(), 4096 };

	uint64_t end = 0;
	if (!add(layout.array(), uint64_t(layout.count()) * layout.stride(), end))
		return { Code::INVALID, at, "CapabilityLayout.array", layout.array(), 0 };

	if (layout.selector_shift() > 32)
		return { Code::INVALID, at, "CapabilityLayout.selectorShift", layout.selector_shift(), 32 };

	/* an AVL node is three links and a depth; the node of a list is one link */
	bool const tree = layout.structure() == Map_structure::TREE;
	if (!within(layout.node_offset(), tree ? 3 * word : word, layout.stride()))
		return { Code::INVALID, at, "CapabilityLayout.nodeOffset", layout.node_offset(),
				 layout.stride() };

	struct Row
	{
		uint32_t offset;
		unsigned width;
		bool optional;
		char const *field;
	};
	Row const rows[] {
		{ layout.id_offset(), layout.id_width(), false, "CapabilityLayout.idOffset" },
		{ layout.ref_offset(), layout.ref_width(), true, "CapabilityLayout.refOffset" },
		{ layout.depth_offset(), 1, !tree, "CapabilityLayout.depthOffset" },
		{ layout.socket_offset(), 4, true, "CapabilityLayout.socketOffset" },
		{ layout.foreign_offset(), 1, true, "CapabilityLayout.foreignOffset" },
	};
	for (Row const &row : rows)
		if (Status const status =
				check_field(layout, row.offset, row.width, row.optional, row.field))
			return status;
	return ok;
}

static Status check_entry(Capability_entry::Reader const &entry,
						  Capability_layout::Reader const &layout, bool has_layout)
{
	uint64_t const at = entry.wire().offset();
	bool const is_empty = entry.state() == Entry_state::EMPTY;

	if (is_empty == (entry.object() != 0))
		return { Code::INVALID, at, "CapabilityEntry.object", entry.object(), 0 };

	if (!is_empty && entry.raw_id())
		return { Code::INVALID, at, "CapabilityEntry.rawId", entry.raw_id(), 0 };

	if (entry.state() == Entry_state::STALE && entry.in_tree())
		return { Code::INVALID, at, "CapabilityEntry.inTree", 1, 0 };

	if (!has_layout) return ok;

	if (entry.index() >= layout.count())
		return { Code::INVALID, at, "CapabilityEntry.index", entry.index(), layout.count() };

	uint64_t const kcap =
		layout.has_selectors() ? uint64_t(entry.index()) << layout.selector_shift() : 0;
	if (entry.kcap() != kcap)
		return { Code::INVALID, at, "CapabilityEntry.kcap", entry.kcap(), kcap };
	return ok;
}

static Status check_space(Capability_space::Reader const &space)
{
	auto const entries = space.entries();
	bool const has_layout = space.has_layout() && space.layout().structure() != Map_structure::NONE;

	if (entries.size() > Limit::MAX_CAPABILITIES)
		return { Code::LIMIT, space.wire().offset(), "CapabilitySpace.entries", entries.size(),
				 Limit::MAX_CAPABILITIES };

	if (Status const status = check_layout(space.layout())) return status;

	for (uint32_t i = 0; i < entries.size(); i++) {
		Capability_entry::Reader const entry = entries[i];

		if (i && entry.index() <= entries[i - 1].index())
			return { Code::OUT_OF_ORDER, entry.wire().offset(), "CapabilityEntry.index",
					 entry.index(), entries[i - 1].index() };
		if (Status const status = check_entry(entry, space.layout(), has_layout)) return status;
	}
	return ok;
}

static Status check_tree(Badge_tree::Reader const &tree)
{
	auto const nodes = tree.nodes();

	if (nodes.size() > Limit::MAX_OBJECTS)
		return { Code::LIMIT, tree.wire().offset(), "BadgeTree.nodes", nodes.size(),
				 Limit::MAX_OBJECTS };

	for (uint32_t i = 0; i < nodes.size(); i++) {
		uint64_t const at = nodes[i].wire().offset();
		if (!nodes[i].object()) return { Code::INVALID, at, "BadgeNode.object", 0, 0 };
		if (i && nodes[i].address() <= nodes[i - 1].address())
			return { Code::OUT_OF_ORDER, at, "BadgeNode.address", nodes[i].address(),
					 nodes[i - 1].address() };
	}
	return ok;
}

Status check_capabilities(Manifest::Reader const &manifest)
{
	auto const spaces = manifest.capability_spaces();
	if (spaces.size() > Limit::MAX_CAPABILITY_SPACES)
		return { Code::LIMIT, 0, "Manifest.capabilitySpaces", spaces.size(),
				 Limit::MAX_CAPABILITY_SPACES };

	uint64_t total = 0;
	for (uint32_t i = 0; i < spaces.size(); i++) {
		if (Status const status = check_space(spaces[i])) return status;

		/* who compares maps with memory looks at all entries of each */
		total += spaces[i].layout().count();
		if (total > Limit::MAX_CAPABILITIES)
			return { Code::LIMIT, spaces[i].wire().offset(), "CapabilityLayout.count", total,
					 Limit::MAX_CAPABILITIES };
	}

	auto const trees = manifest.badge_trees();
	for (uint32_t i = 0; i < trees.size(); i++)
		if (Status const status = check_tree(trees[i])) return status;

	auto const badges = manifest.raw_badges();
	for (uint32_t i = 0; i < badges.size(); i++) {
		auto const badge = badges[i];
		if (!valid_width(badge.width()) || badge.width() == 1)
			return { Code::INVALID, badge.wire().offset(), "RawBadge.width", badge.width(), 8 };
		if (!badge.object())
			return { Code::INVALID, badge.wire().offset(), "RawBadge.object", 0, 0 };
	}
	return ok;
}

}
