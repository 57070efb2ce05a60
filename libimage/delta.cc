#include "delta.h"

#include <algorithm>
#include <map>

#include "core/checksum.h"
#include "image_error.h"

namespace Capimg
{

namespace
{

class Delta_content final : public Content
{
	/* so far a run is looked ahead for: 4 MiB of the smallest blocks */
	static constexpr std::size_t MAX_RUN = Limit::CHUNK_BLOCKS;

	std::unique_ptr<Content> const _content;
	Image const &_parent;
	Storage_range const _range; /* the same dataspace in the parent */
	std::uint32_t const _block_size;
	std::vector<std::byte> _ours, _theirs;

	/* digests of the inherited blocks from '_run' on */
	std::uint64_t _run = 0;
	std::vector<std::uint64_t> _digests {};

	std::uint64_t _parent_block(std::uint64_t offset) const
	{
		return _range.first_block + offset / _block_size;
	}

	/* the block has the same bytes here and there, and they are not zero */
	bool _same(std::uint64_t offset, std::uint32_t size)
	{
		Block const block = _parent.block(_parent_block(offset));
		if (block.kind == Block_kind::ABSENT || block.kind == Block_kind::ZERO) return false;

		std::span<std::byte> const ours = std::span(_ours).first(size);
		_content->read(offset, ours);
		auto const theirs = _parent.read_block(_parent_block(offset), _theirs);
		return std::ranges::equal(ours, theirs) && !Const_bytes(ours.data(), size).all_zero();
	}

  public:
	Delta_content(std::unique_ptr<Content> content, Image const &parent, Storage_range const &range)
		: _content(std::move(content)),
		  _parent(parent),
		  _range(range),
		  _block_size(parent.block_size()),
		  _ours(_block_size),
		  _theirs(_block_size)
	{}

	Extent extent(std::uint64_t offset) override
	{
		Extent const extent = _content->extent(offset);
		if (extent.kind != Extent::Kind::BYTES || offset % _block_size) return extent;

		/* blocks that are bytes as a whole, as long as they are alike */
		std::uint64_t const end = std::min(offset + extent.size, _range.size);
		std::uint64_t at = offset;
		bool inherited = false;
		_run = offset;
		_digests.clear();

		for (std::size_t count = 0; at < end && count < MAX_RUN; count++) {
			std::uint32_t const size =
				std::uint32_t(std::min<std::uint64_t>(_block_size, _range.size - at));
			if (size > end - at) break;

			bool const same = _same(at, size);
			if (at != offset && same != inherited) break;
			inherited = same;
			if (same) _digests.push_back(checksum({ _ours.data(), size }));
			at += size;
		}
		if (at == offset) return extent;
		return { inherited ? Extent::Kind::INHERITED : Extent::Kind::BYTES, at - offset };
	}

	void read(std::uint64_t offset, std::span<std::byte> out) override
	{
		_content->read(offset, out);
	}

	Inherited inherited(std::uint64_t offset) override
	{
		return { _parent_block(offset), _digests.at((offset - _run) / _block_size), {} };
	}
};

using Place = std::pair<std::uint64_t, std::uint64_t>; /* address and size */

/* dataspaces that are attached as a whole, by address and size; the first one of a place */
template <typename OBJECTS>
std::map<Place, std::uint32_t> by_place(OBJECTS const &objects)
{
	std::map<Place, std::uint32_t> result;
	for (auto const object : objects)
		if (object.isRegionMap())
			for (auto const region : object.getRegionMap().getRegions())
				if (!region.getOffset())
					result.try_emplace({ region.getAddress(), region.getSize() },
									   region.getDataspace());
	return result;
}

}

void inherit(Import_plan &plan, Image const &parent)
{
	auto const refuse = [&](Code code, char const *field, char const *message, char const *hint) {
		throw Image_error({ parent.path(), code, {}, field, message, hint });
	};
	if (parent.head().machine != plan.machine())
		refuse(Code::WRONG_PARENT, "head", "the parent is of another machine than the core", "");

	std::uint64_t const sequence = parent.manifest().getSequence();
	if (sequence == ~std::uint64_t(0))
		refuse(Code::LIMIT, "Manifest.sequence", "no sequence number is left behind the parent's",
			   "");

	auto const ours = by_place(plan.manifest().asReader().getObjects());
	auto const theirs = by_place(parent.manifest().getObjects());
	std::map<std::uint32_t, Storage_range> ranges;
	for (Storage_range const &range : parent.ranges()) ranges[range.object] = range;

	std::map<std::uint32_t, Storage_range> parents;
	for (auto const &[place, id] : ours) {
		auto const same = theirs.find(place);
		if (same == theirs.end()) continue;
		auto const range = ranges.find(same->second);
		if (range != ranges.end() && range->second.size == place.second)
			parents.try_emplace(id, range->second);
	}

	for (Import_plan::Piece &piece : plan.pieces()) {
		auto const range = parents.find(piece.id);
		if (range == parents.end() || range->second.size != piece.size) continue;
		piece.content =
			std::make_unique<Delta_content>(std::move(piece.content), parent, range->second);
	}

	State_digest const &state = parent.trailer().state;
	auto named = plan.manifest().initParent();
	named.setStateDigest(kj::arrayPtr(state.bytes, state.SIZE));
	named.setSequence(sequence);
	plan.manifest().setSequence(sequence + 1);
}

}
