/*
 * SHA-256 for core, by libsodium
 */

#ifndef CAPIMG__SHA256_H
#define CAPIMG__SHA256_H

#include <sodium/crypto_hash_sha256.h>

#include "core/state.h"

namespace Capimg
{

class Sodium_sha256 final : public Sha256
{
	crypto_hash_sha256_state _state;

  public:
	Sodium_sha256() { crypto_hash_sha256_init(&_state); }

	void update(Const_bytes bytes) override
	{
		crypto_hash_sha256_update(&_state, bytes.base(), bytes.size());
	}

	void finish(Capimg::uint8_t (&digest)[State_digest::SIZE]) override
	{
		crypto_hash_sha256_final(&_state, digest);
		crypto_hash_sha256_init(&_state);
	}
};

}

#endif /* CAPIMG__SHA256_H */
