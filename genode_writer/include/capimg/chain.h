/*
 * An image and those that it inherits blocks from, as one
 *
 * Images are given newest first, each with the next one as its parent; the last one is whole.
 * What is inherited is followed chunk by chunk (chain_index.h). Not to be shared between threads.
 */

#ifndef CAPIMG__ENGINE__CHAIN_H
#define CAPIMG__ENGINE__CHAIN_H

#include "capimg/chain_index.h"
#include "libimage/core/block.h"
#include "libimage/core/checksum.h"

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
	Image *const *const _images;
	unsigned const _count;
	Codec *const _codec;
	Bytes const _work;

	bool _connected = false;
	Chain_index _index {};
	Bytes _stored {}; /* bytes of a compressed block */

	/* blocks that 'block' was asked for, each in the place of its number; 'verify' uses the first
	 */
	static constexpr unsigned MAX_DECODED = MAX_BLOCK_SIZE / Limit::MIN_BLOCK_SIZE;
	Bytes _decoded {};
	uint64_t _decoded_numbers[MAX_DECODED] {};
	uint32_t _decoded_sizes[MAX_DECODED] {};
	Content_record *_record = nullptr;

	Status _check_image(unsigned) const;
	Status _check_parent(unsigned) const;
	void _forget();
	uint32_t _slot(uint64_t n) const;
	Status _decode(Block_place const &, Bytes) const;
	Status _read(Block_place const &, Bytes, Copy) const;
	Status _check(Block_place const &) const;
	Status _verify_chunk(uint64_t);

  public:
	/*
	 * images  'count' of them, opened, newest first; both outlive this
	 * codec   may be null: compressed blocks are then NO_CODEC
	 * work    WORK_SIZE bytes, which belong to the chain as long as it lives
	 */
	Chain(Image *const *images, unsigned count, Codec *codec, Bytes work)
		: _images(images), _count(count), _codec(codec), _work(work)
	{}

	/*
	 * Parents are those that the images name, up to one that is whole
	 *
	 * NO_PARENT or WRONG_PARENT with 'value' the number of the image that wants it; LIMIT for too
	 * many images or blocks above MAX_BLOCK_SIZE; UNSUPPORTED if block sizes differ, and NO_CODEC
	 * if compressed blocks are announced that the codec does not know, with 'value' the number of
	 * the image; BAD_ARGUMENT for no image and for one that nobody needs, with its number;
	 * BAD_STATE for one that is not opened; NO_SPACE. NOT_SIGNED, WRONG_LABEL with
	 * the number of the image if some are signed and it is not, or for another component.
	 */
	Status connect();

	Image &newest() const { return *_images[0]; }
	unsigned count() const { return _count; }

	/*
	 * Where block 'n' of the newest image is; BAD_STATE unless connected, else as
	 * 'Chain_index::find'
	 *
	 * Tells what is ABSENT or ZERO without reading it.
	 */
	Result<Block_place> find(uint64_t n);

	/*
	 * Block 'n' of the newest image: its decoded bytes, checked
	 *
	 * out    exactly as long as the block is, else BAD_ARGUMENT
	 * zero   set if the block is of kind zero; 'out' is not written then
	 * Every byte that is used was checked after this call copied it; on an error 'out' holds
	 * garbage. Errors: those of 'find', then as 'decode_block', with offsets in the image that
	 * holds the block; ABSENT for a block that is not known.
	 */
	Status read(uint64_t n, Bytes out, bool &zero);

	/*
	 * The same of a block that 'find' gave just before, and that is not ZERO
	 *
	 * copy   of raw blocks from a source that has a view; see 'finish_streamed'
	 */
	Status read(uint64_t n, Block_place const &, Bytes out, Copy copy);

	/*
	 * The same in the chain's own memory, zeros written out
	 *
	 * Valid until the next call of 'block', 'verify' or 'connect'. The last ones, 64 KiB together
	 * at most, are kept: asking for them again costs no reading.
	 */
	Result<Const_bytes> block(uint64_t n);

	/* 'block' has it at hand: it is known, and nothing is read for it */
	bool keeps(uint64_t n) const { return _connected && _decoded_numbers[_slot(n)] == n; }

	/*
	 * Read every block of the newest image that is not absent in it
	 *
	 * Errors are those of 'read' for the first block that has one. The content digests, on which
	 * the state digest stands, are compared as well: DAMAGED "chunk.contentDigest" with 'value' the
	 * number of the chunk.
	 */
	Status verify();
};

}

#endif /* CAPIMG__ENGINE__CHAIN_H */
