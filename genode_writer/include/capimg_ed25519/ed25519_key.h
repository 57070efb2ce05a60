/*
 * The public key that images must be signed with
 *
 * Verified by libsodium, as on the host: what one accepts, the other does.
 */

#ifndef CAPIMG__ED25519__ED25519_KEY_H
#define CAPIMG__ED25519__ED25519_KEY_H

#include "libimage/core/public_key.h"

namespace Capimg
{

class Ed25519_key : public Trusted_key
{
	Key_bytes const _key;

  public:
	explicit Ed25519_key(Key_bytes const &key) : _key(key) {}
	virtual ~Ed25519_key() = default; /* as Genode's 'Constructible' wants it */

	Key_bytes const &bytes() const { return _key; }

	/* Trusted_key */
	bool valid(Const_bytes message, Const_bytes signature) const override;
};

}

#endif /* CAPIMG__ED25519__ED25519_KEY_H */
