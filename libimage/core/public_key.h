/*
 * A public key as text, as 'capimg keygen' and OpenSSL write it
 *
 * PEM of an Ed25519 key's SubjectPublicKeyInfo (RFC 7468, RFC 8410), for who has no library that
 * reads it. Accepts what libimage's 'Public_key' accepts, but no NUL.
 */

#ifndef CAPIMG__CORE__PUBLIC_KEY_H
#define CAPIMG__CORE__PUBLIC_KEY_H

#include "signature.h"

namespace Capimg
{

struct Key_bytes
{
	uint8_t value[Signature::KEY_SIZE] {};

	/* longest text that is looked at */
	static constexpr size_t MAX_TEXT = 4096;
};

/* the first public key in 'text': INVALID "key" if there is none, LIMIT above MAX_TEXT */
Result<Key_bytes> read_public_key(Const_bytes text);

}

#endif /* CAPIMG__CORE__PUBLIC_KEY_H */
