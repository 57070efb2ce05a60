/*
 * Blocks of an image that are to have other bytes
 *
 * Filled by whoever changes memory, asked by 'Image_content'. Not thread-safe while it is
 * filled.
 */

#ifndef CAPIMG__PATCHED_BLOCKS_H
#define CAPIMG__PATCHED_BLOCKS_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace Capimg
{

class Patched_blocks
{
	std::map<std::uint64_t, std::vector<std::byte>> _blocks {}; /* by number */

  public:
	static constexpr std::uint64_t NONE = ~std::uint64_t(0);

	/*
	 * Bytes of block 'n', to be changed in place
	 *
	 * They begin as 'original', the decoded bytes, unless the block is patched already.
	 * Spans stay valid as long as this object.
	 */
	std::span<std::byte> patch(std::uint64_t n, std::span<std::byte const> original)
	{
		auto const [block, fresh] = _blocks.try_emplace(n);
		if (fresh) block->second.assign(original.begin(), original.end());
		return block->second;
	}

	/* the new bytes, of the block's decoded size; empty if the block stays as it is */
	std::span<std::byte const> find(std::uint64_t n) const
	{
		auto const block = _blocks.find(n);
		if (block == _blocks.end()) return {};
		return block->second;
	}

	/* the first patched block from 'n' on, or NONE */
	std::uint64_t next(std::uint64_t n) const
	{
		auto const block = _blocks.lower_bound(n);
		return block == _blocks.end() ? NONE : block->first;
	}

	bool empty() const { return _blocks.empty(); }
	std::size_t size() const { return _blocks.size(); }

	auto begin() const { return _blocks.begin(); }
	auto end() const { return _blocks.end(); }
};

}

#endif /* CAPIMG__PATCHED_BLOCKS_H */
