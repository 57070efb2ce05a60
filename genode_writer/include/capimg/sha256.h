/*
 * SHA-256 (FIPS 180-4) for systems that bring none
 *
 * State digests need it on every target; Genode's base has no implementation. About a third as
 * fast as libsodium's, for manifests and directories only. Tested against libsodium.
 */

#ifndef CAPIMG__ENGINE__SHA256_H
#define CAPIMG__ENGINE__SHA256_H

#include "libimage/core/state.h"

namespace Capimg::Engine
{

class Plain_sha256 final : public Sha256
{
	static constexpr size_t BLOCK = 64;

	uint32_t _state[8] {};
	uint8_t _rest[BLOCK] {}; /* bytes of an incomplete block */
	uint64_t _size = 0;      /* bytes so far */

	void _begin();
	void _block(uint8_t const *);

  public:
	Plain_sha256() { _begin(); }

	void update(Const_bytes) override;
	void finish(uint8_t (&digest)[State_digest::SIZE]) override;
};

}

#endif /* CAPIMG__ENGINE__SHA256_H */
