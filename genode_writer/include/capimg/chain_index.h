/*
 * The block index of a chain of images, as if the newest one were whole
 *
 * Inheritance is followed for the 1024 blocks of a chunk of the newest image at a time, image by
 * image: however long the chain is, each image's chunks are read about once for them. Blocks that
 * cannot be found do not keep others from being found. For 'Chain'; not to be shared between
 * threads.
 */

#ifndef CAPIMG__ENGINE__CHAIN_INDEX_H
#define CAPIMG__ENGINE__CHAIN_INDEX_H

#include "capimg/image.h"
#include "libimage/core/arena.h"

namespace Capimg::Engine
{

/* where the bytes of a block of the newest image are */
struct Block_place
{
	/*
	 * Stored, ZERO, or ABSENT; a stored one carries the digests of its bytes. For a block that was
	 * inherited and is ZERO, 'digest' is that of zeros.
	 */
	Block block {};
	uint32_t size = 0; /* decoded bytes */
	uint8_t image = 0; /* number of the image that holds it, 0 is the newest */

	/* its digest is not the one that an image that inherits it names: WRONG_PARENT */
	bool wrong_parent = false;
};

class Chain_index : Noncopyable
{
	struct Entry;

	Image *const *_images = nullptr;
	unsigned _count = 0;
	Bytes _scratch {};

	/*
	 * Whoever follows links goes to and fro. A block outside of the chunk is looked for alone until
	 * its chunk was asked for some times in a row, and kept in the place of its number: all 1024
	 * for each would cost a hundred times as much.
	 */
	static constexpr uint32_t SINGLES = 8, PATIENCE = 16;
	uint64_t _single_numbers[SINGLES] {};
	uint64_t _other_chunk = ~uint64_t(0);
	uint32_t _asked = 0; /* for '_other_chunk', in a row */

	Entry *_entries = nullptr;      /* of the chunk, then the single ones */
	Bytes _chunk {};                /* entries of one chunk of one image */
	uint64_t _first = ~uint64_t(0); /* block of the first entry */
	uint32_t _known = 0;            /* entries that are in use */
	uint64_t _zero_digest[2] {};    /* of zeros of the sizes below */
	uint32_t _zero_size[2] {};

	uint64_t _digest_of_zeros(uint32_t size);
	void _expect(Entry &, uint64_t digest);
	Status _step(Entry &, Chunk const &, Const_bytes entries, Block_range &);
	Status _follow(uint32_t first, uint32_t end);
	void _search(uint32_t place, uint64_t n);
	bool _in_order(uint64_t n, uint64_t chunk);
	uint32_t _place(uint64_t n);

  public:
	/*
	 * images   'count' of them, connected, newest first; both outlive this
	 * scratch  of the images' block size; not used between calls
	 *
	 * Takes 'WORK_SIZE' bytes of 'work' at most: NO_SPACE.
	 */
	Status open(Image *const *images, unsigned count, Bytes scratch, Arena &work);

	/* 73 KiB */
	static constexpr size_t WORK_SIZE = Limit::CHUNK_BLOCKS * (Block::ENTRY_SIZE + 40) + 1024;

	/*
	 * Block 'n' of the newest image
	 *
	 * Errors are those of 'Image::block' and 'decode_block' on the way: BAD_ARGUMENT beyond the
	 * last block, DAMAGED, INVALID, NO_PARENT, DANGLING, WRONG_PARENT if a parent does not have the
	 * block, or one of another size.
	 */
	Result<Block_place> find(uint64_t n);
};

}

#endif /* CAPIMG__ENGINE__CHAIN_INDEX_H */
