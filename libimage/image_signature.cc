#include "image_signature.h"

#include <algorithm>

#include "image_error.h"
#include "piece_digests.h"

namespace Capimg
{

static Const_bytes end_of(Mapped_file const &file)
{
	Const_bytes const all = file.core_bytes();
	std::size_t const size = std::min(all.size(), Signature::SIZE);
	return { all.base() + all.size() - size, size };
}

std::optional<Signature> signature_of(Mapped_file const &file)
{
	Result<Signature> const signature = Signature::decode(end_of(file), file.size());
	if (signature.error().code == Code::NOT_SIGNED) return {};
	return value_or_throw(signature, file.path());
}

Signature_terms Signature_terms::of(Schema::Manifest::Reader const &manifest,
									State_digest const &state, std::uint64_t counter)
{
	return { manifest.getLabel().cStr(), manifest.getSequence(), counter, state };
}

std::vector<std::byte> encode_signature(Digest_tree const &tree, std::uint64_t size,
										Signature_terms const &terms, Secret_key const &key,
										Signature &signature)
{
	signature = {};
	throw_if(signature.set_label({ terms.label.data(), terms.label.size() }));
	signature.image_size = size;
	signature.sequence = terms.sequence;
	signature.counter = terms.counter;
	signature.state = terms.state;
	std::ranges::copy(key.public_value(), signature.key);
	std::ranges::copy(tree.root, signature.root);

	std::vector<std::byte> result = tree.bytes;
	result.resize(result.size() + Signature::SIZE);
	Bytes const block(result.data() + tree.bytes.size(), Signature::SIZE);
	throw_if(signature.encode(block));
	key.sign(Signature::signed_part(Const_bytes(block.base(), block.size())), signature.value);
	throw_if(signature.encode(block));
	return result;
}

Signature append_signature(Sink &sink, std::uint64_t size, Signature_terms const &terms,
						   Secret_key const &key, unsigned threads)
{
	Signature signature;
	Digest_tree const tree(
		Signature_tree(size, signature.piece_log2),
		[&](std::uint64_t offset, std::span<std::byte> buffer) {
			sink.read_at(offset, buffer);
			return std::span<std::byte const>(buffer);
		},
		threads);
	std::vector<std::byte> const bytes = encode_signature(tree, size, terms, key, signature);
	std::span<std::byte const> const piece = bytes;
	sink.append({ &piece, 1 });
	return signature;
}

Signature sign(Image const &image, Sink &sink, Secret_key const &key, std::uint64_t counter,
			   unsigned threads)
{
	std::uint64_t const size = image.file().size();
	sink.copy(image.file(), 0, size);
	return append_signature(sink, size,
							Signature_terms::of(image.manifest(), image.trailer().state, counter),
							key, threads);
}

/* where the file differs first from what was signed */
static Error difference(Signature_tree const &shape, Digest_tree const &tree,
						std::span<std::byte const> stored, std::uint64_t image_size)
{
	auto const differs = std::ranges::mismatch(tree.bytes, stored).in1;
	std::uint64_t const at = std::uint64_t(differs - tree.bytes.begin());
	std::uint64_t const digests = shape.count(0) * Signature_tree::DIGEST_SIZE;

	if (at < digests) {
		std::uint64_t const piece = at / Signature_tree::DIGEST_SIZE;
		return { Code::TAMPERED, shape.piece_offset(piece), "signature.piece", piece };
	}
	return { Code::TAMPERED, image_size + std::min<std::uint64_t>(at, stored.size()),
			 "signature.tree" };
}

Signature check_signature(Mapped_file const &file, Public_key const *key,
						  Trust_policy const &policy, unsigned threads, Progress_sink *progress)
{
	Const_bytes const end = end_of(file);
	Signature signature;
	if (key) {
		signature =
			value_or_throw(Signature::authenticate(end, file.size(), *key, policy), file.path());
	} else {
		signature = value_or_throw(Signature::decode(end, file.size()), file.path());
		Public_key::Value named;
		std::copy_n(signature.key, named.size(), named.begin());
		signature = value_or_throw(
			Signature::authenticate(end, file.size(), Public_key(named), policy), file.path());
	}

	auto const bytes = file.bytes();
	Signature_tree const shape(signature.image_size, signature.piece_log2);
	Digest_tree const tree(
		shape,
		[&](std::uint64_t offset, std::span<std::byte> buffer) {
			return bytes.subspan(offset, buffer.size());
		},
		threads, progress);

	auto const stored = bytes.subspan(signature.image_size, shape.size());
	bool const same =
		std::ranges::equal(tree.bytes, stored) && std::ranges::equal(tree.root, signature.root);
	if (!same)
		throw Image_error::from(difference(shape, tree, stored, signature.image_size), file.path());
	return signature;
}

}
