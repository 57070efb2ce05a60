#include "trailer.h"

#include "checksum.h"
#include "head.h"
#include "limits.h"

namespace Capimg
{

static constexpr uint8_t MAGIC[8] { 'C', 'A', 'P', 'I', 'E', 'N', 'D', '\n' };

enum Offset : size_t {
	FILE_SIZE_AT = 8,
	TABLE_OFFSET_AT = 16,
	TABLE_DIGEST_AT = 24,
	HEAD_DIGEST_AT = 32,
	BLOCK_COUNT_AT = 40,
	DATA_END_AT = 48,
	STATE_AT = 56,
	RESERVED_AT = 88,
	DIGEST_AT = 120,
};

Status Trailer::encode(Bytes out) const
{
	if (out.size() < SIZE) return { Code::NO_SPACE, 0, "trailer", out.size(), SIZE };

	Bytes const trailer(out.base(), SIZE);
	trailer.zero();
	trailer.copy_from(0, Const_bytes(MAGIC, sizeof(MAGIC)));
	trailer.u64(FILE_SIZE_AT, file_size);
	trailer.u64(TABLE_OFFSET_AT, table_offset);
	trailer.u64(TABLE_DIGEST_AT, table_digest);
	trailer.u64(HEAD_DIGEST_AT, head_digest);
	trailer.u64(BLOCK_COUNT_AT, block_count);
	trailer.u64(DATA_END_AT, data_end);
	trailer.copy_from(STATE_AT, Const_bytes(state.bytes, State_digest::SIZE));
	trailer.u64(DIGEST_AT, checksum(Const_bytes(trailer.base(), DIGEST_AT)));
	return ok;
}

Result<Trailer> Trailer::decode(Const_bytes in, uint64_t file_size)
{
	if (in.size() < SIZE || file_size < Head::SIZE + SIZE)
		return Error { Code::INCOMPLETE, file_size, "trailer", file_size, Head::SIZE + SIZE };

	uint64_t const base = file_size - SIZE;

	if (!equal_memory(in.base(), MAGIC, sizeof(MAGIC)))
		return Error { Code::INCOMPLETE, base, "trailer.magic", in.u64(0), 0 };

	if (in.u64(DIGEST_AT) != checksum(Const_bytes(in.base(), DIGEST_AT)))
		return Error { Code::DAMAGED, base + DIGEST_AT, "trailer.digest", 0, 0 };

	Trailer t;
	t.file_size = in.u64(FILE_SIZE_AT);
	t.table_offset = in.u64(TABLE_OFFSET_AT);
	t.table_digest = in.u64(TABLE_DIGEST_AT);
	t.head_digest = in.u64(HEAD_DIGEST_AT);
	t.block_count = in.u64(BLOCK_COUNT_AT);
	t.data_end = in.u64(DATA_END_AT);
	copy_memory(t.state.bytes, in.base() + STATE_AT, State_digest::SIZE);

	Const_bytes const reserved(in.base() + RESERVED_AT, DIGEST_AT - RESERVED_AT);
	if (size_t const at = reserved.first_non_zero(); at != reserved.size())
		return Error { Code::NOT_ZERO, base + RESERVED_AT + at, "trailer.reserved", 0, 0 };

	if (t.file_size != file_size)
		return Error { Code::INVALID, base + FILE_SIZE_AT, "trailer.fileSize", t.file_size,
					   file_size };

	if (t.table_offset < Head::SIZE || t.table_offset > base || t.table_offset % 8)
		return Error { Code::INVALID, base + TABLE_OFFSET_AT, "trailer.tableOffset", t.table_offset,
					   base };

	if (t.data_end < Head::SIZE || t.data_end > t.table_offset)
		return Error { Code::INVALID, base + DATA_END_AT, "trailer.dataEnd", t.data_end,
					   t.table_offset };

	if (t.block_count > Limit::MAX_BLOCKS)
		return Error { Code::LIMIT, base + BLOCK_COUNT_AT, "trailer.blockCount", t.block_count,
					   Limit::MAX_BLOCKS };
	return t;
}

}
