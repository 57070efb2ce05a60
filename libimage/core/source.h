/*
 * Where bytes of a file come from, for code that cannot map it
 */

#ifndef CAPIMG__CORE__SOURCE_H
#define CAPIMG__CORE__SOURCE_H

#include "bytes.h"

namespace Capimg
{

/*
 * Random access; may give other bytes at each read of one place: nothing read is trusted
 *
 * Errors are values; IO where the device failed. A call may block.
 */
class Source : Noncopyable
{
  protected:
	~Source() = default;

  public:
	virtual uint64_t size() const = 0;

	/* fill 'dst' from 'offset' on; TRUNCATED beyond the end */
	virtual Status read(uint64_t offset, Bytes dst) = 0;

	/*
	 * These bytes where they lie, if that is memory (ROM modules); else none
	 *
	 * Stays valid. Who else writes to that memory may change them at any time, so they are
	 * checked while they are copied, and not interpreted in place.
	 */
	virtual Const_bytes view(uint64_t, size_t) { return {}; }
};

}

#endif /* CAPIMG__CORE__SOURCE_H */
