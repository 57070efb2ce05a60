#include "piece_digests.h"

#include <algorithm>
#include <deque>
#include <sodium/crypto_hash_sha256.h>

#include "image_error.h"
#include "thread_pool.h"

namespace Capimg
{

/* enough pieces that handing them to a thread costs nothing */
static constexpr std::size_t BATCH_SIZE = 1024 * 1024;

static void digest(std::span<std::byte const> in, std::byte *out)
{
	crypto_hash_sha256(reinterpret_cast<unsigned char *>(out),
					   reinterpret_cast<unsigned char const *>(in.data()), in.size());
}

/* pieces that one thread takes at a time */
struct Digest_batch
{
	std::vector<std::byte> buffer {};
	std::future<void> done {};
	std::uint64_t end = 0; /* of its bytes */
};

/* the levels above the first, and the root */
static void build_levels(Signature_tree const &shape, Digest_tree &tree)
{
	for (unsigned level = 0; level < shape.levels(); level++) {
		bool const top = level + 1 == shape.levels();
		for (std::uint64_t n = 0; n < shape.blocks(level); n++) {
			std::span<std::byte const> const block(&tree.bytes[shape.block_offset(level, n)],
												   shape.block_size(level, n));
			digest(block, top ? reinterpret_cast<std::byte *>(tree.root.data())
							  : &tree.bytes[shape.block_offset(level + 1, 0) +
											n * Signature_tree::DIGEST_SIZE]);
		}
	}
}

Digest_tree::Digest_tree(Signature_tree const &shape, std::span<std::byte const> digests)
	: bytes(shape.size())
{
	if (digests.size() != shape.count(0) * Signature_tree::DIGEST_SIZE)
		throw_if({ Code::BAD_ARGUMENT, 0, "Digest_tree", digests.size() });
	std::ranges::copy(digests, bytes.begin());
	build_levels(shape, *this);
}

Digest_tree::Digest_tree(Signature_tree const &shape, Piece_reader const &reader, unsigned threads,
						 Progress_sink *progress)
	: bytes(shape.size())
{
	std::deque<Digest_batch> batches;
	Thread_pool pool(Thread_pool::choose(threads)); /* goes first, with all tasks */

	auto const finish = [&] {
		batches.front().done.get();
		if (progress) progress->done(batches.front().end);
	};

	for (std::uint64_t at = 0; at < shape.image_size();) {
		/* one batch more than there are threads: the next one is read meanwhile */
		if (batches.size() > pool.slots()) {
			finish();
			batches.push_back(std::move(batches.front()));
			batches.pop_front();
		} else {
			batches.emplace_back();
			batches.back().buffer.resize(std::min<std::uint64_t>(BATCH_SIZE, shape.image_size()));
		}

		Digest_batch &batch = batches.back();
		std::size_t const size =
			std::min<std::uint64_t>(batch.buffer.size(), shape.image_size() - at);
		std::span<std::byte const> const in = reader(at, { batch.buffer.data(), size });
		std::uint64_t const first = shape.piece_of(at);
		batch.end = at + size;
		batch.done = pool.submit([this, &shape, in, first](unsigned) {
			std::uint64_t n = first;
			for (std::size_t used = 0; used < in.size(); n++) {
				std::size_t const piece = shape.piece_size(n);
				digest(in.subspan(used, piece), &bytes[n * Signature_tree::DIGEST_SIZE]);
				used += piece;
			}
		});
		at += size;
	}
	for (; !batches.empty(); batches.pop_front()) finish();

	build_levels(shape, *this);
}

}
