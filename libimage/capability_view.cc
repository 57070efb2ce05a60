#include "capability_view.h"

#include <algorithm>

#include "core/cap_descriptor.h"
#include "difference_text.h"
#include "image_error.h"

namespace Capimg
{

static constexpr std::size_t MAX_DIFFERENCES = 1000; /* nobody reads more of them */

void Capability_view::_read_manifest(Image const &image, unsigned number)
{
	auto const space = image.manifest().getCapabilitySpaces()[number];
	auto const layout = space.getLayout();
	_has_layout = space.hasLayout() && layout.getStructure() != Schema::MapStructure::NONE;
	if (_has_layout) {
		auto const manifest = image.core_manifest();
		_map = cap_map_of(manifest.capability_spaces()[number].layout(), manifest.kernel());
		_release = layout.getRelease();
		_has_sockets = _map.socket_offset != CAP_NO_OFFSET;
	}

	for (auto const entry : space.getEntries()) {
		Entry row;
		if (!_has_layout || layout.getHasSelectors()) row.kcap = entry.getKcap();
		row.index = entry.getIndex();
		if (_has_layout) row.slot = _map.slot(row.index);
		row.ref_count = entry.getRefCount();
		row.in_tree = entry.getInTree();
		row.foreign = entry.getForeign();
		row.state = entry.getState();
		row.kind = entry.getKind();
		row.socket = entry.getSocket();
		row.object = entry.getObject();
		row.badge = row.object ? image.object(row.object)->getBadge() : entry.getRawId();
		_entries.push_back(row);
	}
}

/* pools belong to the first space */
void Capability_view::_read_pools(Image const &image)
{
	for (auto const tree : image.manifest().getBadgeTrees()) {
		Pool pool { tree.getRoot(), {}, {} };
		for (auto const node : tree.getNodes())
			pool.members.push_back({ node.getAddress(), node.getObject() });
		_pools.push_back(std::move(pool));
	}
}

bool Capability_view::_add(Badge_difference const &difference)
{
	auto const room = [](auto const &list) { return list.size() < MAX_DIFFERENCES; };

	if (difference.of_tree()) {
		auto const pool = std::ranges::find(_pools, difference.tree, &Pool::tree);
		if (pool != _pools.end() && room(pool->differences))
			pool->differences.push_back(difference_text(difference));
		return true;
	}
	auto &list = difference.of_raw_badge() ? _raw_differences : _differences;
	if (room(list)) list.push_back({ difference.address, difference_text(difference) });
	return true;
}

struct Capability_view::Differences final : Badge_difference_sink
{
	Capability_view &view;

	explicit Differences(Capability_view &view) : view(view) {}

	bool difference(Badge_difference const &difference) override { return view._add(difference); }
};

Capability_view::Capability_view(Image const &image, Address_space const &memory, unsigned space)
{
	auto const manifest = image.core_manifest();
	if (space >= manifest.capability_spaces().size() && space) return;

	if (space < manifest.capability_spaces().size()) _read_manifest(image, space);
	if (!space) _read_pools(image);

	std::vector<std::byte> work(
		std::max(Badge_comparison::work_size(manifest), Cap_reader::work_size(_map)));
	Bytes const bytes(work.data(), work.size());
	Differences sink(*this);
	throw_if(Badge_comparison(manifest, space, memory, bytes, sink).run(), image.path());

	if (!_has_layout) return;
	Cap_reader reader(memory, _map, bytes);
	(void)reader.open();
	_locks = reader.locks();
}

bool Capability_view::agree() const
{
	return _has_layout && _differences.empty() && _raw_differences.empty() &&
		   std::ranges::all_of(_pools, [](Pool const &p) { return p.differences.empty(); });
}

}
