/*
 * State digest: what was captured, independent of how it is stored
 *
 * SHA-256 over a header of 48 bytes, the bytes of the manifest section, and the content
 * digest of each chunk in order, 8 bytes each. Definition: docs/FORMAT.md, "State digest".
 */

#ifndef CAPIMG__CORE__STATE_H
#define CAPIMG__CORE__STATE_H

#include "block_index.h"
#include "head.h"
#include "trailer.h"

namespace Capimg
{

/* SHA-256, which the caller brings: libsodium on the host */
class Sha256 : Noncopyable
{
  protected:
	~Sha256() = default;

  public:
	virtual void update(Const_bytes) = 0;

	/* the object is fresh again afterwards */
	virtual void finish(uint8_t (&digest)[State_digest::SIZE]) = 0;
};

/* 'hash' is fresh, and will be so again */
State_digest compute_state(Head const &, Const_bytes manifest, Directory const &, Sha256 &hash);

}

#endif /* CAPIMG__CORE__STATE_H */
