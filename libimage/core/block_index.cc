#include "block_index.h"

#include "checksum.h"
#include "head.h"

namespace Capimg
{

namespace Entry
{
enum Offset : size_t {
	KIND_AT = 0,
	ABSENCE_AT = 1,
	RESERVED_AT = 2,
	STORED_SIZE_AT = 4,
	WHERE_AT = 8,
	STORED_DIGEST_AT = 16,
	DIGEST_AT = 24,
};
}

namespace Dir
{
enum Offset : size_t {
	UNIFORM_AT = 0,
	ABSENCE_AT = 1,
	RESERVED_AT = 2,
	OFFSET_AT = 8,
	DIGEST_AT = 16,
	CONTENT_AT = 24,
};
}

static bool valid(Block_absence absence)
{
	return absence >= Block_absence::NOT_CAPTURED && absence <= Block_absence::REDACTED;
}

void Block::encode(Bytes out, size_t at) const
{
	out.u8(at + Entry::KIND_AT, uint8_t(kind));
	out.u8(at + Entry::ABSENCE_AT, uint8_t(absence));
	out.u16(at + Entry::RESERVED_AT, 0);
	out.u32(at + Entry::STORED_SIZE_AT, stored_size);
	out.u64(at + Entry::WHERE_AT, where);
	out.u64(at + Entry::STORED_DIGEST_AT, stored_digest);
	out.u64(at + Entry::DIGEST_AT, digest);
}

Result<Block> Block::decode(Const_bytes chunk, size_t at, uint64_t number, uint32_t size,
							uint64_t data_end)
{
	if (!Capimg::within(at, ENTRY_SIZE, chunk.size()))
		return Error { Code::TRUNCATED, at, "block entry", chunk.size(), at + ENTRY_SIZE };

	/* of a size that the compiler knows, so that it is not compared again for each field */
	Const_bytes const entry(chunk.base() + at, ENTRY_SIZE);

	Block b;
	b.kind = Block_kind(entry.u8(Entry::KIND_AT));
	b.absence = Block_absence(entry.u8(Entry::ABSENCE_AT));
	b.stored_size = entry.u32(Entry::STORED_SIZE_AT);
	b.where = entry.u64(Entry::WHERE_AT);
	b.stored_digest = entry.u64(Entry::STORED_DIGEST_AT);
	b.digest = entry.u64(Entry::DIGEST_AT);

	if (uint16_t const reserved = entry.u16(Entry::RESERVED_AT))
		return Error { Code::NOT_ZERO, at + Entry::RESERVED_AT, "block.reserved", reserved, 0 };

	if (b.kind == Block_kind::INVALID || b.kind > Block_kind::ABSENT)
		return Error { Code::INVALID, at + Entry::KIND_AT, "block.kind", uint64_t(b.kind),
					   uint64_t(Block_kind::ABSENT) };

	bool const is_absent = b.kind == Block_kind::ABSENT;
	if (is_absent ? !valid(b.absence) : b.absence != Block_absence::NONE)
		return Error { Code::INVALID, at + Entry::ABSENCE_AT, "block.absence", uint64_t(b.absence),
					   0 };

	if (is_absent && b.digest)
		return Error { Code::INVALID, at + Entry::DIGEST_AT, "block.digest", b.digest, 0 };

	if (!stored(b.kind)) {
		if (b.stored_size)
			return Error { Code::INVALID, at + Entry::STORED_SIZE_AT, "block.storedSize",
						   b.stored_size, 0 };
		if (b.stored_digest)
			return Error { Code::INVALID, at + Entry::STORED_DIGEST_AT, "block.storedDigest",
						   b.stored_digest, 0 };
		if (b.kind == Block_kind::SAME_AS && b.where >= number)
			return Error { Code::OUT_OF_ORDER, at + Entry::WHERE_AT, "block.sameAs", b.where,
						   number };
		if (b.kind == Block_kind::INHERITED && b.where >= Limit::MAX_BLOCKS)
			return Error { Code::LIMIT, at + Entry::WHERE_AT, "block.parentBlock", b.where,
						   Limit::MAX_BLOCKS };
		if ((b.kind == Block_kind::ZERO || is_absent) && b.where)
			return Error { Code::INVALID, at + Entry::WHERE_AT, "block.where", b.where, 0 };
		return b;
	}

	/* what a codec makes of a block is smaller than the block, or it is stored raw */
	bool const raw = b.kind == Block_kind::RAW;
	if (raw ? b.stored_size != size : b.stored_size >= size || !b.stored_size)
		return Error { Code::INVALID, at + Entry::STORED_SIZE_AT, "block.storedSize", b.stored_size,
					   size };

	if (raw && b.stored_digest != b.digest)
		return Error { Code::INVALID, at + Entry::STORED_DIGEST_AT, "block.storedDigest",
					   b.stored_digest, b.digest };

	if (b.where < Head::SIZE || !Capimg::within(b.where, b.stored_size, data_end))
		return Error { Code::TRUNCATED, at + Entry::WHERE_AT, "block.offset", b.where, data_end };

	return b;
}

void Chunk::encode(Bytes out, size_t at) const
{
	out.u8(at + Dir::UNIFORM_AT, uint8_t(uniform));
	out.u8(at + Dir::ABSENCE_AT, uint8_t(absence));
	out.u16(at + Dir::RESERVED_AT, 0);
	out.u32(at + Dir::RESERVED_AT + 2, 0);
	out.u64(at + Dir::OFFSET_AT, offset);
	out.u64(at + Dir::DIGEST_AT, digest);
	out.u64(at + Dir::CONTENT_AT, content_digest);
}

void Content_record::add(Block const &block)
{
	if (_count >= Limit::CHUNK_BLOCKS) return;
	Bytes const bytes(_bytes, sizeof(_bytes));
	bytes.u64(_count * SIZE, uint64_t(block.absence));
	bytes.u64(_count * SIZE + 8, block.digest);
	_count++;
}

uint64_t Content_record::digest() const { return checksum(Const_bytes(_bytes, _count * SIZE)); }

Chunk Directory::chunk(uint64_t i) const
{
	uint64_t const at = i * Chunk::ENTRY_SIZE;
	if (!within(at, Chunk::ENTRY_SIZE, _bytes.size())) return {};
	Const_bytes const entry(_bytes.base() + at, Chunk::ENTRY_SIZE);

	Chunk c;
	c.uniform = Block_kind(entry.u8(Dir::UNIFORM_AT));
	c.absence = Block_absence(entry.u8(Dir::ABSENCE_AT));
	c.offset = entry.u64(Dir::OFFSET_AT);
	c.digest = entry.u64(Dir::DIGEST_AT);
	c.content_digest = entry.u64(Dir::CONTENT_AT);
	return c;
}

Block Directory::uniform_block(Chunk const &chunk, uint32_t n)
{
	Block b;
	b.kind = chunk.uniform;
	b.absence = chunk.absence;
	if (b.kind == Block_kind::INHERITED) b.where = chunk.offset + n;
	return b;
}

static Status check(Chunk const &c, uint64_t at, uint64_t blocks, uint64_t &floor,
					uint64_t data_end)
{
	bool const is_absent = c.uniform == Block_kind::ABSENT;
	if (is_absent ? !valid(c.absence) : c.absence != Block_absence::NONE)
		return { Code::INVALID, at + Dir::ABSENCE_AT, "chunk.absence", uint64_t(c.absence), 0 };

	if (c.stored()) {
		if (c.offset % 8)
			return { Code::INVALID, at + Dir::OFFSET_AT, "chunk.offset", c.offset, 0 };
		if (c.offset < floor)
			return { Code::OUT_OF_ORDER, at + Dir::OFFSET_AT, "chunk.offset", c.offset, floor };
		if (!within(c.offset, blocks * Block::ENTRY_SIZE, data_end))
			return { Code::TRUNCATED, at + Dir::OFFSET_AT, "chunk.offset", c.offset, data_end };
		floor = c.offset + blocks * Block::ENTRY_SIZE;
		return ok;
	}

	if (c.uniform != Block_kind::ZERO && c.uniform != Block_kind::INHERITED && !is_absent)
		return { Code::INVALID, at + Dir::UNIFORM_AT, "chunk.uniform", uint64_t(c.uniform), 0 };

	if (c.uniform == Block_kind::INHERITED ? c.offset >= Limit::MAX_BLOCKS : c.offset != 0)
		return { Code::INVALID, at + Dir::OFFSET_AT, "chunk.offset", c.offset, 0 };

	if (c.digest) return { Code::INVALID, at + Dir::DIGEST_AT, "chunk.digest", c.digest, 0 };
	return ok;
}

Result<Directory> Directory::open(Const_bytes bytes, uint64_t offset, uint64_t blocks,
								  uint64_t data_end)
{
	if (blocks > Limit::MAX_BLOCKS)
		return Error { Code::LIMIT, offset, "block count", blocks, Limit::MAX_BLOCKS };

	if (bytes.size() != chunk_count(blocks) * Chunk::ENTRY_SIZE)
		return Error { Code::INVALID, offset, "directory size", bytes.size(),
					   chunk_count(blocks) * Chunk::ENTRY_SIZE };

	Directory directory;
	directory._bytes = bytes;
	directory._blocks = blocks;

	uint64_t floor = Head::SIZE;
	for (uint64_t i = 0; i < directory.chunks(); i++) {
		size_t const at = size_t(i) * Chunk::ENTRY_SIZE;

		if (bytes.u16(at + Dir::RESERVED_AT) || bytes.u32(at + Dir::RESERVED_AT + 2))
			return Error { Code::NOT_ZERO, offset + at + Dir::RESERVED_AT, "chunk.reserved", 0, 0 };

		Status const status =
			check(directory.chunk(i), offset + at, blocks_in_chunk(i, blocks), floor, data_end);
		if (status) return status;
	}
	return directory;
}

}
