#include "badge_rewrite.h"

#include "cap_descriptor.h"
#include "manifest_check.h"
#include "object_pool.h"
#include "raw_badge.h"
#include "tree_reseat.h"

namespace Capimg
{

using namespace Metadata;

size_t Badge_rewrite::work_size(Manifest::Reader const &manifest)
{
	/* the nodes of a map's tree are entries of the manifest, or the comparison fails */
	size_t most = 0;
	auto const spaces = manifest.capability_spaces();
	for (uint32_t i = 0; i < spaces.size(); i++)
		most = max(most, size_t(spaces[i].entries().size()));

	auto const trees = manifest.badge_trees();
	for (uint32_t i = 0; i < trees.size(); i++) most = max(most, size_t(trees[i].nodes().size()));

	return max(Tree_reseat::work_size(most), Badge_comparison::work_size(manifest));
}

uint64_t Badge_rewrite::_new_badge(uint32_t id) const
{
	return _badges.new_badge(find_object(_objects, id));
}

/* new badges fit where they have to stand */
Status Badge_rewrite::_check_fit(uint32_t number) const
{
	auto const space = _manifest.capability_spaces()[number];
	auto const entries = space.entries();
	uint64_t const highest = has_cap_map(space) ? space.layout().max_badge() : ~uint64_t(0);

	for (uint32_t i = 0; i < entries.size(); i++) {
		if (!entries[i].object()) continue;
		uint64_t const badge = _new_badge(entries[i].object());
		uint32_t const object = find_object(_objects, entries[i].object());
		if (badge != _badges.old_badge(object) && badge > highest)
			return { Code::LIMIT, entries[i].wire().offset(), "Object.badge", badge, highest };
	}

	auto const raw = _manifest.raw_badges();
	for (uint32_t i = 0; i < raw.size() && !number; i++) {
		Result<Raw_badge_location> const location = locate_raw_badge(_manifest, raw[i]);
		if (location.failed()) return location.error();

		uint64_t const badge = _new_badge(raw[i].object());
		if (badge > location->highest())
			return { Code::LIMIT, raw[i].wire().offset(), "RawBadge.width", badge,
					 location->highest() };
	}
	return ok;
}

Status Badge_rewrite::_write_id(Writable_memory &memory, Cap_map const &map,
								Capability_entry::Reader const &entry)
{
	uint32_t const object = find_object(_objects, entry.object());
	uint64_t const badge = _badges.new_badge(object);
	if (badge == _badges.old_badge(object)) return ok;

	uint8_t buffer[8];
	Bytes const id(buffer, map.id_width);
	Memory_view::store(id, 0, map.id_width, badge);
	_written++;
	return memory.write(map.slot(entry.index()) + map.id_offset, id);
}

Status Badge_rewrite::_reseat_map(Writable_memory &memory, Cap_map const &map, uint32_t limit,
								  Reseat_sink &sink)
{
	/* lists are searched from end to end: any order will do */
	if (!map.root || map.structure != Cap_structure::TREE) return ok;

	Tree_reseat tree(memory, map.word_bytes, map.root, _work);
	if (Status const s = tree.open(limit)) return s;

	Memory_view view(memory);
	for (uint32_t i = 0; i < tree.count(); i++) {
		uint64_t id = 0;
		uint64_t const slot = tree.node(i) - map.node_offset;
		if (!view.value(slot + map.id_offset, map.id_width, id))
			return { Code::ABSENT, slot, "entry" };
		tree.key(i, id);
	}
	if (Status const s = tree.reseat()) return s;
	sink.tree({ map.root, true, tree.count(), tree.moved() });
	return ok;
}

Status Badge_rewrite::_reseat_tree(Writable_memory &memory, Cap_map const &map,
								   Badge_tree::Reader const &declared, Reseat_sink &sink)
{
	Tree_reseat tree(memory, map.word_bytes, declared.root(), _work);
	if (Status const s = tree.open(declared.nodes().size())) return s;

	Memory_view view(memory);
	for (uint32_t i = 0; i < tree.count(); i++) {
		Result<Pool_object> const object =
			pool_object(view, map, tree.node(i), declared.capability_offset());
		if (object.failed()) return object.error();
		tree.key(i, object->badge);
	}
	if (Status const s = tree.reseat()) return s;
	sink.tree({ declared.root(), false, tree.count(), tree.moved() });
	return ok;
}

Status Badge_rewrite::_write_raw(Writable_memory &memory, Raw_badge::Reader const &raw)
{
	Result<Raw_badge_location> const location = locate_raw_badge(_manifest, raw);
	if (location.failed()) return location.error();

	uint32_t const object = find_object(_objects, raw.object());
	uint64_t const badge = _badges.new_badge(object);
	if (badge == _badges.old_badge(object)) return ok;

	_written++;
	if (location->in_message) return ok;

	uint8_t buffer[8];
	Bytes const word(buffer, location->width);
	Memory_view::store(word, 0, location->width, badge);
	return memory.write(location->at, word);
}

namespace
{

/* remembers that there was a difference, and passes all on */
struct Noticing_sink final : Badge_difference_sink
{
	Badge_difference_sink &next;
	bool any = false;

