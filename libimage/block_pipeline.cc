#include "block_pipeline.h"

#include <algorithm>
#include <array>

#include "byte_span.h"
#include "image_error.h"
#include "temporary_file.h"

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
	if (batch.has_bytes())
		batch.processed = _pool.submit(
			[this, &batch](unsigned thread) { batch.process(_compressors[thread], _codec); });

	/* enough for every thread to work on one while another waits for its turn */
	if (_in_flight.size() > 2 * std::size_t(_threads)) _commit_oldest(storage);
}

void Block_pipeline::_commit_oldest(Storage &storage)
{
	std::unique_ptr<Block_batch> batch = std::move(_in_flight.front());
	_in_flight.pop_front();
	if (batch->processed.valid()) batch->processed.get();
	_commit(*batch, storage);
	_idle.push_back(std::move(batch));
}

void Block_pipeline::drain(Storage &storage)
{
	submit(storage);
	while (!_in_flight.empty()) _commit_oldest(storage);
}

/* the number by which the table of known blocks calls a file */
std::uint32_t Block_pipeline::_file_number(Mapped_file const &file)
{
	/* neighbouring blocks come from the same file mostly */
	for (std::size_t i = _files.size(); i--;)
		if (_files[i] == &file) return std::uint32_t(i + 1);

	if (_files.size() + 1 == Dedup_table::MAX_FILES) return Dedup_table::OUTPUT;
	_files.push_back(&file);
	return std::uint32_t(_files.size());
}

bool Block_pipeline::_same_bytes(Dedup_table::Slot const &slot, Block_batch const &batch,
								 Block_batch::Item const &item)
{
	Mapped_file const *const file =
		slot.file == Dedup_table::OUTPUT ? nullptr : _files[slot.file - 1];

	/* both are the same bytes of the same file: nothing to read */
	if (file && file == item.source && slot.offset == item.block.where) return true;

	_stored_bytes.resize(slot.size);
	if (file)
		read_all_at(file->fd(), slot.offset, _stored_bytes, file->path());
	else
		_output.read_at(slot.offset, _stored_bytes);

	if (!item.source) return std::ranges::equal(_stored_bytes, batch.stored_bytes(item));

	_new_bytes.resize(item.block.stored_size);
	read_all_at(item.source->fd(), item.block.where, _new_bytes, item.source->path());
	return _stored_bytes == _new_bytes;
}

/* true if the item's bytes are stored already; the item then says where */
bool Block_pipeline::_duplicate(Block_batch const &batch, Block_batch::Item &item)
{
	Dedup_table::Slot *const slot = _dedup.slot(item.block.digest);
	if (!slot) return false;

	Block &block = item.block;

	if (!slot->size) {
		std::uint64_t const place = place_block(_output.cursor(), _codec);
		std::uint32_t const file = item.source ? _file_number(*item.source) : Dedup_table::OUTPUT;
		*slot = { block.digest, file == Dedup_table::OUTPUT ? place : block.where,
				  block.stored_size, _blocks, file };
		return false;
	}
	if (slot->digest != block.digest || slot->size != block.stored_size ||
		!_same_bytes(*slot, batch, item))
		return false;

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

	std::uint64_t const from = item.block.where;
	item.block.where = place_block(_output.cursor(), _codec);
	_output.pad_to(item.block.where);
	if (item.source)
		_output.copy(*item.source, from, item.block.stored_size);
	else
		_output.add(batch.stored_bytes(item));
}

/*
 * A chunk whose digests only the parent knows keeps its content digest; that is possible if
 * it stays as it was
 */
void Block_pipeline::_carry(Block_batch::Item const &item)
{
	bool const fits = item.of_chunk && (_chunk.empty() || _carried) &&
					  item.chunk.number == _blocks &&
					  (_chunk.empty() || _carried->content_digest == item.chunk.content_digest);
	if (fits) {
		_carried = item.chunk;
	} else if (item.of_chunk || _carried) {
		_fail_carried();
	}
}

void Block_pipeline::_fail_carried() const
{
	throw Image_error({ {},
						Code::NO_PARENT,
						{},
						"block.digest",
						"the digests of inherited blocks are known to the parent image only",
						"give the parent image" });
}

void Block_pipeline::_commit(Block_batch &batch, Storage &storage)
{
	/* far enough for memory to answer, near enough for the cache to keep it */
	static constexpr std::size_t AHEAD = 32;

	for (std::size_t i = 0; i < batch.items.size(); i++) {
		Block_batch::Item &item = batch.items[i];
		if (i + AHEAD < batch.items.size()) _dedup.prefetch(batch.items[i + AHEAD].block.digest);
		if (stored(item.block.kind)) _store(batch, item);
		if (item.of_chunk || _carried) _carry(item);
		throw_if(_chunk.add(item.block));
		storage.count(item.block);
		_blocks++;
		_bytes_done += item.size;
		if (_chunk.full()) _close_chunk();
	}
	_output.flush_pieces();
}

void Block_pipeline::add_alike(Block const &block, std::uint32_t size, std::uint64_t chunks,
							   Storage &storage)
{
	drain(storage);
	if (!_chunk.empty() || (block.kind != Block_kind::ZERO && block.kind != Block_kind::ABSENT))
		throw_if({ Code::BAD_STATE, 0, "chunk", _blocks, Limit::CHUNK_BLOCKS });

	/* the entry of one is that of all */
	for (std::uint32_t i = 0; i < Limit::CHUNK_BLOCKS; i++) throw_if(_chunk.add(block));
	std::array<std::byte, Chunk::ENTRY_SIZE> entry;
	_chunk.close().chunk.encode({ entry.data(), entry.size() }, 0);
	for (std::uint64_t i = 0; i < chunks; i++)
		_directory.insert(_directory.end(), entry.begin(), entry.end());

	std::uint64_t const count = chunks * Limit::CHUNK_BLOCKS;
	(block.kind == Block_kind::ZERO ? storage.zero : storage.absent) += count;
	_blocks += count;
	_bytes_done += count * size;
}

void Block_pipeline::_close_chunk()
{
	if (_chunk.empty()) return;

	Chunk_writer::Closed closed = _chunk.close();
	if (_carried) {
		bool const whole = (_blocks - 1) % Limit::CHUNK_BLOCKS + 1 == _carried->blocks;
		if (closed.chunk.stored() || !whole) _fail_carried();
		closed.chunk.content_digest = _carried->content_digest;
		_carried.reset();
	}
	if (!closed.bytes.empty()) {
		closed.chunk.offset = place_chunk(_output.cursor());
		_output.pad_to(closed.chunk.offset);
		_output.add(as_span(closed.bytes));
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
