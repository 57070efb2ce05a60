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
};

}

#endif /* CAPIMG__CORE__SOURCE_H */
