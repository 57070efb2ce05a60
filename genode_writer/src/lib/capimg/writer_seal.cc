#include "capimg/writer.h"
#include "libimage/core/checksum.h"
#include "libimage/core/state.h"

namespace Capimg::Engine
{

Status Writer::_close_chunk()
{
	Chunk_writer::Closed closed = _chunk->close();
	if (!closed.bytes.empty()) {
		closed.chunk.offset = place_chunk(_cursor);
		if (Status const status = _pad_to(closed.chunk.offset)) return status;
		if (Status const status = _append(closed.bytes)) return status;
	}
	closed.chunk.encode(_directory, size_t(_chunks++) * Chunk::ENTRY_SIZE);
	return ok;
}

Status Writer::_section(Section_kind kind, Const_bytes bytes, Bytes table, size_t at)
{
	if (Status const status = _pad_to(align_up(_cursor, Section::ALIGN))) return status;

	Section section;
	section.kind = kind;
	section.flags = Section::REQUIRED;
	section.offset = _cursor;
	section.size = bytes.size();
	section.digest = checksum(bytes);
	section.encode(table, at);
	return _append(bytes);
}

Status Writer::_seal()
{
	if (!_chunk->empty())
		if (Status const status = _close_chunk()) return status;

	Trailer trailer;
	trailer.head_digest = _head_digest;
	trailer.block_count = _blocks;
	trailer.data_end = _cursor;

	Result<Directory> const directory =
		Directory::open(_directory, _cursor, _blocks, trailer.data_end);
	if (directory.failed()) return directory.error();
	trailer.state = compute_state(_head, _message, *directory, _hash);

	struct Content
	{
		Section_kind kind;
		Const_bytes bytes;
	} const contents[] {
		{ Section_kind::DIRECTORY, _directory },
		{ Section_kind::MANIFEST, _message },
		{ Section_kind::STORAGE, _storage },
	};
	static constexpr size_t COUNT = sizeof(contents) / sizeof(contents[0]);
	uint8_t bytes[COUNT * Section::ENTRY_SIZE + Trailer::SIZE];
	Bytes const table(bytes, COUNT * Section::ENTRY_SIZE);

	for (size_t i = 0; i < COUNT; i++)
		if (Status const status =
				_section(contents[i].kind, contents[i].bytes, table, i * Section::ENTRY_SIZE))
			return status;

	if (Status const status = _pad_to(align_up(_cursor, Section::ALIGN))) return status;
	trailer.table_offset = _cursor;
	trailer.table_digest = checksum(table);
	trailer.file_size = trailer.table_offset + sizeof(bytes);
	if (Status const status = trailer.encode(Bytes(bytes + table.size(), Trailer::SIZE)))
		return status;

	finish_streamed();

	/* one piece: a sink that takes all of it or nothing never holds a table without trailer */
	if (Status const status = _append(Const_bytes(bytes, sizeof(bytes)))) return status;
	_digest = trailer.state;
	return ok;
}

Status Writer::seal()
{
	if (Status const status = _expect(State::BLOCKS)) return status;
	if (_blocks != _total) return { Code::BAD_STATE, 0, "block count", _blocks, _total };
	if (Status const status = _fail(_seal())) return status;
	_state = State::SEALED;
	return ok;
}

}
