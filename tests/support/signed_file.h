/*
 * Signed files for tests, made with code of their own: a key pair, a tree, a signature block
 */

#ifndef CAPIMG__TESTS__SUPPORT__SIGNED_FILE_H
#define CAPIMG__TESTS__SUPPORT__SIGNED_FILE_H

#include <cstring>
#include <sodium.h>
#include <vector>

#include "libimage/core/signature.h"
#include "libimage/image.h"

namespace Capimg::Test
{

/* made from one byte, so that it is the same in each run */
class Test_key final : public Trusted_key
{
	unsigned char _secret[crypto_sign_SECRETKEYBYTES];

  public:
	std::uint8_t value[crypto_sign_PUBLICKEYBYTES];

	explicit Test_key(unsigned char seed_byte = 1)
	{
		unsigned char seed[crypto_sign_SEEDBYTES];
		std::memset(seed, seed_byte, sizeof(seed));
		crypto_sign_seed_keypair(value, _secret, seed);
	}

	void sign(Const_bytes message, std::uint8_t *out) const
	{
		crypto_sign_detached(out, nullptr, message.base(), message.size(), _secret);
	}

	bool valid(Const_bytes message, Const_bytes signature) const override
	{
		return !crypto_sign_verify_detached(signature.base(), message.base(), message.size(),
											value);
	}
};

using File_bytes = std::vector<std::byte>;

/* digests of 'size' bytes each, the last one of the rest */
inline File_bytes digests_of(std::byte const *bytes, std::size_t count, std::size_t size)
{
	File_bytes out;
	for (std::size_t at = 0; at < count; at += size) {
		unsigned char digest[32];
		crypto_hash_sha256(digest, reinterpret_cast<unsigned char const *>(bytes) + at,
						   std::min(size, count - at));
		auto const *const from = reinterpret_cast<std::byte const *>(digest);
		out.insert(out.end(), from, from + 32);
	}
	return out;
}

/* 'image' with a tree and a block that says what 'terms' does, but for what follows from bytes */
inline File_bytes signed_file(File_bytes image, Signature terms, Test_key const &key)
{
	std::size_t const size = image.size();
	terms.image_size = size;
	std::memcpy(terms.key, key.value, sizeof(terms.key));

	File_bytes level = digests_of(image.data(), size, std::size_t(1) << terms.piece_log2);
	for (;;) {
		image.insert(image.end(), level.begin(), level.end());
		File_bytes const above = digests_of(level.data(), level.size(), 4096);
		if (above.size() == 32) {
			std::memcpy(terms.root, above.data(), 32);
			break;
		}
		level = above;
	}

	std::uint8_t block[Signature::SIZE];
	EXPECT_FALSE(terms.encode({ block, sizeof(block) }));
	key.sign({ block, Signature::SIGNED_SIZE }, terms.value);
	EXPECT_FALSE(terms.encode({ block, sizeof(block) }));
	auto const *const from = reinterpret_cast<std::byte const *>(block);
	image.insert(image.end(), from, from + sizeof(block));
	return image;
}

/* what the image says of itself */
inline Signature terms_of(Image const &image, std::uint64_t counter)
{
	Signature terms;
	std::string const label = image.manifest().getLabel();
	EXPECT_FALSE(terms.set_label({ label.data(), label.size() }));
	terms.sequence = image.manifest().getSequence();
	terms.counter = counter;
	terms.state = image.trailer().state;
	return terms;
}

}

#endif /* CAPIMG__TESTS__SUPPORT__SIGNED_FILE_H */
