#include <capimg_ed25519/ed25519_key.h>

#include <crypto_sign_ed25519.h>

static_assert(Capimg::Trusted_key::SIZE == crypto_sign_ed25519_BYTES);
static_assert(Capimg::Signature::KEY_SIZE == crypto_sign_ed25519_PUBLICKEYBYTES);

bool Capimg::Ed25519_key::valid(Const_bytes message, Const_bytes signature) const
{
	return signature.size() == SIZE &&
		   crypto_sign_ed25519_verify_detached(signature.base(), message.base(), message.size(),
											   _key.value) == 0;
}
