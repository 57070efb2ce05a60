/*
 * Checks of the blocks: the index, and every byte of memory
 */

#include <algorithm>
#include <atomic>

#include "block_batch.h"
#include "chunk_entries.h"
#include "core/checksum.h"
#include "core/chunk_writer.h"
#include "thread_pool.h"
#include "verification.h"

namespace Capimg
{

namespace
{

/* walks the index once, in the order in which the writer wrote */
class Index_walk
{
	Verification &_v;
	Image const &_image;
	Codec_id const _codec;
	Zero_digest const _zero;
	std::uint64_t _cursor = Head::SIZE;
	std::vector<Storage> _recount {};
	std::size_t _range = 0;
	Content_record _record {};
	Chunk_entries _entries;

	void _check_place(Block const &block)
	{
		std::uint64_t const place = place_block(_cursor, _codec);
		if (block.where != place)
			_v.found(block.where, "block.offset",
					 "the block does not stand where the format puts it");
		_v.expect_zero(_cursor, block.where, "padding before a block");
		_cursor = block.where + block.stored_size;
	}

	void _check_same(std::uint64_t n, Block const &block, std::uint32_t size)
	{
		Block const original = _image.block(block.where);
		if (!stored(original.kind) || original.digest != block.digest ||
			_image.size_of_block(block.where) != size)
			_v.found({}, "block.sameAs",
					 "block " + std::to_string(n) + " names block " + std::to_string(block.where) +
						 ", which is not stored or not the same");
	}

	void _check_codec(std::uint64_t n, Block const &block)
	{
		if (stored(block.kind) && block.kind != Block_kind::RAW && block.kind != block_kind(_codec))
			_v.found(block.where, "block.kind",
					 "block " + std::to_string(n) +
						 " is compressed with another codec than the "
						 "head names");
	}

	void _block(std::uint64_t n, Chunk_entries::Entry entry, bool of_uniform_chunk)
	{
		auto &[block, size] = entry;

		if (stored(block.kind)) _check_place(block);
		_check_codec(n, block);
		if (block.kind == Block_kind::SAME_AS) _check_same(n, block, size);

		if (block.kind == Block_kind::ZERO) {
			if (of_uniform_chunk)
				block.digest = _zero.of(size);
			else if (block.digest != _zero.of(size))
				_v.found({}, "block.digest",
						 "block " + std::to_string(n) + " is zero, but its digest is not");
		}

		auto const &ranges = _image.ranges();
		while (_range + 1 < ranges.size() && n >= ranges[_range + 1].first_block) _range++;
		_recount[_range].count(block);
		_record.add(block);
	}

	void _chunk(std::uint64_t i)
	{
		Chunk const chunk = _image.directory().chunk(i);

		_entries.load(i);
		_record.reset();
		for (std::uint32_t k = 0; k < _entries.count(); k++)
			_block(i * Limit::CHUNK_BLOCKS + k, _entries[k], !chunk.stored());

		/* blocks that a whole chunk inherits have their digests in the parent */
		if (chunk.uniform != Block_kind::INHERITED && _record.digest() != chunk.content_digest)
			_v.found({}, "chunk.contentDigest",
					 "the content digest of chunk " + std::to_string(i) +
						 " is not that of its blocks");

		if (!chunk.stored()) return;
		if (chunk.offset != place_chunk(_cursor))
			_v.found(chunk.offset, "chunk.offset",
					 "the chunk does not stand where the format puts it");
		_v.expect_zero(_cursor, chunk.offset, "padding before a chunk");
		_cursor = chunk.offset + std::uint64_t(_entries.count()) * Block::ENTRY_SIZE;
	}

  public:
	explicit Index_walk(Verification &v)
		: _v(v),
		  _image(*v.image),
		  _codec(_image.head().profile.codec),
		  _zero(_image.block_size()),
		  _entries(_image)
	{
		for (Storage const &storage : _image.storage()) _recount.push_back({ storage.object });
	}

	void run()
	{
		for (std::uint64_t i = 0; i < _image.directory().chunks(); i++) {
			try {
				_chunk(i);
			} catch (Image_error const &error) {
				/* the place of what follows is not known then */
				_v.found(error);
				return;
			}
		}

		if (_cursor != _image.trailer().data_end)
			_v.found(_cursor, "trailer.dataEnd", "there are bytes that no block accounts for");

		for (std::size_t i = 0; i < _recount.size(); i++)
			if (_recount[i] != _image.storage()[i])
				_v.found({}, "storage",
						 "totals of dataspace " + std::to_string(_recount[i].object) +
							 " are not those of its blocks");
	}
};

}

void Verify_check::index(Verification &v)
{
	Index_walk(v).run();
	v.note = std::to_string(v.image->blocks()) + " blocks";
}

void Verify_check::blocks(Verification &v)
{
	Image const &image = *v.image;
	std::uint64_t const chunks = image.directory().chunks();
	std::atomic<std::uint64_t> next { 0 }, done { 0 }, no_parent { 0 };

	auto const work = [&](unsigned) {
		std::vector<std::byte> buffer(image.block_size());
		Chunk_entries entries(image);
		Content_record record;

		for (std::uint64_t i; (i = next++) < chunks;) {
			Block_kind const uniform = image.directory().chunk(i).uniform;
			if (uniform == Block_kind::ZERO || uniform == Block_kind::ABSENT) continue;

			std::uint64_t bytes = 0;
			std::uint32_t recorded = 0;
			entries.load(i);
			record.reset();

			for (std::uint32_t k = 0; k < entries.count(); k++) {
				std::uint64_t const n = i * Limit::CHUNK_BLOCKS + k;
				try {
					auto const [block, size] = entries[k];
					bytes += size;
					if (block.kind == Block_kind::ABSENT || block.kind == Block_kind::ZERO)
						continue;
					if (block.kind == Block_kind::INHERITED && !image.parent()) {
						no_parent++;
						continue;
					}
					auto const read = image.read_block(n, block, size, buffer);
					if (uniform == Block_kind::INHERITED) {
						Block known;
						known.digest = checksum({ read.data(), read.size() });
						record.add(known);
						recorded++;
					}
				} catch (Image_error const &error) {
					/* the parent's parent is not at hand */
					if (error.info().code == Code::NO_PARENT) {
						no_parent++;
						continue;
					}
					v.found(error.info().offset, error.info().field,
							error.info().message + " (block " + std::to_string(n) + ")");
				}
			}
			if (recorded == entries.count() &&
				record.digest() != image.directory().chunk(i).content_digest)
				v.found(
					{}, "chunk.contentDigest",
					"the blocks that chunk " + std::to_string(i) +
						" inherits are not those of its content digest: is it the right parent?");
			done += bytes;
		}
	};

	unsigned const threads = Thread_pool::choose(v.options.threads, chunks);
	Thread_pool pool(threads > 1 ? threads : 0);
	std::vector<std::future<void>> results;
	for (unsigned i = 0; i < threads; i++) results.push_back(pool.submit(work));

	for (std::future<void> &result : results) {
		while (v.options.progress &&
			   result.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready)
			v.options.progress->done(done);
		result.get();
	}
	if (no_parent)
		v.note = std::to_string(no_parent) + " inherited blocks not checked: give '--parent'";
}

}
