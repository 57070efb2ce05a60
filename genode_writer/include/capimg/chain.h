/*
 * An image and those that it inherits blocks from, as one
 *
 * Images are given newest first, each with the next one as its parent; the last one is whole.
 * Blocks are found by following inheritance chunk by chunk: the images' chunks are read about
 * once each for the 1024 blocks of a chunk of the newest image, however long the chain is.
 */

#ifndef CAPIMG__ENGINE__CHAIN_H
#define CAPIMG__ENGINE__CHAIN_H

#include "capimg/image.h"
#include "libimage/core/arena.h"
#include "libimage/core/block.h"

namespace Capimg::Engine
{

class Chain : Noncopyable
{
  public:
	/* deltas above a whole image: ten in a row is usual, and looking costs 32 KiB of reading each
	 */
	static constexpr unsigned MAX_IMAGES = 64;

	/* what one may take into working memory: four pages of the largest page tables' leaves */
	static constexpr uint32_t MAX_BLOCK_SIZE = 64 * 1024;

	/* bytes of working memory, whatever the images' sizes are */
	static constexpr size_t WORK_SIZE = 240 * 1024;

  private:
	Image *const *_images = nullptr;
	unsigned _count = 0;
	Codec *_codec = nullptr;
	Bytes _work {};

	struct Resolved;
	Resolved *_resolved = nullptr;

  public:
	/*
	 * images  'count' of them, opened, newest first; both outlive this
	 * codec   may be null: compressed blocks are then NO_CODEC
	 */
	Chain(Image *const *images, unsigned count, Codec *codec, Bytes work);

	/*
	 * Parents are those that the images name, up to one that is whole
	 *
	 * NO_PARENT or WRONG_PARENT with 'value' the number of the image that wants it; LIMIT for too
	 * many images or blocks above MAX_BLOCK_SIZE; UNSUPPORTED if block sizes differ; NO_CODEC.
	 * Images that nobody needs are BAD_ARGUMENT.
	 */
	Status connect();

	Image &newest() const { return *_images[0]; }
	unsigned count() const { return _count; }

	/*
	 * Block 'n' of the newest image: its decoded bytes, checked
	 *
	 * out    exactly as long as the block is
	 * zero   set if all bytes are zero; 'out' is not written then
	 *
	 * Every byte that is used was checked after this call copied it. Errors: as 'decode_block';
	 * ABSENT for a block that is not known.
	 */
	Status read(uint64_t n, Bytes out, bool &zero);

	/* every block of the newest image, with working memory's buffer; what the loader verifies */
	Status verify();
};

}

#endif /* CAPIMG__ENGINE__CHAIN_H */
