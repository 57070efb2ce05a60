/*
 * Digests of the pieces of a file, and of the blocks of digests above them
 */

#ifndef CAPIMG__PIECE_DIGESTS_H
#define CAPIMG__PIECE_DIGESTS_H

#include <functional>
#include <vector>

#include "core/signature_tree.h"
#include "writer.h"

namespace Capimg
{

/*
 * Bytes at [offset, offset + buffer.size()): a part of something mapped, or 'buffer', filled
 *
 * Called from one thread, in ascending order.
 */
using Piece_reader =
	std::function<std::span<std::byte const>(std::uint64_t offset, std::span<std::byte> buffer)>;

/* all levels of a tree, one behind the other, and the root */
struct Digest_tree
{
	std::vector<std::byte> bytes {};
	std::array<std::uint8_t, Signature_tree::DIGEST_SIZE> root {};

	/* above digests of pieces that are known: all of level 0 */
	Digest_tree(Signature_tree const &, std::span<std::byte const> digests);

	/* 'threads' as for a writer; what 'reader' throws */
	Digest_tree(Signature_tree const &, Piece_reader const &reader, unsigned threads,
				Progress_sink *progress = nullptr);
};

}

#endif /* CAPIMG__PIECE_DIGESTS_H */
