/*
 * An image taken apart, and put together again by somebody who can compute checksums
 *
 * Whatever the parts say, 'write' places the sections by rule and makes all checksums match. The
 * functions in between repair what a change elsewhere made untrue, so that one lie at a time gets
 * as far as it can.
 */

#ifndef CAPIMG__TESTS__SUPPORT__IMAGE_PARTS_H
#define CAPIMG__TESTS__SUPPORT__IMAGE_PARTS_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "libimage/core/block_index.h"
#include "libimage/core/section.h"

namespace Capimg::Test
{

class Image_parts
{
  public:
	using Bytes_vector = std::vector<std::byte>;

	struct Part
	{
		std::uint32_t kind, flags;
		Bytes_vector bytes;
	};

	Bytes_vector front {}; /* head and data area; chunks stand in it */
	std::uint64_t blocks = 0;
	std::vector<Part> sections {};
	Bytes_vector state {};

	/* nothing if head, trailer and section table are not where they belong */
	static std::optional<Image_parts> open(std::span<std::byte const>);

	Bytes_vector write() const;

	Bytes_vector *section(Section_kind);

	/* where in 'front' the entries of stored chunks stand */
	std::vector<std::size_t> entries();

	/* bytes of 'front' of a block that is stored; empty if the entry lies */
	std::span<std::byte> stored(std::size_t entry);

	/* number the blocks as the manifest's dataspaces have them; new ones are zero */
	void repair_blocks();

	/* digests of blocks, contents and state as they would be */
	void repair_digests();
	void repair_state();

  private:
	static constexpr std::uint64_t MOST_BLOCKS = 1 << 14;

	/* size of each block, as far as the manifest can be read */
	std::vector<std::uint32_t> _sizes();
	void _repair_entry(std::size_t at, std::uint32_t size);
};

}

#endif /* CAPIMG__TESTS__SUPPORT__IMAGE_PARTS_H */
