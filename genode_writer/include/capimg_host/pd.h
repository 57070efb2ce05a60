/*
 * The component's PD session, interposed
 */

#ifndef CAPIMG__HOST__PD_H
#define CAPIMG__HOST__PD_H

#include <pd_session/connection.h>

#include <capimg_host/account.h>
#include <capimg_host/kernel.h>
#include <capimg_host/region_map.h>
#include <capimg_host/session.h>
#include <capimg_host/signals.h>

namespace Capimg::Host
{

class Hosted_pd : public Rpc_object<Pd_session>, public Hosted_session, public Account
{
  public:
	static constexpr unsigned MAX_THREADS = 128; /* a PD has at most, on foc */

  private:
	Entrypoint &_ep;
	Allocator &_alloc;
	Env::Local_rm &_rm;
	Hosted_objects &_objects;

	/* in this order: a map that contains others has a lower id than these */
	Hosted_region_map &_address_space, &_stack_area, &_linker_area;
	Hosted_capability &_native;

	bool _slots[MAX_THREADS] {};
	uint64_t _ram_order = 0, _cap_order = 0;

	/* first RAM that is allocated: the writeable segment of the dynamic linker */
	Hosted_dataspace *_first_ram = nullptr;
	addr_t _parent_word = 0; /* of a restored component, whose image says so */

	/* Noncopyable */
	Hosted_pd(Hosted_pd const &);
	Hosted_pd &operator=(Hosted_pd const &);

	Hosted_region_map &_new_map(Capability<Region_map>);
	Hosted_capability &_new_capability(Untyped_capability const &);
	Capability<Pd_account> _real_account(Capability<Pd_account> account)
	{
		return Account::real_of(_ep, account);
	}

  public:
	/* who is told which parent the component has, and may give it another one */
	struct Parent_policy : Interface
	{
		virtual Capability<Parent> interpose_parent(Capability<Parent>) = 0;
	};

  private:
	Parent_policy &_parent_policy;
	Kernel const _kernel;

	void _look_up_semaphore(Hosted_signal_source &);

  public:
	Capability<Parent> parent {};

	Hosted_pd(Entrypoint &, Allocator &, Env::Local_rm &, Hosted_objects &, Parent_policy &,
			  Capability<Pd_session> real, Session_info const &, Kernel);
	~Hosted_pd();

	Capability<Pd_session> real_pd() const { return reinterpret_cap_cast<Pd_session>(real); }

	Hosted_region_map &address_space_map() { return _address_space; }
	Hosted_region_map &stack_area_map() { return _stack_area; }
	Hosted_region_map &linker_area_map() { return _linker_area; }
	Hosted_capability &native() { return _native; }

	/* of threads, as core numbers them */
	unsigned take_slot();
	void free_slot(unsigned slot)
	{
		if (slot < MAX_THREADS) _slots[slot] = false;
	}

	/* the linker's data begins with the raw capability of its parent, which is another one */
	void write_parent_word();

	/* address of that word, 0 if it is not known */
	addr_t parent_word() const;

	/*
	 * Restore: what the sandbox loads is to be dropped, then the address space is the image's
	 */
	void begin_restore() { _address_space.discard = true; }
	void drop_loaded();
	void restored_parent_word(addr_t addr) { _parent_word = addr; }

	/* numbers of allocations go on behind those of the image */
	void restored_ram(Hosted_dataspace &ds, uint64_t order)
	{
		ds.order = order;
		_ram_order = max(_ram_order, order + 1);
	}
	void restored_cap(uint64_t order) { _cap_order = max(_cap_order, order + 1); }

	/* a dangling capability that the component has given up */
	void forget(Hosted_rpc_cap &);

	/* core's queue of signals: emptied into 'pending', and back */
	void drain(Hosted_signal_source &);

	void describe(Writer const &, Hosted_objects const &, uint64_t) const override;

	/* Account */
	Capability<Pd_account> real_account() const override { return real_pd(); }

	/*
	 * Pd_account interface
	 */
	Transfer_result transfer_quota(Capability<Pd_account>, Cap_quota) override;
	Transfer_result transfer_quota(Capability<Pd_account>, Ram_quota) override;

	/*
	 * Pd_session interface
	 */
	void assign_parent(Capability<Parent>) override;
	bool assign_pci(addr_t, Genode::uint16_t) override { return false; }
	Map_result map(Virt_range range) override { return real_pd().call<Rpc_map>(range); }
	Alloc_ram_result alloc_ram(Genode::size_t, Cache = CACHED) override;
	void free_ram(Ram_dataspace_capability) override;
	Genode::size_t ram_size(Ram_dataspace_capability ds) override
	{
		return real_pd().call<Rpc_ram_size>(ds);
	}
	Signal_source_result signal_source() override;
	void free_signal_source(Capability<Signal_source>) override;
	Alloc_context_result alloc_context(Capability<Signal_source>, Imprint) override;
	void free_context(Signal_context_capability) override;
	void submit(Signal_context_capability cap, unsigned count) override
	{
		real_pd().call<Rpc_submit>(cap, count);
	}
	Alloc_rpc_cap_result alloc_rpc_cap(Native_capability) override;
	void free_rpc_cap(Native_capability) override;
	Capability<Region_map> address_space() override { return _address_space.cap(); }
	Capability<Region_map> stack_area() override { return _stack_area.cap(); }
	Capability<Region_map> linker_area() override { return _linker_area.cap(); }
	Ref_account_result ref_account(Capability<Pd_account>) override;
	Cap_quota cap_quota() const override { return real_pd().call<Rpc_cap_quota>(); }
	Cap_quota used_caps() const override { return real_pd().call<Rpc_used_caps>(); }
	Ram_quota ram_quota() const override { return real_pd().call<Rpc_ram_quota>(); }
	Ram_quota used_ram() const override { return real_pd().call<Rpc_used_ram>(); }
	Capability<Native_pd> native_pd() override
	{
		return reinterpret_cap_cast<Native_pd>(_native.capability);
	}
	Capability<System_control> system_control_cap(Affinity::Location const l) override
	{
		return real_pd().call<Rpc_system_control_cap>(l);
	}
	addr_t dma_addr(Ram_dataspace_capability ds) override
	{
		return real_pd().call<Rpc_dma_addr>(ds);
	}
	Attach_dma_result attach_dma(Dataspace_capability ds, addr_t at) override
	{
		return real_pd().call<Rpc_attach_dma>(ds, at);
	}
};

}

#endif /* CAPIMG__HOST__PD_H */
