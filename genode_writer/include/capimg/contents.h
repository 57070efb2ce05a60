/*
 * Contents of dataspaces, by the ids of their objects
 */

#ifndef CAPIMG__ENGINE__CONTENTS_H
#define CAPIMG__ENGINE__CONTENTS_H

#include "libimage/core/memory.h"

namespace Capimg::Engine
{

/* of an image (chain_contents.h), or of the target; ranges lie within stored dataspaces */
class Contents : Noncopyable
{
  protected:
	~Contents() = default;

  public:
	/* ABSENT with 'offset' the offset in the dataspace of the first byte that is not known */
	virtual Status read(uint32_t dataspace, uint64_t offset, Bytes dst) = 0;
	virtual Status write(uint32_t dataspace, uint64_t offset, Const_bytes src) = 0;

	/* as 'Memory::peek': valid until the next call of any function */
	virtual Const_bytes peek(uint32_t, uint64_t, size_t) { return {}; }

	/*
	 * First known bytes of [offset, end), which is not empty; or NOT_FOUND
	 *
	 * 'addr' of the result is an offset. More may follow.
	 */
	virtual Result<Extent> known(uint32_t, uint64_t offset, uint64_t end)
	{
		return Extent { offset, end - offset };
	}
};

}

#endif /* CAPIMG__ENGINE__CONTENTS_H */
