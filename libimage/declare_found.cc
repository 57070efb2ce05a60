#include "declare_found.h"

#include <algorithm>
#include <capnp/message.h>
#include <map>

#include "capability_scan.h"
#include "core/avl_walk.h"
#include "image_error.h"
#include "manifest.h"

namespace Capimg
{

static void check_map(Capability_scan const &scan, Image const &image)
{
	using Result = Capability_scan::Map_result;
	Result const result = scan.map_result();
	if (result == Result::SAME || result == Result::PLACE_ONLY || result == Result::NONE) return;

	bool const undeclared = result == Result::UNDECLARED;
	throw Image_error({ image.path(),
						Code::INCONSISTENT,
						{},
						"capability map",
						scan.differences().empty() ? "is not what a search finds"
												   : scan.differences().front().text,
						undeclared ? "import the core again with a search"
								   : "'capimg caps --scan " + image.path() + "' says more" });
}

/* lists of a builder cannot grow: a longer one with the same elements first */
template <typename LIST, typename OLD>
static void copy_list(LIST list, OLD old)
{
	for (unsigned i = 0; i < old.size(); i++) list.setWithCaveats(i, old[i]);
}

Found_declarations declare_found(Image const &image)
{
	auto const old = image.manifest();
	auto const spaces = old.getCapabilitySpaces();
	Address_space const memory(image, spaces.size() ? spaces[0].getPd() : 0);
	Capability_scan const scan(image, memory);
	check_map(scan, image);

	capnp::MallocMessageBuilder message;
	message.setRoot(old);
	auto manifest = message.getRoot<Schema::Manifest>();
	Found_declarations result;

	std::map<std::uint32_t, std::uint32_t> object_of; /* by index of the entry */
	if (spaces.size())
		for (auto const entry : spaces[0].getEntries())
			if (entry.getObject()) object_of.emplace(entry.getIndex(), entry.getObject());

	std::vector<Capability_scan::Pool const *> pools;
	for (Capability_scan::Pool const &pool : scan.pools()) {
		bool const known = std::ranges::all_of(
			pool.nodes, [&](auto const &n) { return object_of.contains(std::uint32_t(n.index)); });
		if (pool.declared || !pool.found || !known) continue;
		pools.push_back(&pool);
		result.pools.push_back(pool.tree);
	}

	if (!pools.empty()) {
		unsigned next = old.getBadgeTrees().size();
		auto trees = manifest.initBadgeTrees(next + unsigned(pools.size()));
		copy_list(trees, old.getBadgeTrees());
		for (Capability_scan::Pool const *pool : pools) {
			auto tree = trees[next++];
			tree.setRole(Schema::TreeRole::OBJECT_POOL);
			tree.setRoot(pool->tree);
			tree.setCapabilityOffset(avl_node_size(scan.declared()->word_bytes));
			auto nodes = tree.initNodes(unsigned(pool->nodes.size()));
			for (unsigned i = 0; i < nodes.size(); i++) {
				nodes[i].setAddress(pool->nodes[i].node);
				nodes[i].setObject(object_of.at(std::uint32_t(pool->nodes[i].index)));
			}
		}
	}

	std::uint32_t parent = 0;
	for (auto const object : old.getObjects())
		if (object.isParentCapability() && !parent) parent = object.getId();

	result.parent_word =
		scan.parent_found() && !scan.parent_declared() && scan.declared() && parent;
	if (result.parent_word) {
		unsigned const last = old.getRawBadges().size();
		auto raw = manifest.initRawBadges(last + 1);
		copy_list(raw, old.getRawBadges());
		raw[last].setPlace(Schema::RawBadgePlace::PARENT_CAPABILITY);
		raw[last].setAddress(*scan.parent_found());
		raw[last].setWidth(scan.declared()->word_bytes);
		raw[last].setObject(parent);
	}

	if (!scan.exhausted()) manifest.setMemorySearched(true);
	result.message = encode_manifest(manifest.asReader());
	return result;
}

}
