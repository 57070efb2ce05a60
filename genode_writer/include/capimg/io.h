/*
 * Where an image goes to and comes from
 *
 * On Genode files, ROM modules or a terminal stand behind these; a call may block. Errors are
 * values; IO where the device failed, with the offset in the image.
 */

#ifndef CAPIMG__ENGINE__IO_H
#define CAPIMG__ENGINE__IO_H

#include "libimage/core/bytes.h"
#include "libimage/core/source.h"

namespace Capimg::Engine
{

/* append-only: what was appended is never looked at again */
class Sink : Noncopyable
{
  protected:
	~Sink() = default;

  public:
	/* all of it or an error; NO_SPACE if the medium is full */
	virtual Status append(Const_bytes) = 0;

	/*
	 * Where the next 'size' bytes will stand, if that is memory; else none
	 *
	 * The caller may write there, and then appends these very bytes: there is nothing to copy.
	 * Valid until the next call of any function.
	 */
	virtual Bytes space(size_t) { return {}; }
};

using Capimg::Source;

}

#endif /* CAPIMG__ENGINE__IO_H */
