#include "chunk_writer.h"

#include "checksum.h"

namespace Capimg
{

bool Chunk_writer::_continues(Block const &block) const
{
	if (block.kind != _first.kind) return false;

	switch (block.kind) {
	case Block_kind::ZERO: return true;
	case Block_kind::ABSENT: return block.absence == _first.absence;
	case Block_kind::INHERITED: return block.where == _first.where + _count;
	default: return false;
	}
}

Status Chunk_writer::add(Block const &block)
{
	if (full()) return { Code::BAD_STATE, 0, "chunk", _count, Limit::CHUNK_BLOCKS };

	if (empty()) _first = block;
	_uniform = _uniform && _continues(block);

	block.encode(Bytes(_entries, sizeof(_entries)), _count * Block::ENTRY_SIZE);
	_record.add(block);
	_count++;
	return ok;
}

Chunk_writer::Closed Chunk_writer::close()
{
	Closed result;
	result.chunk.content_digest = _record.digest();

	if (_uniform) {
		result.chunk.uniform = _first.kind;
		result.chunk.absence = _first.absence;
		if (_first.kind == Block_kind::INHERITED) result.chunk.offset = _first.where;
	} else {
		result.bytes = Const_bytes(_entries, _count * Block::ENTRY_SIZE);
		result.chunk.digest = checksum(result.bytes);
	}

	_count = 0;
	_uniform = true;
	_record.reset();
	return result;
}

}
