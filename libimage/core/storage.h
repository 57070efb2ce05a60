/*
 * Storage section: how much of each dataspace is stored how
 *
 * Totals that a person wants to see without reading the index. They follow from the index
 * ('verify' recounts them) and are not part of the state digest. One record of 56 bytes
 * for each stored dataspace, in the order of their blocks. Layout: docs/FORMAT.md.
 */

#ifndef CAPIMG__CORE__STORAGE_H
#define CAPIMG__CORE__STORAGE_H

#include "block_index.h"

namespace Capimg
{

struct Storage
{
	static constexpr size_t ENTRY_SIZE = 56;

	uint32_t object = 0;       /* id of the dataspace */
	uint64_t stored_bytes = 0; /* in the file, of its own blocks; padding not counted */
	uint64_t stored = 0;       /* blocks: raw, zstd, lz4 */
	uint64_t zero = 0;
	uint64_t same = 0;
	uint64_t inherited = 0;
	uint64_t absent = 0;

	bool operator==(Storage const &) const = default;

	uint64_t blocks() const { return stored + zero + same + inherited + absent; }

	void count(Block const &block)
	{
		switch (block.kind) {
		case Block_kind::ZERO: zero++; break;
		case Block_kind::RAW:
		case Block_kind::ZSTD:
		case Block_kind::LZ4:
			stored++;
			stored_bytes += block.stored_size;
			break;
		case Block_kind::SAME_AS: same++; break;
		case Block_kind::INHERITED: inherited++; break;
		case Block_kind::ABSENT: absent++; break;
		case Block_kind::INVALID: break;
		}
	}

	void add(Storage const &other)
	{
		stored_bytes += other.stored_bytes;
		stored += other.stored;
		zero += other.zero;
		same += other.same;
		inherited += other.inherited;
		absent += other.absent;
	}

	/* 'out' must hold ENTRY_SIZE bytes at 'at' */
	void encode(Bytes out, size_t at) const
	{
		out.u32(at, object);
		out.u32(at + 4, 0);
		uint64_t const values[] { stored_bytes, stored, zero, same, inherited, absent };
		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
			out.u64(at + 8 + 8 * i, values[i]);
	}

	/* 'bytes' holds an entry at 'at'; values are as they stand there, to be checked by recount */
	static Storage decode(Const_bytes bytes, size_t at)
	{
		Storage s;
		s.object = bytes.u32(at);
		s.stored_bytes = bytes.u64(at + 8);
		s.stored = bytes.u64(at + 16);
		s.zero = bytes.u64(at + 24);
		s.same = bytes.u64(at + 32);
		s.inherited = bytes.u64(at + 40);
		s.absent = bytes.u64(at + 48);
		return s;
	}
};

}

#endif /* CAPIMG__CORE__STORAGE_H */
