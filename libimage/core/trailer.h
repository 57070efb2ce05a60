/*
 * Trailer of an image: the last 128 bytes, written last
 *
 * An image without a valid trailer was never committed. Layout: docs/FORMAT.md, "Trailer".
 * Values only, no shared state.
 */

#ifndef CAPIMG__CORE__TRAILER_H
#define CAPIMG__CORE__TRAILER_H

#include "bytes.h"

namespace Capimg
{

/*
 * State digest: SHA-256 over what was captured, not over how it is stored
 *
 * Two images with the same manifest, machine, block size and contents have the same state
 * digest, whatever their codec, deduplication or inheritance. Definition: docs/FORMAT.md,
 * "State digest".
 */
struct State_digest
{
	static constexpr size_t SIZE = 32;
	uint8_t bytes[SIZE] {};

	bool operator==(State_digest const &) const = default;
};

struct Trailer
{
	static constexpr size_t SIZE = 128;

	uint64_t file_size = 0;    /* of the whole file, trailer included */
	uint64_t table_offset = 0; /* of the section table, which ends where the trailer starts */
	uint64_t table_digest = 0;
	uint64_t head_digest = 0; /* of all bytes of the head */
	uint64_t block_count = 0;
	uint64_t data_end = 0; /* end of the last block or chunk; sections start behind it */
	State_digest state {};

	uint64_t table_size() const { return file_size - SIZE - table_offset; }

	/* 'out' must hold SIZE bytes */
	Status encode(Bytes out) const;

	/*
	 * 'in' are the last SIZE bytes of a file of 'file_size' bytes
	 *
	 * INCOMPLETE if there is no trailer at all, DAMAGED or INVALID if it is broken.
	 * Offsets of errors are offsets in the file.
	 */
	static Result<Trailer> decode(Const_bytes in, uint64_t file_size);
};

}

#endif /* CAPIMG__CORE__TRAILER_H */
