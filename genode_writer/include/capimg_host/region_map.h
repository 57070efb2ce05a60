/*
 * A region map of the component, interposed
 *
 * There is no RPC to list regions, so all attachments are seen and remembered. What the runtime's
 * own code attaches while it prepares the component comes through the same functions.
 */

#ifndef CAPIMG__HOST__REGION_MAP_H
#define CAPIMG__HOST__REGION_MAP_H

#include <base/rpc_client.h>
#include <base/rpc_server.h>
#include <region_map/region_map.h>

#include <capimg_host/dataspace.h>

namespace Capimg::Host
{

class Hosted_region_map : public Rpc_object<Region_map>, public Hosted_object
{
  public:
	struct Region : Genode::Avl_node<Region>
	{
		addr_t const start;
		Genode::size_t const size;
		addr_t const offset;
		Hosted_dataspace &dataspace;
		bool const writeable, executable;

		Region(addr_t start, Genode::size_t size, addr_t offset, Hosted_dataspace &dataspace,
			   bool writeable, bool executable)
			: start(start),
			  size(size),
			  offset(offset),
			  dataspace(dataspace),
			  writeable(writeable),
			  executable(executable)
		{}

		bool higher(Region *other) { return other->start > start; }
		addr_t last() const { return start + (size - 1); }
	};

  private:
	Entrypoint &_ep;
	Allocator &_alloc;
	Env::Local_rm &_rm;
	Hosted_objects &_objects;
	Genode::Avl_tree<Region> _regions {};
	uint32_t _count = 0;
	Hosted_dataspace *_managed = nullptr;

	/* Noncopyable */
	Hosted_region_map(Hosted_region_map const &);
	Hosted_region_map &operator=(Hosted_region_map const &);

	Region *_overlapping(addr_t start, addr_t last) const;
	void _forget(Region &);

  public:
	Capability<Region_map> const real;
	uint64_t const map_size; /* 0 for those of a PD */

	Signal_context_capability handler {};

	/* attachments of who prepares a component are not to reach its address space */
	bool discard = false;

	Hosted_region_map(Entrypoint &, Allocator &, Env::Local_rm &, Hosted_objects &,
					  Capability<Region_map> real, uint64_t size);
	~Hosted_region_map();

	/*
	 * With the registry's lock held
	 */

	Region const *at(addr_t) const;

	/* the one that contains 'addr', or the first behind it */
	Region const *from(addr_t addr) const;

	uint32_t regions() const { return _count; }

	template <typename FN>
	void for_each_region(FN const &fn) const
	{
		_regions.for_each([&](Region const &region) { fn(region); });
	}

	/* the dataspace goes away, and core detaches it everywhere */
	void forget(Hosted_dataspace const &);

	/* its managed dataspace, if somebody has asked for it */
	Hosted_dataspace const *managed() const { return _managed; }

	void describe(Writer const &, Hosted_objects const &, uint64_t) const override;

	/*
	 * Region_map interface
	 */
	Attach_result attach(Dataspace_capability, Attr const &) override;
	void detach(addr_t) override;
	void fault_handler(Signal_context_capability) override;
	Fault fault() override { return real.call<Rpc_fault>(); }
	Dataspace_capability dataspace() override;
};

/* core frees the dataspace: it is detached everywhere, and gone */
void release_dataspace(Hosted_objects &, Hosted_dataspace &);

}

#endif /* CAPIMG__HOST__REGION_MAP_H */
