/*
 * The content of one dataspace of an image, as another image will have it
 *
 * Blocks that the other image would store in the same form are handed on as they are, without
 * being decoded or verified; their digests are carried along. With the same block size, zero,
 * absent and inherited blocks stay what they are, and so do the bytes of blocks that are absent
 * in part: the manifest goes on listing these parts. With another block size, such parts are
 * ABSENT extents, so that the writer lists them anew.
 */

#ifndef CAPIMG__IMAGE_CONTENT_H
#define CAPIMG__IMAGE_CONTENT_H

#include <memory>
#include <vector>

#include "block_batch.h"
#include "content.h"
#include "image.h"
#include "patched_blocks.h"

namespace Capimg
{

class Image_content final : public Content
{
  public:
	struct Options
	{
		Patched_blocks const *patched = nullptr; /* blocks of the image that have other bytes */
		bool whole = false;                      /* take inherited blocks from the parents */
	};

  private:
	/* a block of the image, or of the parent that it is inherited from */
	struct Source
	{
		Block block {};
		Image const *image = nullptr;
		std::uint64_t number = 0; /* of the block in 'image' */
		Extent::Kind kind {};
	};

	Image const &_image;
	Profile const _output;
	Options const _options;
	Zero_digest const _zero_digest;

	std::uint32_t const _block_size;                     /* of the image */
	std::uint64_t _first = 0;                            /* number of the first block */
	std::uint64_t _size = 0;                             /* bytes of the dataspace */
	std::vector<Schema::AbsentRange::Reader> _absent {}; /* only with another block size */

	/* the blocks of the dataspace in one chunk */
	std::vector<Source> _sources {};
	std::vector<Block> _entries {};
	std::uint64_t _loaded = 0; /* number of the first of them */

	/* the last block that was decoded for a part of it */
	std::vector<std::byte> _buffer {};
	std::span<std::byte const> _decoded {};
	std::uint64_t _decoded_number = ~std::uint64_t(0);

	std::uint64_t _number(std::uint64_t offset) const { return _first + offset / _block_size; }
	std::uint64_t _blocks() const { return _size / _block_size + (_size % _block_size != 0); }
	std::uint32_t _size_of(std::uint64_t n) const;
	bool _same_blocks() const { return _output.block_size == _block_size; }
	bool _same_form(Image const &, Block_kind) const;

	void _follow_parents(Source &, std::uint32_t size) const;
	void _follow_same(Source &, std::uint32_t size) const;
	Source _source(std::uint64_t n, Block const &) const;
	Source const &_at(std::uint64_t n);
	std::optional<Extent> _uniform_run(std::uint64_t n) const;
	Extent _run(std::uint64_t n);
	Extent _without_absent_parts(std::uint64_t offset, Extent) const;
	std::optional<std::uint64_t> _digest_in_parents(std::uint64_t where, std::uint32_t size) const;
	std::span<std::byte const> _read(std::uint64_t n, std::span<std::byte> buffer);

  public:
	/*
	 * 'output' is the profile of the other image; all that is given must outlive this object
	 *
	 * Image_error: DANGLING if 'dataspace_id' is no stored dataspace. The functions below throw
	 * what is wrong with the image when they come across it, and NO_PARENT or WRONG_PARENT.
	 */
	Image_content(Image const &, std::uint32_t dataspace_id, Profile const &output, Options);

	/* bytes of the dataspace */
	std::uint64_t size() const { return _size; }

	Extent extent(std::uint64_t offset) override;
	void read(std::uint64_t offset, std::span<std::byte> out) override;
	Inherited inherited(std::uint64_t offset) override;
	Stored_block stored(std::uint64_t offset) override;
};

}

#endif /* CAPIMG__IMAGE_CONTENT_H */
