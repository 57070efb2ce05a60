/*
 * Memory by address as it was captured: RAM that was copied, and the regions of that moment
 *
 * The component runs on meanwhile, and may attach and detach what it likes.
 */

#ifndef CAPIMG__HOST__CAPTURED_MEMORY_H
#define CAPIMG__HOST__CAPTURED_MEMORY_H

#include <capimg_host/component_memory.h>

namespace Capimg::Host
{

class Captured_memory final : public Memory
{
	struct Piece
	{
		uint64_t addr, size;
		uint8_t const *bytes;

		uint64_t last() const { return addr + (size - 1); }
	};

	Allocator &_alloc;
	Piece *_pieces = nullptr; /* ascending, disjoint */
	uint32_t _count = 0, _capacity = 0;

	/* Noncopyable */
	Captured_memory(Captured_memory const &);
	Captured_memory &operator=(Captured_memory const &);

	Piece const *_from(uint64_t addr) const;

  public:
	explicit Captured_memory(Allocator &alloc) : _alloc(alloc) {}
	~Captured_memory() { clear(); }

	/*
	 * The registry's lock is held
	 *
	 * bytes  those of the copies, which outlive this, or null for what was not copied
	 */
	void take(Hosted_region_map const &, Hosted_objects const &, Dataspace_bytes const &bytes);
	void clear();

	Status read(uint64_t addr, Bytes dst) const override;
	Result<Extent> extent_from(uint64_t addr) const override;
	Const_bytes peek(uint64_t addr, Capimg::size_t size) const override;
};

}

#endif /* CAPIMG__HOST__CAPTURED_MEMORY_H */
