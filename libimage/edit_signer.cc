#include "edit_signer.h"

#include <algorithm>
#include <sodium/crypto_hash_sha256.h>

#include "image_error.h"
#include "piece_digests.h"

namespace Capimg
{

static constexpr std::size_t DIGEST = Signature_tree::DIGEST_SIZE;

static std::array<std::byte, DIGEST> digest_of(std::span<std::byte const> bytes)
{
	std::array<std::byte, DIGEST> result;
	crypto_hash_sha256(reinterpret_cast<unsigned char *>(result.data()),
					   reinterpret_cast<unsigned char const *>(bytes.data()), bytes.size());
	return result;
}

/* those of the pieces, as they were signed; empty if the image is not signed */
std::span<std::byte const> Edit_signer::_former_digests(Image const &image,
														Mapped_file const &whole) const
{
	if (!image.signature()) return {};

	auto const bytes = whole.bytes();
	auto const end = bytes.last(Signature::SIZE);
	bool const trusted = std::ranges::any_of(_trusted, [&](Public_key const &key) {
		return !Signature::authenticate({ end.data(), end.size() }, bytes.size(), key, {}).failed();
	});
	if (!trusted)
		throw Image_error({ image.path(),
							Code::WRONG_SIGNATURE,
							{},
							"signature",
							error_text(Code::WRONG_SIGNATURE),
							"what is signed here would vouch for it: name the source's key with "
							"'--trust' if you do" });

	Signature const &signature = *image.signature();
	Signature_tree const shape(signature.image_size, signature.piece_log2);
	auto const stored = bytes.subspan(signature.image_size, shape.size());
	auto const digests = stored.first(shape.count(0) * DIGEST);
	Digest_tree const tree(shape, digests);
	if (!std::ranges::equal(tree.bytes, stored) || !std::ranges::equal(tree.root, signature.root))
		throw_if({ Code::TAMPERED, signature.image_size, "signature.tree" }, image.path());
	return digests;
}

std::vector<std::byte> Edit_signer::sign(Image const &image, Mapped_file const &whole,
										 Changed_pages const &pages, State_digest const &state,
										 std::uint64_t size) const
{
	auto const terms = Signature_terms::of(image.manifest(), state, _counter);
	auto const former = _former_digests(image, whole);
	Signature signature;
	Signature_tree const shape(size, signature.piece_log2);

	bool const same_pieces =
		!former.empty() && image.signature()->piece_log2 == signature.piece_log2;
	if (!same_pieces) {
		Digest_tree const tree(
			shape,
			[&](std::uint64_t offset, std::span<std::byte> buffer) {
				pages.read(offset, buffer);
				return std::span<std::byte const>(buffer);
			},
			_threads);
		return encode_signature(tree, size, terms, _key, signature);
	}

	Signature_tree const old_shape(image.signature()->image_size, signature.piece_log2);
	std::vector<std::byte> digests(shape.count(0) * DIGEST), piece;
	for (std::uint64_t n = 0; n < shape.count(0); n++) {
		std::uint64_t const offset = shape.piece_offset(n);
		bool const was = n < old_shape.count(0);
		bool const stays = was && old_shape.piece_size(n) == shape.piece_size(n) &&
						   !pages.changed(offset, shape.piece_size(n));
		auto const old = was ? former.subspan(n * DIGEST, DIGEST) : former.first(0);
		auto const out = std::span(digests).subspan(n * DIGEST, DIGEST);
		if (stays) {
			std::ranges::copy(old, out.begin());
			continue;
		}
		if (was && !std::ranges::equal(
					   digest_of(whole.bytes().subspan(offset, old_shape.piece_size(n))), old))
			throw_if({ Code::TAMPERED, offset, "signature.piece", n }, image.path());
		piece.resize(shape.piece_size(n));
		pages.read(offset, piece);
		std::ranges::copy(digest_of(piece), out.begin());
	}
	return encode_signature(Digest_tree(shape, digests), size, terms, _key, signature);
}

}