	explicit Noticing_sink(Badge_difference_sink &next) : next(next) {}

	bool difference(Badge_difference const &difference) override
	{
		any = true;
		return next.difference(difference);
	}
};

}

Status Badge_rewrite::memory(uint32_t number, Writable_memory &memory,
							 Badge_difference_sink &differences, Reseat_sink &sink)
{
	if (_work.size() < work_size(_manifest))
		return { Code::NO_SPACE, 0, "work", _work.size(), work_size(_manifest) };

	Noticing_sink noticed(differences);
	Badge_comparison comparison(_manifest, number, memory, _work, noticed);
	if (Status const s = comparison.run()) return s;
	if (noticed.any) return { Code::INCONSISTENT, 0, "memory" };
	if (Status const s = _check_fit(number)) return s;

	auto const space = _manifest.capability_spaces()[number];

	/* keys of trees are read through entries of the map */
	uint32_t const trees = number ? 0 : _manifest.badge_trees().size();
	if (trees && !has_cap_map(space) && !_badges.order_kept())
		return { Code::UNSUPPORTED, 0, "Manifest.badgeTrees", trees };

	if (has_cap_map(space)) {
		Cap_map const map = cap_map_of(space.layout(), _manifest.kernel());
		auto const entries = space.entries();

		for (uint32_t i = 0; i < entries.size(); i++)
			if (entries[i].object())
				if (Status const s = _write_id(memory, map, entries[i])) return s;

		if (Status const s = _reseat_map(memory, map, entries.size(), sink)) return s;

		auto const trees = _manifest.badge_trees();
		for (uint32_t i = 0; i < trees.size() && !number; i++)
			if (Status const s = _reseat_tree(memory, map, trees[i], sink)) return s;
	}

	auto const raw = _manifest.raw_badges();
	for (uint32_t i = 0; i < raw.size() && !number; i++)
		if (Status const s = _write_raw(memory, raw[i])) return s;
	return ok;
}

/* where the schema puts the badge of an object, in integers of 64 bit */
static uint32_t badge_field()
{
	for (unsigned i = 0; i < Object::shape.field_count; i++) {
		Wire::Field const &field = Object::shape.fields[i];
		if (field.hex && field.type == Wire::Type::UINT64 && field.discriminant == Wire::NO_UNION)
			return field.offset;
	}
	return ~0u;
}

Status Badge_rewrite::message(Bytes message) const
{
	auto const objects = _manifest.objects();
	uint32_t const field = badge_field();

	for (uint32_t i = 0; i < objects.size(); i++) {
		if (_badges.new_badge(i) == _badges.old_badge(i)) continue;
		uint64_t const at = objects[i].wire().place<uint64_t>(field);
		if (!at || !within(at, 8, message.size()))
			return { Code::INVALID, objects[i].wire().offset(), "Object.badge" };
		message.u64(size_t(at), _badges.new_badge(i));
	}

	auto const raw = _manifest.raw_badges();
	for (uint32_t i = 0; i < raw.size(); i++) {
		Result<Raw_badge_location> const location = locate_raw_badge(_manifest, raw[i]);
		if (location.failed()) return location.error();
		if (!location->in_message || !within(location->at, location->width, message.size()))
			continue;
		Memory_view::store(message, size_t(location->at), location->width,
						   _new_badge(raw[i].object()));
	}
	return ok;
}

}
