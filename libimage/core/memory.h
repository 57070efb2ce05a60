/*
 * Captured memory of a component, by virtual address
 *
 * The one view that finding, reading and checking of capability maps needs. Implemented over
 * an image's address space, over an ELF core, and over live memory on the target. An
 * implementation says itself whether it may be used from several threads.
 */

#ifndef CAPIMG__CORE__MEMORY_H
#define CAPIMG__CORE__MEMORY_H

#include "bytes.h"

namespace Capimg
{

/* a range of addresses whose bytes are known; 'size' is never 0, and it never wraps around */
struct Extent
{
	uint64_t addr = 0;
	uint64_t size = 0;

	uint64_t last() const { return addr + (size - 1); }
};

class Memory : Noncopyable
{
  protected:
	~Memory() = default;

  public:
	/*
	 * Copy the bytes at [addr, addr + dst.size()) to 'dst'
	 *
	 * All or nothing as far as the result says: on an error 'dst' holds garbage.
	 * ABSENT with the first address that is not known. Reading across extents that
	 * touch each other works.
	 */
	virtual Status read(uint64_t addr, Bytes dst) const = 0;

	/*
	 * First extent that reaches beyond 'addr', or NOT_FOUND
	 *
	 * Extents are disjoint and come in ascending order; extents that touch may be
	 * reported as one or as several. If 'addr' lies inside of an extent, the part from
	 * 'addr' on is returned.
	 */
	virtual Result<Extent> extent_from(uint64_t addr) const = 0;

	/*
	 * Direct access to known bytes from 'addr' on, or empty bytes where there is none
	 *
	 * Returns at least 1 and at most 'size' bytes. Valid until the next call of any
	 * function of this object. Only a shortcut: 'read' gives the same bytes.
	 */
	virtual Const_bytes peek(uint64_t, size_t) const { return {}; }
};

/* memory that can be changed as well: a copy on the host, the target's own on the target */
class Writable_memory : public Memory
{
  protected:
	~Writable_memory() = default;

  public:
	/*
	 * Replace the bytes at [addr, addr + src.size()), all of which must be known
	 *
	 * ABSENT with the first address that is not; whatever was written before stays written: the
	 * caller gives up the copy as a whole. Bytes from 'peek' are no longer valid.
	 */
	virtual Status write(uint64_t addr, Const_bytes src) = 0;
};

}

#endif /* CAPIMG__CORE__MEMORY_H */
