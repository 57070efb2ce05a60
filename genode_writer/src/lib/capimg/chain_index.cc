#include "capimg/chain_index.h"

#include "libimage/core/checksum.h"

namespace Capimg::Engine
{

static constexpr char const *PARENT_BLOCK = "block.parentBlock";

/*
 * While a block is looked for, 'block.where' is a number in 'image', and 'block.digest' is what
 * the images above say of its bytes, 0 if they say nothing.
 */
struct Chain_index::Entry
{
	enum State : uint8_t { SEARCHED, SAME, FOUND, FAILED };

	Block block {};
	uint32_t size = 0; /* 0: not known yet */
	uint8_t image = 0;
	State state = SEARCHED; /* SAME: a stored block of 'image' is to be at the number */
	bool wrong_parent = false;

	bool open() const { return state == SEARCHED || state == SAME; }
	uint64_t chunk() const { return block.where / Limit::CHUNK_BLOCKS; }
};

Status Chain_index::open(Image *const *images, unsigned count, Bytes scratch, Arena &work)
{
	static_assert(Arena::size_of<Entry>(Limit::CHUNK_BLOCKS + SINGLES) +
					  Limit::CHUNK_BLOCKS * Block::ENTRY_SIZE <=
				  WORK_SIZE);
	_known = 0;
	for (uint64_t &number : _single_numbers) number = ~uint64_t(0);
	_entries = work.take<Entry>(Limit::CHUNK_BLOCKS + SINGLES);
	_chunk = Bytes(work.take<uint8_t>(Limit::CHUNK_BLOCKS * Block::ENTRY_SIZE),
				   Limit::CHUNK_BLOCKS * Block::ENTRY_SIZE);
	if (!_entries || !_chunk.base()) return work.no_space();

	_images = images;
	_count = count;
	_scratch = scratch;
	return ok;
}

/* of full blocks, and of the size that came last: the end of a dataspace */
uint64_t Chain_index::_digest_of_zeros(uint32_t size)
{
	bool const full = size == _images[0]->head().profile.block_size;
	if (_zero_size[full] != size) {
		Bytes const zeros(_scratch.base(), min<size_t>(size, _scratch.size()));
		zeros.zero();
		_zero_digest[full] = checksum(zeros);
		_zero_size[full] = size;
	}
	return _zero_digest[full];
}

/* of the bytes, as said by the image that the entry has come to */
void Chain_index::_expect(Entry &entry, uint64_t digest)
{
	if (entry.block.digest && entry.block.digest != digest) entry.wrong_parent = true;
	entry.block.digest = digest;
}

/* look at the block that the entry has come to: it is found, or the search goes on elsewhere */
Status Chain_index::_step(Entry &entry, Chunk const &chunk, Const_bytes entries, Block_range &range)
{
	Image const &image = *_images[entry.image];
	uint64_t const at = entry.block.where;
	uint32_t const full = image.head().profile.block_size;

	uint32_t size = range.block_size(at, full);
	if (!size) {
		Result<Block_range> const found = image.range(at);
		if (found.failed()) return found.error();
		range = *found;
		size = range.block_size(at, full);
	}

	if (entry.state == Entry::SEARCHED) {
		if (entry.image && size != entry.size)
			return { Code::WRONG_PARENT, 0, PARENT_BLOCK, at, image.blocks() };
		entry.size = size;
	}

	Result<Block> const found = image.block(at, chunk, entries, size);
	if (found.failed()) return found.error();
	Block const &block = *found;

	if (entry.state == Entry::SAME) {
		if (!stored(block.kind)) return { Code::DANGLING, 0, "block.sameAs", at, 0 };
		if (block.digest != entry.block.digest)
			return { Code::INVALID, 0, "block.sameAs (digest)", at, 0 };
		entry.block = block;
		entry.state = Entry::FOUND;
		return ok;
	}

	switch (block.kind) {

	case Block_kind::SAME_AS:
		_expect(entry, block.digest);
		entry.block.where = block.where;
		entry.state = Entry::SAME;
		return ok;

	case Block_kind::INHERITED: {
		unsigned const parent = entry.image + 1u;
		if (parent >= _count) return { Code::NO_PARENT, 0, PARENT_BLOCK, block.where, 0 };
		if (block.where >= _images[parent]->blocks())
			return { Code::WRONG_PARENT, 0, PARENT_BLOCK, block.where, _images[parent]->blocks() };
		if (block.digest) _expect(entry, block.digest);
		entry.block.where = block.where;
		entry.image = uint8_t(parent);
		return ok;
	}

	case Block_kind::ZERO: {
		uint64_t const digest = _digest_of_zeros(size);
		_expect(entry, digest);
		entry.block = block;
		entry.block.digest = digest;
		break;
	}

	case Block_kind::ABSENT: entry.block = block; break;

	default:
		_expect(entry, block.digest);
		entry.block = block;
		break;
	}
	entry.state = Entry::FOUND;
	return ok;
}

/*
 * Follow entries from 'first' to 'end' through all images; the first error, if there is one
 *
 * An entry takes at most two steps in each image, and each pass takes at least one.
 */
Status Chain_index::_follow(uint32_t first, uint32_t end)
{
	Status result = ok;

	for (unsigned i = 0; i < _count; i++) {
		Block_range range {};
		auto const here = [&](Entry const &e) { return e.open() && e.image == i; };

		for (bool again = true; again;) {
			again = false;
			for (uint32_t k = first; k < end; k++) {
				if (!here(_entries[k])) continue;
				again = true;

				uint64_t const number = _entries[k].chunk();
				Chunk const chunk = _images[i]->directory().chunk(number);
				Result<Const_bytes> const bytes = _images[i]->read_chunk(number, _chunk);

				for (uint32_t j = k; j < end; j++)
					while (here(_entries[j]) && _entries[j].chunk() == number) {
						Status const status = bytes.failed()
												  ? bytes.error()
												  : _step(_entries[j], chunk, *bytes, range);
						if (!status) continue;
						_entries[j].state = Entry::FAILED;
						if (!result) result = status;
					}
			}
		}
	}
	return result;
}

void Chain_index::_search(uint32_t place, uint64_t n)
{
	_entries[place] = Entry {};
	_entries[place].block.where = n;
}

/* the chunk of block 'n' is about to be gone through, or is asked for again and again */
bool Chain_index::_in_order(uint64_t n, uint64_t chunk)
{
	if (chunk != _other_chunk) _asked = 0;
	_other_chunk = chunk;
	return n % Limit::CHUNK_BLOCKS == 0 || !_known || ++_asked > PATIENCE;
}

/* number of the entry that is to tell of block 'n' */
uint32_t Chain_index::_place(uint64_t n)
{
	if (n >= _first && n - _first < _known) return uint32_t(n - _first);

	uint32_t const slot = uint32_t(n % SINGLES), single = Limit::CHUNK_BLOCKS + slot;
	if (_single_numbers[slot] == n) return single;

	uint64_t const chunk = n / Limit::CHUNK_BLOCKS;
	if (!_in_order(n, chunk)) {
		_single_numbers[slot] = n;
		_search(single, n);
		(void)_follow(single, single + 1);
		return single;
	}
	_first = chunk * Limit::CHUNK_BLOCKS;
	_known = blocks_in_chunk(chunk, _images[0]->blocks());
	for (uint32_t k = 0; k < _known; k++) _search(k, _first + k);
	(void)_follow(0, _known);
	return uint32_t(n - _first);
}

Result<Block_place> Chain_index::find(uint64_t n)
{
	if (n >= _images[0]->blocks())
		return Error { Code::BAD_ARGUMENT, 0, "block", n, _images[0]->blocks() };

	/*
	 * Of a block that was not found, look for the reason. The source is asked again, and what it
	 * gives then is checked like everything: a read that failed once does not fail the block.
	 */
	uint32_t const k = _place(n);
	Entry const &entry = _entries[k];
	if (entry.state != Entry::FOUND) {
		_search(k, n);
		if (Status const status = _follow(k, k + 1)) return status;
	}
	return Block_place { entry.block, entry.size, entry.image, entry.wrong_parent };
}

}
