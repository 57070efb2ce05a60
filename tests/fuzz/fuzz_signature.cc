/*
 * Any bytes as a signed file, read through core's gate
 *
 * What comes through is what stands in the file, and lies in what was signed; a piece or digest
 * that was not signed comes through never. The first byte: 1, the checksum of the block is made to
 * match; 2, the tree is made of the file's bytes as well: the attacker who has the key; 4, a label
 * is demanded.
 */

#include <cstdint>
#include <vector>

#include "capimg/sha256.h"
#include "libimage/core/checksum.h"
#include "libimage/core/signed_source.h"
#include "tests/support/engine_source.h"
#include "tests/support/reseal.h"

using namespace Capimg;
using namespace Capimg::Test;

namespace
{

void require(bool condition)
{
	if (!condition) __builtin_trap();
}

/* the signature itself is libsodium's matter: here the first byte says whether it is valid */
struct Key final : Trusted_key
{
	bool valid(Const_bytes, Const_bytes signature) const override { return !(signature.u8(0) & 1); }
};

constexpr std::size_t DIGEST_AT = 440, ROOT_AT = 40, LABEL_AT = 136;

void sha256(Const_bytes bytes, std::byte *out)
{
	Engine::Plain_sha256 hash;
	hash.update(bytes);
	Capimg::uint8_t digest[32];
	hash.finish(digest);
	for (std::size_t i = 0; i < 32; i++) out[i] = std::byte(digest[i]);
}

/* digests of pieces, of blocks of digests, and the root */
void fix_tree(std::vector<std::byte> &file, std::size_t base)
{
	std::uint64_t const size = get(file, base + 16, 8);
	std::uint8_t const log2 = std::uint8_t(get(file, base + 13, 1));
	if (!size || size > base || log2 < Signature::MIN_PIECE_LOG2 ||
		log2 > Signature::MAX_PIECE_LOG2)
		return;
	Signature_tree const tree(size, log2);
	if (tree.size() != base - size) return;

	for (std::uint64_t n = 0; n < tree.count(0); n++)
		sha256({ file.data() + tree.piece_offset(n), tree.piece_size(n) },
			   file.data() + size + n * 32);
	for (unsigned level = 0; level < tree.levels(); level++)
		for (std::uint64_t n = 0; n < tree.blocks(level); n++) {
			bool const top = level + 1 == tree.levels();
			std::byte *const out =
				top ? file.data() + base + ROOT_AT
					: file.data() + size + tree.block_offset(level + 1, 0) + n * 32;
			sha256({ file.data() + size + tree.block_offset(level, n), tree.block_size(level, n) },
				   out);
		}
}

/* everything, in reads of several sizes; then the ends, and beyond them */
void read_all(Source &source, std::vector<std::byte> const &file, bool every_byte)
{
	static constexpr std::size_t SIZES[] { 7, 4096, 100000 };
	std::uint64_t const size = source.size();
	require(size <= file.size());

	for (std::size_t const wanted : SIZES)
		for (std::uint64_t at = 0; at < size; at += wanted) {
			if (wanted == SIZES[0] && at > 4096) break;
			Exact_bytes const out(std::min<std::uint64_t>(wanted, size - at));
			Status const status = source.read(at, out.bytes());
			require(!every_byte || !status);
			if (!status)
				require(Const_bytes(out.bytes()) ==
						Const_bytes(file.data() + at, out.bytes().size()));
		}
	Exact_bytes const more(16);
	require(bool(source.read(size, more.bytes())));
	require(bool(source.read(~Capimg::uint64_t(0) - 8, more.bytes())));
}

}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size)
{
	if (!size || size > 1 << 20) return 0;

	auto const *const begin = reinterpret_cast<std::byte const *>(data);
	std::vector<std::byte> file(begin + 1, begin + size);
	bool const has_block = file.size() >= Signature::SIZE;
	std::size_t const base = has_block ? file.size() - Signature::SIZE : 0;
	if ((data[0] & 2) && has_block) fix_tree(file, base);
	if ((data[0] & 1) && has_block)
		put(file, base + DIGEST_AT, 8, checksum({ file.data() + base, DIGEST_AT }));

	Memory_source source(file);
	Engine::Plain_sha256 hash;
	Exact_bytes const work(Signed_source::work_size(Signature::MAX_PIECE_LOG2));
	Trust_policy policy;
	if ((data[0] & 4) && has_block)
		policy.label = Const_bytes(file.data() + base + LABEL_AT, get(file, base + 14, 1));

	Signed_source gate(source, hash, work.bytes());
	Status const status = gate.open(Key(), policy);
	require(status ? !gate.size() && !gate.opened() : gate.opened());
	if (!status) {
		require(gate.size() + Signature::SIZE < gate.file_size());
		read_all(gate, file, data[0] & 2);
	}

	Bare_source bare(source);
	if (!bare.open()) read_all(bare, file, true);
	return 0;
}
