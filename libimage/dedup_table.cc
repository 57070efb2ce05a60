#include "dedup_table.h"

#include <new>
#include <sys/mman.h>

namespace Capimg
{

Dedup_table::Dedup_table(std::uint8_t log2) : _mask(log2 ? (std::size_t(1) << log2) - 1 : 0)
{
	if (!log2) return;

	/* zero bytes are free slots: what is never used costs nothing */
	void *const base =
		::mmap(nullptr, _bytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (base == MAP_FAILED) throw std::bad_alloc();
	_slots = static_cast<Slot *>(base);

	/* slots are met in random order: with small pages, each one would be a TLB miss */
	(void)::madvise(base, _bytes(), MADV_HUGEPAGE);
}

Dedup_table::~Dedup_table()
{
	if (_slots) ::munmap(_slots, _bytes());
}

}
