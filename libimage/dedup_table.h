/*
 * The table by which a writer knows blocks that it has stored before
 *
 * Normative (docs/FORMAT.md, "Deduplication"), so that all writers make the same choices:
 * direct-mapped by the low bits of the digest of the decoded bytes; the first block that
 * comes to a slot keeps it. A slot only nominates: the writer compares the stored bytes.
 */

#ifndef CAPIMG__DEDUP_TABLE_H
#define CAPIMG__DEDUP_TABLE_H

#include <cstddef>
#include <cstdint>

#include "core/limits.h"

namespace Capimg
{

class Dedup_table
{
  public:
	/* files that stored bytes can be looked at in: the output is 0, others the writer numbers */
	static constexpr std::uint32_t OUTPUT = 0, MAX_FILES = 1u << 13;

	struct Slot
	{
		std::uint64_t digest = 0;
		std::uint64_t offset = 0;      /* of the stored bytes in 'file' */
		std::uint64_t size : 21 = 0;   /* of the stored bytes, 0 = free slot */
		std::uint64_t number : 30 = 0; /* of the block */
		std::uint64_t file : 13 = OUTPUT;
	};

	static_assert(Limit::MAX_BLOCK_SIZE < 1u << 21 && Limit::MAX_BLOCKS <= 1u << 30);

	/* 'log2' as in the head's profile; 0: never knows anything */
	explicit Dedup_table(std::uint8_t log2);
	~Dedup_table();

	Dedup_table(Dedup_table const &) = delete;
	Dedup_table &operator=(Dedup_table const &) = delete;

	/* the slot for this digest, null without deduplication */
	Slot *slot(std::uint64_t digest) { return _slots ? &_slots[digest & _mask] : nullptr; }

	/* the slot will be looked at soon: slots are spread over more memory than caches hold */
	void prefetch(std::uint64_t digest)
	{
		if (_slots) __builtin_prefetch(&_slots[digest & _mask], 1);
	}

  private:
	Slot *_slots = nullptr;
	std::size_t _mask;

	std::size_t _bytes() const { return (_mask + 1) * sizeof(Slot); }
};

}

#endif /* CAPIMG__DEDUP_TABLE_H */
