/*
 * What was read from a generated component against what is known about it
 */

#ifndef CAPIMG__TESTS__SUPPORT__COMPONENT_COMPARE_H
#define CAPIMG__TESTS__SUPPORT__COMPONENT_COMPARE_H

#include <string>

#include "tests/support/cap_search.h"
#include "tests/support/component.h"

namespace Capimg::Test
{

/* okl4 and pistachio have one shape */
inline Cap_map but_kernel(Cap_map map, Cap_kernel kernel)
{
	map.kernel = kernel;
	return map;
}

inline std::vector<Component_entry> read(Memory const &memory, Cap_map const &map)
{
	std::vector<uint8_t> bits(Cap_reader::work_size(map));
	Cap_reader reader(memory, map, Bytes(bits.data(), bits.size()));
	if (reader.open()) return {};

	std::vector<Component_entry> entries;
	for (uint64_t i = 0;;) {
		Result<Cap_entry> const e = reader.next_used(i);
		if (e.failed()) break;
		entries.push_back(
			{ e->index, e->badge, e->ref_count, e->socket, e->foreign, e->in_tree, e->stale });
		i = e->index + 1;

		/* a look-up leads here if the tree has the entry; the bits must say the same */
		Result<uint64_t> const there = reader.find(e->badge);
		EXPECT_EQ(e->in_tree, !there.failed() && *there == e->index);
	}
	return entries;
}

/* empty if they are the same, else the first difference */
inline std::string difference(Component const &c, std::vector<Component_entry> const &got)
{
	std::vector<Component_entry> const want = c.entries();
	if (got.size() != want.size())
		return std::to_string(got.size()) + " entries, not " + std::to_string(want.size());

	bool const sockets = c.layout().socket_offset != CAP_NO_OFFSET;
	for (size_t i = 0; i < want.size(); i++) {
		Component_entry const &a = got[i], &b = want[i];
		if (a.index != b.index || a.badge != b.badge || a.ref_count != b.ref_count ||
			a.in_tree != b.in_tree || a.stale != b.stale || a.foreign != b.foreign ||
			(sockets && a.socket != b.socket))
			return "entry " + std::to_string(b.index);
	}
	return {};
}

inline std::string difference(std::vector<Component_pool> const &want, Memory const &memory,
							  Cap_map const &map)
{
	std::vector<uint8_t> buffer(Limit::MIN_SCAN_BUFFER);
	Object_pool_scan scan(memory, map, Bytes(buffer.data(), buffer.size()));
	Memory_view view(memory);

	for (Component_pool const &pool : want) {
		Result<Object_pool> const got = scan.next();
		if (got.failed()) return "too few pools";
		if (got->tree != pool.tree || got->objects != pool.objects.size()) return "pool";
		if (got->lock != Lock_state::FREE) return "lock of a pool";

		Object_pool_walk walk(view, map, pool.tree);
		for (auto const &object : pool.objects) {
			Result<Pool_object> const o = walk.next();
			if (o.failed() || o->node != object.node || o->index != object.index) return "object";
		}
		if (walk.next().error().code != Code::NOT_FOUND) return "too many objects";
	}
	return scan.next().error().code == Code::NOT_FOUND ? "" : "too many pools";
}

}

#endif /* CAPIMG__TESTS__SUPPORT__COMPONENT_COMPARE_H */
