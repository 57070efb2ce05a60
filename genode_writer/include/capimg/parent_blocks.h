/*
 * Blocks of the image that a delta inherits from
 *
 * An image knows the digests of blocks that it inherits itself, but for chunks that it inherits
 * as a whole: those of the images before it say more then.
 */

#ifndef CAPIMG__ENGINE__PARENT_BLOCKS_H
#define CAPIMG__ENGINE__PARENT_BLOCKS_H

#include "capimg/image.h"

namespace Capimg::Engine
{

/* the parent, opened, and opened images that it inherits blocks from, newest first */
struct Parents
{
	Image const *parent = nullptr;
	Image const *const *older = nullptr;
	unsigned older_count = 0;

	Parents() = default;
	Parents(Image const *image) : parent(image) {}
	Parents(Image const *image, Image const *const *others, unsigned count)
		: parent(image), older(others), older_count(count)
	{}

	unsigned count() const { return parent ? older_count + 1 : 0; }
	Image const &image(unsigned i) const { return i ? *older[i - 1] : *parent; }
};

class Parent_blocks : Noncopyable
{
	Parents _parents {};
	Bytes _work {};

	/* chunk whose entries '_work' holds, or none */
	Const_bytes _entries {};
	unsigned _image = 0;
	uint64_t _chunk = 0;

	Result<Const_bytes> _read(unsigned image, uint64_t chunk);

  public:
	/* entries of one chunk */
	static constexpr size_t WORK_SIZE = Limit::CHUNK_BLOCKS * Block::ENTRY_SIZE;

	/*
	 * The images are those that 'manifest' and each other name, with blocks of one size
	 *
	 * WRONG_PARENT or NO_PARENT with 'value' the number of the image that wants another one;
	 * UNSUPPORTED for blocks of another size; BAD_ARGUMENT for parents of an image that is
	 * whole. 'work' holds WORK_SIZE bytes and outlives this.
	 */
	Status connect(Metadata::Manifest::Reader const &manifest, uint32_t block_size, Parents const &,
				   Bytes work);

	/* the working memory was used for something else */
	void forget() { _entries = {}; }

	/*
	 * Entry of a block that has the content of the parent's block 'n', of 'size' bytes
	 *
	 * Zero and absent blocks stay that, all others are inherited. BAD_ARGUMENT for a block that
	 * the parent has not, or with another size. NO_PARENT if an older image is needed that
	 * was not given, 'value' is the number of the image that wants it. Errors of 'Image'.
	 */
	Result<Block> inherit(uint64_t n, uint32_t size);
};

}

#endif /* CAPIMG__ENGINE__PARENT_BLOCKS_H */
