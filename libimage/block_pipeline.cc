#include "block_pipeline.h"

#include <algorithm>
#include <array>

#include "image_error.h"

namespace Capimg
{

Block_pipeline::Block_pipeline(Gathered_output &output, Profile const &profile, unsigned threads)
	: _output(output),
	  _codec(profile.codec),
	  _threads(threads),
	  _dedup(profile.dedup_log2),
	  _pool(threads > 1 ? threads : 0)
{
	for (unsigned i = 0; i < threads; i++) _compressors.emplace_back(_codec, profile.level);
}

Block_batch &Block_pipeline::batch()
{
	if (_filling) return *_filling;

	if (_idle.empty()) {
		_filling = std::make_unique<Block_batch>(_codec != Codec_id::RAW);
	} else {
		_filling = std::move(_idle.back());
		_idle.pop_back();
		_filling->reset();
	}
	return *_filling;
}

void Block_pipeline::submit(Storage &storage)
{
	if (!_filling || _filling->empty()) return;

	Block_batch &batch = *_filling;
	_in_flight.push_back(std::move(_filling));
	batch.processed = _pool.submit(
		[this, &batch](unsigned thread) { batch.process(_compressors[thread], _codec); });

	/* enough for every thread to work on one while another waits for its turn */
	if (_in_flight.size() > 2 * std::size_t(_threads)) _commit_oldest(storage);
}

void Block_pipeline::_commit_oldest(Storage &storage)
{
	std::unique_ptr<Block_batch> batch = std::move(_in_flight.front());
	_in_flight.pop_front();
	batch->processed.get();
	_commit(*batch, storage);
	_idle.push_back(std::move(batch));
}

void Block_pipeline::drain(Storage &storage)
{
	submit(storage);
	while (!_in_flight.empty()) _commit_oldest(storage);
}

/* true if the item's bytes are stored already; the item then says where */
bool Block_pipeline::_duplicate(Block_batch const &batch, Block_batch::Item &item)
{
	Dedup_table::Slot *const slot = _dedup.slot(item.block.digest);
	if (!slot) return false;

	Block &block = item.block;

	if (!slot->size) {
		*slot = { block.digest, place_block(_output.cursor(), _codec), block.stored_size,
				  std::uint32_t(_blocks) };
		return false;
	}
	if (slot->digest != block.digest || slot->size != block.stored_size) return false;

	_scratch.resize(slot->size);
	_output.read_at(slot->offset, _scratch);
	if (!std::ranges::equal(_scratch, batch.stored_bytes(item))) return false;

	std::uint64_t const digest = block.digest;
	block = {};
	block.kind = Block_kind::SAME_AS;
	block.where = slot->number;
	block.digest = digest;
	return true;
}

void Block_pipeline::_store(Block_batch const &batch, Block_batch::Item &item)
{
	if (_duplicate(batch, item)) return;

	item.block.where = place_block(_output.cursor(), _codec);
	_output.pad_to(item.block.where);
	_output.add(batch.stored_bytes(item));
}

void Block_pipeline::_commit(Block_batch &batch, Storage &storage)
{
	for (Block_batch::Item const &item : batch.items)
		if (stored(item.block.kind)) _dedup.prefetch(item.block.digest);

	for (Block_batch::Item &item : batch.items) {
		if (stored(item.block.kind)) _store(batch, item);
		throw_if(_chunk.add(item.block));
		storage.count(item.block);
		_blocks++;
		_bytes_done += item.size;
		if (_chunk.full()) _close_chunk();
	}
	_output.flush();
}

void Block_pipeline::_close_chunk()
{
	if (_chunk.empty()) return;

	Chunk_writer::Closed closed = _chunk.close();
	if (!closed.bytes.empty()) {
		closed.chunk.offset = place_chunk(_output.cursor());
		_output.pad_to(closed.chunk.offset);
		_output.add(
			{ reinterpret_cast<std::byte const *>(closed.bytes.base()), closed.bytes.size() });
		_output.flush(); /* the chunk's bytes are overwritten by the next one */
	}

	std::array<std::byte, Chunk::ENTRY_SIZE> entry;
	closed.chunk.encode({ entry.data(), entry.size() }, 0);
	_directory.insert(_directory.end(), entry.begin(), entry.end());
}

std::span<std::byte const> Block_pipeline::close_index()
{
	_close_chunk();
	_output.flush();
	return _directory;
}

}
