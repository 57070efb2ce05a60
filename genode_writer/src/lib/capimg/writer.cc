#include "capimg/writer.h"

#include "libimage/core/arena.h"
#include "libimage/core/checksum.h"
#include "libimage/core/state.h"

namespace Capimg::Engine
{

/* a T in memory that is there already, without the header that declares how */
template <typename T>
struct Placed : T
{
	using T::T;

	static void *operator new(size_t, void *at) { return at; }
	static void operator delete(void *) {}
};

/* 'block_size' is a power of two: no division, which 32-bit targets would need a library for */
static uint64_t blocks_of(uint64_t size, uint32_t block_size)
{
	return (size >> __builtin_ctz(block_size)) + ((size & (block_size - 1)) != 0);
}

static Block_kind kind_of(Codec_id codec)
{
	return codec == Codec_id::ZSTD  ? Block_kind::ZSTD
		   : codec == Codec_id::LZ4 ? Block_kind::LZ4
									: Block_kind::RAW;
}

Writer::Writer(Head const &head, Memory const &memory, Sink &sink, Sha256 &hash, Encoder *encoder)
	: _sink(sink), _hash(hash), _encoder(encoder), _memory(memory), _head(head)
{
	if (_head.profile.codec == Codec_id::ZSTD) _head.required_features |= Feature::ZSTD;
	if (_head.profile.codec == Codec_id::LZ4) _head.required_features |= Feature::LZ4;
}

Status Writer::_fail(Status status)
{
	if (status) _state = State::FAILED;
	return status;
}

Status Writer::_expect(State state) const
{
	if (_state == state) return ok;
	return { Code::BAD_STATE, 0, "Writer", uint64_t(_state), uint64_t(state) };
}

Status Writer::_check_head()
{
	Profile const &profile = _head.profile;
	if (profile.dedup_log2) return { Code::UNSUPPORTED, 0, "dedupLog2", profile.dedup_log2, 0 };
	if ((profile.codec != Codec_id::RAW) != (_encoder != nullptr))
		return { Code::BAD_ARGUMENT, 0, "codec", uint64_t(profile.codec), 0 };

	uint8_t bytes[Head::SIZE];
	return _head.encode(Bytes(bytes, sizeof(bytes)));
}

Result<Wire::Builder *> Writer::manifest()
{
	if (Status const status = _expect(State::OPEN)) return status;
	if (Status const status = _fail(_check_head())) return status;

	_builder = new (_builder_memory) Placed<Wire::Builder>(_memory.manifest);
	_state = State::OBJECTS;
	return _builder;
}

Status Writer::manifest(Const_bytes message)
{
	if (Status const status = _expect(State::OPEN)) return status;
	if (Status const status = _fail(_check_head())) return status;

	_message = message;
	_state = State::OBJECTS;
	return ok;
}

Status Writer::begin_blocks(Parents const &parents)
{
	if (Status const status = _expect(State::OBJECTS)) return status;
	if (Status const status = _fail(_begin(parents))) return status;
	_state = State::BLOCKS;
	return ok;
}

Status Writer::_begin(Parents const &parents)
{
	if (_builder) {
		Result<Const_bytes> const message = _builder->finish();
		if (message.failed()) return message.error();
		_message = *message;
	}

	/* readers bear messages that nobody has checked */
	uint64_t dataspaces = 0;
	Result<Wire::Segment> const segment =
		Wire::open_segment(_message, uint32_t(Limit::MAX_MANIFEST_SIZE / Wire::WORD));
	if (segment.failed()) return segment.error();
	auto const objects = Metadata::Manifest::Reader(Wire::root(*segment)).objects();
	for (uint32_t i = 0; i < objects.size(); i++) {
		if (objects[i].which() != Metadata::Object::Which::DATASPACE) continue;
		Metadata::Dataspace::Reader const dataspace = objects[i].dataspace();
		if (!dataspace.stored()) continue;

		uint64_t const blocks = blocks_of(dataspace.size(), _head.profile.block_size);
		if (blocks > Limit::MAX_BLOCKS - _total)
			return { Code::LIMIT, 0, "block count", blocks, Limit::MAX_BLOCKS };
		_total += blocks;
		dataspaces++;
	}

	Result<Metadata::Manifest::Reader> const manifest =
		check_manifest(_message, { _head.profile.block_size, _head.machine.page_size, _total });
	if (manifest.failed()) return manifest.error();
	_manifest = *manifest;

	size_t const storage = size_t(dataspaces) * Storage::ENTRY_SIZE;
	size_t const need = directory_size(_total, dataspaces);
	if (need > _memory.directory.size())
		return { Code::NO_SPACE, 0, "directory", _memory.directory.size(), need };
	_storage = Bytes(_memory.directory.base(), storage);
	_directory = Bytes(_memory.directory.base() + storage, need - storage);

	if (_manifest.has_parent()) _head.required_features |= Feature::INHERITED;
	if (Status const status = _use_work(parents)) return status;

	_next_dataspace();

	uint8_t bytes[Head::SIZE];
	Bytes const head(bytes, sizeof(bytes));
	if (Status const status = _head.encode(head)) return status;
	_head_digest = checksum(head);
	return _append(head);
}

Status Writer::_use_work(Parents const &parents)
{
	uint32_t const block_size = _head.profile.block_size;
	if (_memory.work.size() < work_size(block_size))
		return { Code::NO_SPACE, 0, "work", _memory.work.size(), work_size(block_size) };

	Arena arena(_memory.work);
	/* without parentheses, which would have the compiler make 48 KiB of zeros on the stack */
	_chunk = new (arena.take<Chunk_writer>(1)) Placed<Chunk_writer>;

	Bytes const entries(arena.take<uint8_t>(Parent_blocks::WORK_SIZE), Parent_blocks::WORK_SIZE);
	_block_work = Bytes(_memory.work.base() + (_memory.work.size() - block_size), block_size);
	_shared_work = _block_work.base() < entries.base() + entries.size();

	if (Status const status = _parents.connect(_manifest, block_size, parents, entries))
		return status;
	_zero_digest = _digest_of_zeros(block_size);
	return ok;
}

/* the next dataspace with blocks begins, the one before has all of its own */
void Writer::_next_dataspace()
{
	auto const objects = _manifest.objects();
	for (; _next_object < objects.size(); _next_object++) {
		Metadata::Object::Reader const object = objects[_next_object];
		if (object.which() != Metadata::Object::Which::DATASPACE || !object.dataspace().stored())
			continue;

		_current = {};
		_current.object = object.id();
		_left = object.dataspace().size();
		_next_object++;
		return;
	}
}

/* of the next block */
uint32_t Writer::_block_size() const
{
	return uint32_t(min<uint64_t>(_head.profile.block_size, _left));
}

uint64_t Writer::_digest_of_zeros(uint32_t size)
{
	if (size == _head.profile.block_size && _zero_digest) return _zero_digest;

	Bytes const zeros = _scratch(size);
	zeros.zero();
	return checksum(zeros);
}

/* working memory for a block, until the parent's blocks are asked for */
Bytes Writer::_scratch(size_t size)
{
	if (_shared_work) _parents.forget();
	return Bytes(_block_work.base(), size);
}

Status Writer::_append(Const_bytes bytes)
{
	if (bytes.empty()) return ok;
	if (Status const status = _sink.append(bytes)) return status;
	_cursor += bytes.size();
	return ok;
}

Status Writer::_pad_to(uint64_t offset)
{
	static constexpr uint8_t ZEROS[512] {};
	while (_cursor < offset) {
		size_t const size = size_t(min<uint64_t>(offset - _cursor, sizeof(ZEROS)));
		if (Status const status = _append(Const_bytes(ZEROS, size))) return status;
	}
	return ok;
}

/* so many blocks are still to come */
Status Writer::_room(uint64_t count) const
{
	if (count <= _total - _blocks) return ok;
	return { Code::BAD_ARGUMENT, 0, "block count", count, _total - _blocks };
}

Status Writer::_add(Block const &block)
{
	if (Status const status = _chunk->add(block)) return status;
	_current.count(block);
	_blocks++;
	_left -= _block_size();

	if (!_left) {
		_current.encode(_storage, size_t(_dataspaces++) * Storage::ENTRY_SIZE);
		_next_dataspace();
	}
	return _chunk->full() ? _close_chunk() : ok;
}

Status Writer::_store(Const_bytes bytes)
{
	if (Status const status = _room(1)) return status;
	if (bytes.size() != _block_size())
		return { Code::BAD_ARGUMENT, 0, "block size", bytes.size(), _block_size() };

	Block block;
	if (bytes.all_zero()) {
		block.kind = Block_kind::ZERO;
		block.digest = _digest_of_zeros(uint32_t(bytes.size()));
		return _add(block);
	}

	block.kind = Block_kind::RAW;
	if (!_encoder) return _store_raw(block, bytes);

	Const_bytes stored = bytes;
	block.digest = block.stored_digest = checksum(bytes);
	Bytes const out = _scratch(bytes.size() - 1);
	size_t const size = _encoder->encode(bytes, out);
	if (size > out.size()) return { Code::BAD_ARGUMENT, 0, "encoder", size, out.size() };
	if (size) {
		stored = Const_bytes(out.base(), size);
		block.kind = kind_of(_head.profile.codec);
		block.stored_digest = checksum(stored);
	}

	block.stored_size = uint32_t(stored.size());
	block.where = place_block(_cursor, _head.profile.codec);
	if (Status const status = _pad_to(block.where)) return status;
	if (Status const status = _append(stored)) return status;
	return _add(block);
}

/* checked on the way, where the sink is memory */
Status Writer::_store_raw(Block block, Const_bytes bytes)
{
	block.stored_size = uint32_t(bytes.size());
	block.where = place_block(_cursor, Codec_id::RAW);
	if (Status const status = _pad_to(block.where)) return status;

	/* what fits into caches is likely to be looked at soon */
	static constexpr uint64_t STREAMED_FROM = 4 * 1024 * 1024;
	Bytes const space = _sink.space(bytes.size());
	if (space.size() >= bytes.size()) {
		bool const large = _total * _head.profile.block_size >= STREAMED_FROM;
		block.digest = checksum_copy(space, bytes, large ? Copy::STREAMED : Copy::CACHED);
		bytes = Const_bytes(space.base(), bytes.size());
	} else {
		block.digest = checksum(bytes);
	}
	block.stored_digest = block.digest;
	if (Status const status = _append(bytes)) return status;
	return _add(block);
}

/* blocks that differ in nothing but their size */
Status Writer::_same(uint64_t count, Block const &block)
{
	if (Status const status = _room(count)) return status;
	for (; count; count--) {
		Block next = block;
		if (next.kind == Block_kind::ZERO) next.digest = _digest_of_zeros(_block_size());
		if (Status const status = _add(next)) return status;
	}
	return ok;
}

Status Writer::block(Const_bytes bytes)
{
	if (Status const status = _expect(State::BLOCKS)) return status;
	return _fail(_store(bytes));
}

Status Writer::zero(uint64_t count)
{
	if (Status const status = _expect(State::BLOCKS)) return status;
	Block block;
	block.kind = Block_kind::ZERO;
	return _fail(_same(count, block));
}

Status Writer::absent(uint64_t count, Block_absence absence)
{
	if (Status const status = _expect(State::BLOCKS)) return status;
	if (absence < Block_absence::NOT_CAPTURED || absence > Block_absence::REDACTED)
		return _fail({ Code::BAD_ARGUMENT, 0, "absence", uint64_t(absence), 0 });
	Block block;
	block.kind = Block_kind::ABSENT;
	block.absence = absence;
	return _fail(_same(count, block));
}

Status Writer::inherit(uint64_t first, uint64_t count)
{
	if (Status const status = _expect(State::BLOCKS)) return status;
	if (!_manifest.has_parent()) return _fail({ Code::BAD_ARGUMENT, 0, "inherit", first, 0 });
	if (Status const status = _fail(_room(count))) return status;

	for (uint64_t i = 0; i < count; i++) {
		Result<Block> const inherited = _parents.inherit(first + i, _block_size());
		if (inherited.failed()) return _fail(inherited.error());
		Block block = *inherited;
		if (block.kind == Block_kind::ZERO) block.digest = _digest_of_zeros(_block_size());
		if (Status const status = _fail(_add(block))) return status;
	}
	return ok;
}

}
