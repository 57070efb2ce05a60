/*
 * Captured memory of an ELF core: what its PT_LOADs have in the file
 *
 * Nothing beyond a segment's file size is known. May be used from several threads.
 */

#ifndef CAPIMG__CORE_MEMORY_H
#define CAPIMG__CORE_MEMORY_H

#include <vector>

#include "core/memory.h"
#include "elf_core.h"

namespace Capimg
{

class Core_memory final : public Memory
{
	struct Part
	{
		uint64_t address;
		Const_bytes bytes;
	};

	std::vector<Part> _parts {}; /* ascending, disjoint, not empty */

	/* first part that reaches beyond 'addr', or the end */
	std::vector<Part>::const_iterator _from(uint64_t addr) const;

  public:
	/* the core must outlive this object */
	explicit Core_memory(Elf_core const &);

	Status read(uint64_t addr, Bytes dst) const override;
	Result<Extent> extent_from(uint64_t addr) const override;
	Const_bytes peek(uint64_t addr, size_t size) const override;
};

}

#endif /* CAPIMG__CORE_MEMORY_H */
