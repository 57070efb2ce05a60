#include "difference_text.h"

#include "json_value.h"

namespace Capimg
{

namespace
{

/* how one kind of difference is said: 'what' is a value that both sides have, or a sentence */
struct Wording
{
	Badge_difference::Kind kind;
	bool values;
	char const *what;
};

constexpr Wording WORDINGS[] {
	{ Badge_difference::MAP_TREE, false, "" },
	{ Badge_difference::NOT_CAPTURED, false, "was not captured" },
	{ Badge_difference::FREE, false, "is free in memory" },
	{ Badge_difference::UNDECLARED, false, "is in use in memory, but not in the manifest" },
	{ Badge_difference::BADGE, true, "badge" },
	{ Badge_difference::REF_COUNT, true, "reference count" },
	{ Badge_difference::IN_TREE, true, "membership in the tree" },
	{ Badge_difference::STALE, true, "staleness" },
	{ Badge_difference::SOCKET, true, "socket" },
	{ Badge_difference::FOREIGN, true, "foreignness" },
	{ Badge_difference::LOOKUP, false, "is not found by looking up its badge" },
	{ Badge_difference::TREE, false, "" },
	{ Badge_difference::NODE_UNDECLARED, false, "is in memory, but not in the manifest" },
	{ Badge_difference::NODE_MISSING, false, "is not in the tree in memory" },
	{ Badge_difference::NODE_OBJECT, true, "badge" },
	{ Badge_difference::NODE_LOOKUP, false, "is not found by looking up its badge" },
	{ Badge_difference::RAW_PLACE, false, "" },
	{ Badge_difference::RAW_BADGE, true, "badge" },
};

constexpr bool in_order()
{
	unsigned i = 0;
	for (Wording const &w : WORDINGS)
		if (w.kind != i++) return false;
	return i == Badge_difference::RAW_BADGE + 1;
}

static_assert(in_order());

}

std::string difference_text(Badge_difference const &d)
{
	if (d.error) return std::string(d.error.field) + ": " + error_text(d.error.code);

	std::string const subject = d.of_raw_badge() ? "raw badge " + std::to_string(d.index)
								: d.of_tree()    ? "node " + hex_text(d.address)
												 : "entry " + std::to_string(d.index);
	Wording const &wording = WORDINGS[d.kind];
	if (!wording.values) return subject + " " + wording.what;
	return subject + ": " + wording.what + " is " + hex_text(d.manifest) + " in the manifest and " +
		   hex_text(d.memory) + " in memory";
}

}
