/*
 * The component's program: where its static objects are
 *
 * Part of the code, and so the same wherever the component runs.
 */

#ifndef CAPIMG__TESTS__SIM__BINARY_H
#define CAPIMG__TESTS__SIM__BINARY_H

#include "libimage/core/cap_layout.h"

namespace Capimg::Sim
{

struct Binary
{
	Cap_layout const *layout = nullptr;
	Cap_map map {};
	uint64_t tree_lock = 0;
	uint64_t bits = 0; /* of the map's bit allocator, 0: none */
	uint64_t parent_word = 0;
	uint64_t first_user = 0; /* index */

	unsigned word() const { return layout->word_bytes; }

	/* a pool is { vptr, tree, mutex }, an object { vptr, node, capability, identity, calls, … } */
	uint64_t pool_tree(uint64_t pool) const { return pool + word(); }
	uint64_t pool_lock(uint64_t pool) const { return pool + 6ull * word(); }
	uint64_t object_node(uint64_t object) const { return object + word(); }
	uint64_t object_cap(uint64_t object) const { return object + 5ull * word(); }
	uint64_t object_identity(uint64_t object) const { return object + 6ull * word(); }
	uint64_t object_calls(uint64_t object) const { return object + 7ull * word(); }
	static constexpr unsigned OBJECT_WORDS = 10, POOL_WORDS = 12;
};

}

#endif /* CAPIMG__TESTS__SIM__BINARY_H */
