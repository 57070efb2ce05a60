/*
 * Copies of the component's RAM, taken while it is paused
 *
 * What changed since the capture that was kept last is told by digests of pages: the component
 * decides what its memory holds, so a checksum would not do.
 */

#ifndef CAPIMG__HOST__SNAPSHOT_H
#define CAPIMG__HOST__SNAPSHOT_H

#include <base/attached_ram_dataspace.h>

#include <capimg_host/captured_memory.h>
#include <libimage/core/state.h>

namespace Capimg::Host
{

class Snapshot : public Dataspace_bytes
{
  public:
	static constexpr uint32_t PAGE = 4096;

  private:
	struct Digest
	{
		uint8_t bytes[State_digest::SIZE];
		bool operator==(Digest const &) const = default;
	};

	/* of one dataspace, by its id: ids of objects are never used twice */
	struct Copy : Genode::Avl_node<Copy>
	{
		uint32_t const id;
		uint64_t const size;
		Constructible<Attached_ram_dataspace> bytes {};
		Constructible<Attached_ram_dataspace> kept {}; /* digests, of the capture kept last */
		bool seen = false;

		Copy(uint32_t id, uint64_t size) : id(id), size(size) {}
		bool higher(Copy *other) { return other->id > id; }

		uint64_t pages() const { return (size + PAGE - 1) / PAGE; }
	};

	Ram_allocator &_ram;
	Env::Local_rm &_rm;
	Allocator &_alloc;
	Genode::Avl_tree<Copy> _copies {};
	Captured_memory _memory;
	bool _captured = false;

	/* Noncopyable */
	Snapshot(Snapshot const &);
	Snapshot &operator=(Snapshot const &);

	Copy *_find(uint32_t id) const;
	Copy &_copy_for(uint32_t id, uint64_t size);
	Const_bytes _page(Copy const &, uint64_t page) const;
	Digest _digest(Copy const &, uint64_t page) const;
	void _free(Copy &);

  public:
	/* digests are needed for deltas only */
	bool keep_digests = false;

	Snapshot(Env &env, Allocator &alloc)
		: _ram(env.ram()), _rm(env.rm()), _alloc(alloc), _memory(alloc)
	{}
	~Snapshot();

	/* RAM of all dataspaces; what is needed for it is allocated here, unless 'prepare' did */
	Status capture(Hosted_objects const &, Hosted_region_map const &address_space);

	/* allocate while the component runs; what comes then, 'capture' sees to */
	Status prepare(Hosted_objects const &);

	/* the capture has ended */
	void done(bool keep);

	Result<Engine::Captured_run> run(uint32_t id, uint64_t offset);
	Result<Extent> changed(uint32_t id, uint64_t offset);

	/* bytes of RAM that are held for copies and digests */
	uint64_t used() const;

	/* by address */
	Memory const &memory() const { return _memory; }

	/* Dataspace_bytes: RAM as it was captured, nothing of all else */
	uint8_t const *bytes(Hosted_dataspace &) const override;
};

}

#endif /* CAPIMG__HOST__SNAPSHOT_H */
